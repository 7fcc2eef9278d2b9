package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import org.apache.kafka.common.Uuid;

/** Looks topics up in the catalog as it is at that moment, in the terms of Kafka's messages: an empty name or the zero id for none. */
final class TopicNames {
    private final Broker broker;

    TopicNames(Broker broker) {
        this.broker = broker;
    }

    /** The name of the topic with this id; empty where there is none. */
    String name(Uuid id) {
        Topic topic = broker.catalog().topic(KafkaIds.javaId(id));
        return topic == null ? "" : topic.name();
    }

    /** The id of the topic of this name; {@link Uuid#ZERO_UUID} where there is none. */
    Uuid id(String name) {
        Topic topic = broker.catalog().topic(name);
        return topic == null ? Uuid.ZERO_UUID : KafkaIds.kafkaId(topic.id());
    }

    /** How many partitions the topic of this name has; 0 where there is none. */
    int partitions(String name) {
        Topic topic = broker.catalog().topic(name);
        return topic == null ? 0 : topic.partitions();
    }
}
