package dev.pabal.broker;

import dev.pabal.catalog.Topic;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Definitions of every config by Kafka's name, and the value that holds for a topic or broker with where it comes from. */
public interface Configs {
    /** All topic configs with their effective values. */
    List<Entry> topicEntries(Topic topic);

    /** All broker configs with their effective values for broker {@code name}. */
    List<Entry> brokerEntries(String name);

    /** All consumer-group configs with their effective values. */
    List<Entry> groupEntries(String group);

    /** The parsed configs that hold for a topic. */
    TopicConfig effective(Topic topic);

    /** A static or dynamic broker config by name, default included; null where unknown. */
    @Nullable
    String brokerValue(String key);

    /**
     * Checks topic configs as given by a client.
     *
     * @throws BrokerException {@link Refusal#INVALID_CONFIG} with a sentence that names the key and what it takes
     */
    void checkTopic(Map<String, String> configs);

    void checkBroker(Map<String, String> configs);

    void checkGroup(Map<String, String> configs);

    /** Type of a value, as Kafka's DescribeConfigs names them. */
    enum Type {
        BOOLEAN,
        STRING,
        INT,
        SHORT,
        LONG,
        DOUBLE,
        LIST,
        CLASS,
        PASSWORD
    }

    /** Where a value comes from, nearest first. */
    enum Source {
        DYNAMIC_TOPIC,
        DYNAMIC_BROKER,
        DYNAMIC_DEFAULT_BROKER,
        STATIC_BROKER,
        DEFAULT,
        DYNAMIC_GROUP
    }

    /**
     * One config as it holds.
     *
     * @param synonyms the values that stand behind one another, the one that holds first
     */
    record Entry(
            String name,
            @Nullable String value,
            Source source,
            Type type,
            boolean readOnly,
            boolean sensitive,
            String documentation,
            List<Synonym> synonyms) {}

    /** One of the values behind an entry. */
    record Synonym(String name, @Nullable String value, Source source) {}
}
