package dev.pabal.kafka;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Ids of topics in Kafka's type and in Java's: the same 128 bits. */
public final class KafkaIds {
    private KafkaIds() {}

    /** In Kafka's type. */
    public static Uuid kafkaId(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** In Java's type. */
    public static UUID javaId(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
