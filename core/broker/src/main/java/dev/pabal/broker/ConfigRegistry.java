package dev.pabal.broker;

import dev.pabal.broker.ConfigDefinition.BrokerSynonym;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.log.Durability;
import dev.pabal.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Configs as they hold. Kafka's order: the topic's own, then the broker's dynamic ones (this broker's, then all brokers'), then the static ones
 * of the server's configuration, then the default; for each of the broker configs that stand behind a topic's, nearest first.
 */
final class ConfigRegistry implements Configs {
    private final Map<String, String> statics;
    private final Supplier<CatalogImage> catalog;
    private final String node;
    /** What holds for topics without configs of their own: most of them share it. */
    private volatile @Nullable Defaults defaults;

    /** The configs of topics without their own, while these dynamic ones hold. */
    private record Defaults(Map<String, String> ofNode, Map<String, String> ofAll, TopicConfig config) {}

    /**
     * @param statics of the server's configuration
     * @param catalog where the dynamic ones are
     * @throws BrokerException {@link Refusal#INVALID_CONFIG} where a static config is unknown or invalid
     */
    ConfigRegistry(Map<String, String> statics, Supplier<CatalogImage> catalog, int nodeId) {
        this.statics = statics;
        this.catalog = catalog;
        this.node = Integer.toString(nodeId);
        check(statics, BrokerConfigTable::find, "broker");
    }

    @Override
    public List<Entry> topicEntries(Topic topic) {
        CatalogImage image = catalog.get();
        List<Entry> entries = new ArrayList<>();
        for (ConfigDefinition definition : TopicConfigTable.all()) {
            entries.add(entry(definition, chain(definition, topic.configs(), Source.DYNAMIC_TOPIC, image)));
        }
        return entries;
    }

    @Override
    public List<Entry> groupEntries(String group) {
        CatalogImage image = catalog.get();
        List<Entry> entries = new ArrayList<>();
        for (ConfigDefinition definition : BrokerConfigTable.allGroup()) {
            entries.add(entry(definition, chain(definition, image.groupConfigs(group), Source.DYNAMIC_GROUP, image)));
        }
        return entries;
    }

    @Override
    public List<Entry> brokerEntries(String name) {
        CatalogImage image = catalog.get();
        List<Entry> entries = new ArrayList<>();
        for (ConfigDefinition definition : BrokerConfigTable.all()) {
            List<Synonym> chain = new ArrayList<>();
            if (name.isEmpty()) {
                String value = image.brokerConfigs("").get(definition.name());
                if (value == null) {
                    continue;
                }
                chain.add(new Synonym(definition.name(), value, Source.DYNAMIC_DEFAULT_BROKER));
            } else {
                brokerChain(definition, image, chain);
            }
            entries.add(entry(definition, chain));
        }
        return entries;
    }

    private static Entry entry(ConfigDefinition definition, List<Synonym> chain) {
        Synonym holds = chain.isEmpty() ? null : chain.get(0);
        boolean rescaled = holds != null
                && definition.synonyms().stream().anyMatch(s -> s.name().equals(holds.name()) && s.factor() != 1);
        String value = holds == null ? definition.defaultValue() : holds.value();
        if (holds != null && value != null && rescaled) {
            value = rescale(definition, holds);
        }
        return new Entry(
                definition.name(),
                value,
                holds == null ? Source.DEFAULT : holds.source(),
                definition.type(),
                !definition.dynamic(),
                definition.type() == Type.PASSWORD,
                definition.documentation(),
                chain);
    }

    private static String rescale(ConfigDefinition definition, Synonym holds) {
        for (BrokerSynonym synonym : definition.synonyms()) {
            if (synonym.name().equals(holds.name()) && holds.value() != null) {
                return scaled(holds.value(), synonym.factor());
            }
        }
        return String.valueOf(holds.value());
    }

    /** A number in the unit of the config behind which it stands; negative means no limit in every unit. */
    private static String scaled(String value, long factor) {
        if (factor == 1) {
            return value;
        }
        long number = Long.parseLong(value.trim());
        return Long.toString(number < 0 ? -1 : Math.multiplyExact(number, factor));
    }

    private List<Synonym> chain(
            ConfigDefinition definition, Map<String, String> own, Source ownSource, CatalogImage image) {
        List<Synonym> chain = new ArrayList<>(3);
        String value = own.get(definition.name());
        if (value != null) {
            chain.add(new Synonym(definition.name(), value, ownSource));
        }
        for (BrokerSynonym synonym : definition.synonyms()) {
            ConfigDefinition broker = BrokerConfigTable.find(synonym.name());
            if (broker != null) {
                brokerChain(broker, image, chain);
            }
        }
        if (definition.synonyms().isEmpty() && definition.defaultValue() != null) {
            chain.add(new Synonym(definition.name(), definition.defaultValue(), Source.DEFAULT));
        }
        return chain;
    }

    private void brokerChain(ConfigDefinition definition, CatalogImage image, List<Synonym> chain) {
        String name = definition.name();
        link(chain, name, image.brokerConfigs(node).get(name), Source.DYNAMIC_BROKER);
        link(chain, name, image.brokerConfigs("").get(name), Source.DYNAMIC_DEFAULT_BROKER);
        link(chain, name, statics.get(name), Source.STATIC_BROKER);
        link(chain, name, definition.defaultValue(), Source.DEFAULT);
    }

    private static void link(List<Synonym> chain, String name, @Nullable String value, Source source) {
        if (value != null) {
            chain.add(new Synonym(name, value, source));
        }
    }

