package dev.pabal.server.config;

import dev.pabal.server.StartException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The values that hold for one start: defaults, then a file, the environment, {@code --set} and named options, each overriding the one
 * before. Immutable. Made by a {@link Builder}, which refuses what it does not know.
 */
public final class PabalConfig {
    private final Map<ConfigKey, String> own;
    private final Map<String, String> brokerConfigs;

    private PabalConfig(Map<ConfigKey, String> own, Map<String, String> brokerConfigs) {
        this.own = own;
        this.brokerConfigs = Map.copyOf(brokerConfigs);
    }

    /**
     * Starts from the defaults.
     *
     * @param brokerKeys Kafka's names of the broker configs that are taken beside the program's own keys
     */
    public static Builder builder(Collection<String> brokerKeys) {
        return new Builder(brokerKeys);
    }

    public Path dataDirectory() {
        return Path.of(text(ConfigKey.DATA_DIR));
    }

    public String host() {
        return text(ConfigKey.HOST);
    }

    /** Host that clients are told to connect to. */
    public String advertisedHost() {
        String advertised = text(ConfigKey.ADVERTISED_HOST);
        return advertised.isEmpty() ? host() : advertised;
    }

    public boolean insecure() {
        return Boolean.parseBoolean(text(ConfigKey.INSECURE));
    }

    /** 0 for any free port. */
    public int kafkaPort() {
        return number(ConfigKey.KAFKA_PORT);
    }

    /** 0 for any free port. */
    public int amqpPort() {
        return number(ConfigKey.AMQP_PORT);
    }

    /** 0 for any free port. */
    public int sqsPort() {
        return number(ConfigKey.SQS_PORT);
    }

    /** Account of SQS requests that do not say another: 12 digits. */
    public String sqsAccount() {
        return text(ConfigKey.SQS_ACCOUNT);
    }

    public String sqsRegion() {
        return text(ConfigKey.SQS_REGION);
    }

    /**
     * Secrets by access key id, from {@code sqs.keys} and the file that {@code sqs.keys.file} names; empty where there are none.
     *
     * @throws StartException where the file cannot be read, or a key is none
     */
    public Map<String, String> sqsKeys() {
        return SqsKeys.read(text(ConfigKey.SQS_KEYS), text(ConfigKey.SQS_KEYS_FILE));
    }

    /** How long the name of a deleted SQS queue rests. */
    public int sqsDeleteWaitMs() {
        return number(ConfigKey.SQS_DELETE_WAIT_MS);
    }

    /** 0 for any free port. */
    public int httpPort() {
        return number(ConfigKey.HTTP_PORT);
    }

    public String logLevel() {
        return text(ConfigKey.LOG_LEVEL);
    }

    /** Number of event loops, at least 1. */
    public int eventLoops() {
        int configured = number(ConfigKey.EVENT_LOOPS);
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    public int shutdownTimeoutMs() {
        return number(ConfigKey.SHUTDOWN_TIMEOUT_MS);
    }

    /** Static broker configs by Kafka's names, as given; the broker checks their values. */
    public Map<String, String> brokerConfigs() {
        return brokerConfigs;
    }

    private String text(ConfigKey key) {
        return own.getOrDefault(key, key.defaultValue());
    }

    private int number(ConfigKey key) {
        return Integer.parseInt(text(key));
    }

    /** Takes values in the order of their rank, the weakest first. Not thread-safe. */
    public static final class Builder {
        private final Map<String, ConfigKey> ownKeys = new HashMap<>();
        private final Set<String> brokerKeys;
        private final Map<ConfigKey, String> own = new EnumMap<>(ConfigKey.class);
        private final Map<String, String> brokerConfigs = new HashMap<>();

        private Builder(Collection<String> brokerKeys) {
            this.brokerKeys = new LinkedHashSet<>(brokerKeys);
            for (ConfigKey key : ConfigKey.values()) {
                ownKeys.put(key.key(), key);
            }
        }

        /** Sets one of the program's own keys. */
        public Builder set(ConfigKey key, String value) {
            own.put(key, key.normalise(value, "the program"));
            return this;
        }

        /**
         * Sets any key by its name.
         *
         * @param origin where it was given, for messages: a file's name, {@code --set}, an environment variable
         * @throws StartException where the key is unknown or the value is not what it takes
         */
        public Builder set(String key, String value, String origin) {
            ConfigKey ownKey = ownKeys.get(key);
            if (ownKey != null) {
                own.put(ownKey, ownKey.normalise(value, origin));
            } else if (brokerKeys.contains(key)) {
                brokerConfigs.put(key, value.strip());
            } else {
                throw unknown(key, origin);
            }
            return this;
        }

        /** Whether {@link #set(String, String, String)} knows the key. */
        boolean knows(String key) {
            return ownKeys.containsKey(key) || brokerKeys.contains(key);
        }

        public PabalConfig build() {
            return new PabalConfig(new EnumMap<>(withDefaults()), brokerConfigs);
        }

        private Map<ConfigKey, String> withDefaults() {
            Map<ConfigKey, String> all = new EnumMap<>(ConfigKey.class);
            for (ConfigKey key : ConfigKey.values()) {
                all.put(key, own.getOrDefault(key, key.defaultValue()));
            }
            return all;
        }

        private StartException unknown(String key, String origin) {
            Set<String> candidates = new LinkedHashSet<>(ownKeys.keySet());
            candidates.addAll(brokerKeys);
            String advice = NearestKey.of(key, candidates)
                    .map(nearest -> "did you mean '" + nearest + "'?")
                    .orElse("'./pabal start --help' lists the keys.");
            return new StartException(
                    StartException.USAGE, "Unknown config key '" + key + "' in " + origin + "; " + advice);
        }
    }
}
