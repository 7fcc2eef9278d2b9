package dev.pabal.kafka.data;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaLimits;
import java.util.List;

/** The handlers of this package. */
public final class DataApis {
    private DataApis() {}

    public static List<ApiHandler> handlers(Broker broker, KafkaLimits limits) {
        PartitionLookup lookup = new PartitionLookup(broker);
        return List.of(
                new ProduceHandler(lookup),
                new FetchHandler(broker, lookup, limits),
                new ListOffsetsHandler(lookup),
                new MetadataHandler(broker),
                new DescribeTopicPartitionsHandler(broker),
                new OffsetForLeaderEpochHandler(lookup),
                new InitProducerIdHandler(broker));
    }
}