    @Override
    public TopicConfig effective(Topic topic) {
        CatalogImage image = catalog.get();
        if (!topic.configs().isEmpty()) {
            return parse(topic, image);
        }
        Map<String, String> ofNode = image.brokerConfigs(node);
        Map<String, String> ofAll = image.brokerConfigs("");
        Defaults known = defaults;
        if (known == null || !known.ofNode().equals(ofNode) || !known.ofAll().equals(ofAll)) {
            known = new Defaults(ofNode, ofAll, parse(topic, image));
            defaults = known;
        }
        return known.config();
    }

    private TopicConfig parse(Topic topic, CatalogImage image) {
        Function<String, String> value = name -> topicValue(name, topic, image);
        String policies = value.apply("cleanup.policy");
        LogConfig log = new LogConfig(
                Durability.valueOf(value.apply("durability").toUpperCase(Locale.ROOT)),
                policies.contains("delete"),
                policies.contains("compact"),
                Long.parseLong(value.apply("retention.ms")),
                Long.parseLong(value.apply("retention.bytes")),
                Long.parseLong(value.apply("segment.bytes")),
                Long.parseLong(value.apply("segment.ms")),
                Long.parseLong(value.apply("delete.retention.ms")),
                Long.parseLong(value.apply("min.compaction.lag.ms")),
                Long.parseLong(value.apply("max.compaction.lag.ms")),
                Double.parseDouble(value.apply("min.cleanable.dirty.ratio")));
        return new TopicConfig(
                log,
                Integer.parseInt(value.apply("max.message.bytes")),
                value.apply("message.timestamp.type").equals("LogAppendTime"),
                Long.parseLong(value.apply("message.timestamp.before.max.ms")),
                Long.parseLong(value.apply("message.timestamp.after.max.ms")),
                value.apply("compression.type"));
    }

    private String topicValue(String name, Topic topic, CatalogImage image) {
        String own = topic.configs().get(name);
        if (own != null) {
            return own.trim();
        }
        ConfigDefinition definition = TopicConfigTable.find(name);
        if (definition == null) {
            throw new IllegalArgumentException("no such topic config: " + name);
        }
        for (BrokerSynonym synonym : definition.synonyms()) {
            String value = brokerValue(synonym.name(), image);
            if (value != null) {
                return scaled(value.trim(), synonym.factor());
            }
        }
        return String.valueOf(definition.defaultValue());
    }

    @Override
    public @Nullable String brokerValue(String key) {
        return brokerValue(key, catalog.get());
    }

    private @Nullable String brokerValue(String key, CatalogImage image) {
        String value = image.brokerConfigs(node).get(key);
        if (value == null) {
            value = image.brokerConfigs("").get(key);
        }
        if (value == null) {
            value = statics.get(key);
        }
        if (value == null) {
            ConfigDefinition definition = BrokerConfigTable.find(key);
            value = definition == null ? null : definition.defaultValue();
        }
        return value;
    }

    int brokerInt(String key) {
        return Math.toIntExact(brokerLong(key));
    }

    long brokerLong(String key) {
        String value = brokerValue(key);
        if (value == null) {
            throw new IllegalArgumentException("no such broker config: " + key);
        }
        return Long.parseLong(value.trim());
    }

    @Override
    public void checkTopic(Map<String, String> configs) {
        check(configs, TopicConfigTable::find, "topic");
        String min = configs.get("min.compaction.lag.ms");
        String max = configs.get("max.compaction.lag.ms");
        if (min != null && max != null && Long.parseLong(min.trim()) > Long.parseLong(max.trim())) {
            throw new BrokerException(
                    Refusal.INVALID_CONFIG,
                    "conflict topic config setting min.compaction.lag.ms (" + min + ") > max.compaction.lag.ms (" + max
                            + ")");
        }
    }

    @Override
    public void checkBroker(Map<String, String> configs) {
        check(configs, BrokerConfigTable::find, "broker");
        for (String name : configs.keySet()) {
            ConfigDefinition definition = BrokerConfigTable.find(name);
            if (definition != null && !definition.dynamic()) {
                throw new BrokerException(
                        Refusal.INVALID_CONFIG,
                        "Cannot update these configs dynamically: [" + name
                                + "]. Set it in the server's configuration and start again.");
            }
        }
    }

    @Override
    public void checkGroup(Map<String, String> configs) {
        check(configs, BrokerConfigTable::findGroup, "group");
        for (String name : List.of("consumer.heartbeat.interval.ms", "consumer.session.timeout.ms")) {
            String value = configs.get(name);
            if (value != null) {
                String what = name.substring("consumer.".length());
                long number = Long.parseLong(value.trim());
                long min = brokerLong("group.consumer.min." + what);
                long max = brokerLong("group.consumer.max." + what);
                if (number < min || number > max) {
                    throw new BrokerException(
                            Refusal.INVALID_CONFIG,
                            name + " must be from " + min + " to " + max + " (group.consumer.min." + what
                                    + " and group.consumer.max." + what + "), not " + number);
                }
            }
        }
    }

    private static void check(
            Map<String, String> configs, Function<String, @Nullable ConfigDefinition> definitions, String what) {
        configs.forEach((name, value) -> {
            ConfigDefinition definition = definitions.apply(name);
            if (definition == null) {
                throw new BrokerException(Refusal.INVALID_CONFIG, "Unknown " + what + " config name: " + name);
            }
            definition.check(value);
        });
    }
}
