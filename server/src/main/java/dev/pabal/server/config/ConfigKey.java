package dev.pabal.server.config;

import dev.pabal.server.StartException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The program's own config keys. Kafka's broker configs are not here: they are passed on to the broker under Kafka's names. */
public enum ConfigKey {
    DATA_DIR("data.dir", Type.TEXT, "./data", "Directory of the embedded store; made if it does not exist."),
    HOST(
            "host",
            Type.TEXT,
            "127.0.0.1",
            "Address that the listeners bind to; anything but loopback needs insecure=true."),
    ADVERTISED_HOST("advertised.host", Type.TEXT, "", "Host that clients are told to connect to; empty takes host."),
    INSECURE(
            "insecure",
            Type.BOOLEAN,
            "false",
            "Allows listeners on other addresses than loopback without authentication."),
    KAFKA_PORT("kafka.port", Type.PORT, "9092", "Port of the Kafka protocol; 0 takes any free one."),
    AMQP_PORT("amqp.port", Type.PORT, "5672", "Port of AMQP 0-9-1, RabbitMQ's protocol; 0 takes any free one."),
    SQS_PORT("sqs.port", Type.PORT, "9324", "Port of Amazon SQS; 0 takes any free one."),
    SQS_ACCOUNT(
            "sqs.account",
            Type.ACCOUNT,
            "000000000000",
            "Account of SQS requests that do not say another; its queues have no account in their names."),
    SQS_REGION(
            "sqs.region",
            Type.REGION,
            "us-east-1",
            "Region of SQS requests that are not signed for another; its queues have no region in their names."),
    SQS_KEYS(
            "sqs.keys",
            Type.TEXT,
            "",
            "Keys that SQS requests must be signed with: ID:SECRET,ID:SECRET; empty takes any, from loopback only."),
    SQS_KEYS_FILE(
            "sqs.keys.file",
            Type.TEXT,
            "",
            "File with a line ID:SECRET for each such key; better than sqs.keys, which others may see."),
    SQS_DELETE_WAIT_MS(
            "sqs.delete.wait.ms",
            Type.DURATION_MS,
            "60000",
            "Time in ms for which the name of a deleted SQS queue cannot be used again; Amazon's is 60000, 0 is at once."),
    HTTP_PORT(
            "http.port", Type.PORT, "9080", "Port of /health, /metrics and the management API; 0 takes any free one."),
    LOG_LEVEL("log.level", Type.LEVEL, "WARN", "Least severe level that is logged: ERROR, WARN, INFO, DEBUG or TRACE."),
    EVENT_LOOPS(
            "event.loops", Type.COUNT, "0", "Threads that serve connections and shards; 0 takes one for each core."),
    SHUTDOWN_TIMEOUT_MS(
            "shutdown.timeout.ms",
            Type.DURATION_MS,
            "10000",
            "Longest time in ms that a stop may take before the process ends.");

    /** What a value looks like. */
    enum Type {
        TEXT,
        BOOLEAN,
        PORT,
        LEVEL,
        COUNT,
        DURATION_MS,
        ACCOUNT,
        REGION
    }

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
    private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private final String key;
    private final Type type;
    private final String defaultValue;
    private final String meaning;

    ConfigKey(String key, Type type, String defaultValue, String meaning) {
        this.key = key;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    /** The name used in files, in {@code --set} and, in capitals with underscores, in the environment. */
    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }

    /**
     * The value in its normal form.
     *
     * @param origin where it was given, for the message
     * @throws StartException where it is not what the key takes
     */
    String normalise(String value, String origin) {
        String trimmed = value.strip();
        switch (type) {
            case BOOLEAN -> {
                if (trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")) {
                    return trimmed.toLowerCase(Locale.ROOT);
                }
                throw wrong(value, origin, "true or false");
            }
            case PORT -> requireNumber(trimmed, 65_535, value, origin, "a port from 0 to 65535");
            case COUNT -> requireNumber(trimmed, 1_024, value, origin, "a number from 0 to 1024");
            case DURATION_MS -> requireNumber(trimmed, 3_600_000, value, origin, "milliseconds from 0 to 3600000");
            case LEVEL -> {
                if (LEVELS.contains(trimmed.toUpperCase(Locale.ROOT))) {
                    return trimmed.toUpperCase(Locale.ROOT);
                }
                throw wrong(value, origin, "one of " + String.join(", ", LEVELS));
            }
            case ACCOUNT -> requireMatch(trimmed, ACCOUNT, value, origin, "an account of 12 digits");
            case REGION -> requireMatch(trimmed, REGION, value, origin, "a region such as us-east-1");
            case TEXT -> {
                if (trimmed.isEmpty() && !defaultValue.isEmpty()) {
                    throw wrong(value, origin, "a text that is not empty");
                }
            }
        }
        return trimmed;
    }

    private void requireMatch(String trimmed, Pattern pattern, String value, String origin, String takes) {
        if (!pattern.matcher(trimmed).matches()) {
            throw wrong(value, origin, takes);
        }
    }

    private void requireNumber(String trimmed, int max, String value, String origin, String takes) {
        try {
            int number = Integer.parseInt(trimmed);
            if (number >= 0 && number <= max) {
                return;
            }
        } catch (NumberFormatException e) {
            // told below, as for a number out of its bounds
        }
        throw wrong(value, origin, takes);
    }

    private StartException wrong(String value, String origin, String takes) {
        return new StartException(
                StartException.USAGE,
                "'" + value + "' is no value for " + key + " (from " + origin + "), which takes " + takes + ".");
    }
}
