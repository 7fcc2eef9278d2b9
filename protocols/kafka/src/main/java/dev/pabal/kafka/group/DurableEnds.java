package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Tells the coordinator how far partitions go: their durable ends, read where they are, for all of them are here. */
final class DurableEnds implements PartitionMetadataClient {
    private final Broker broker;

    DurableEnds(Broker broker) {
        this.broker = broker;
    }

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, CompletableFuture<OffsetResponse>> ends = new HashMap<>();
        for (TopicPartition at : partitions) {
            ends.put(at, CompletableFuture.completedFuture(end(at)));
        }
        return ends;
    }

    private OffsetResponse end(TopicPartition at) {
        Partition partition = broker.partition(at.topic(), at.partition());
        return partition == null
                ? new OffsetResponse(-1, Errors.UNKNOWN_TOPIC_OR_PARTITION)
                : new OffsetResponse(partition.log().durableEnd(), Errors.NONE);
    }

    @Override
    public void close() {}
}
