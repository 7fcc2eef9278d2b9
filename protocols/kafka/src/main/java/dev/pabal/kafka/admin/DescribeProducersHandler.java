package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Tells which idempotent producers partitions remember. */
final class DescribeProducersHandler extends AdminHandler<DescribeProducersRequestData> {
    private final Broker broker;

    DescribeProducersHandler(Broker broker) {
        super(ApiKeys.DESCRIBE_PRODUCERS, DescribeProducersRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<DescribeProducersResponseData> serve(DescribeProducersRequestData body, KafkaRequest request) {
        List<CompletableFuture<TopicResponse>> topics = new ArrayList<>();
        for (TopicRequest topic : body.topics()) {
            List<CompletableFuture<PartitionResponse>> partitions = new ArrayList<>();
            for (int index : topic.partitionIndexes()) {
                partitions.add(describe(topic.name(), index));
            }
            topics.add(all(partitions)
                    .thenApply(done -> new TopicResponse().setName(topic.name()).setPartitions(done)));
        }
        return all(topics).thenApply(done -> new DescribeProducersResponseData().setTopics(done));
    }

    private CompletableFuture<PartitionResponse> describe(String topic, int index) {
        PartitionResponse response = new PartitionResponse().setPartitionIndex(index);
        Partition partition = broker.partition(topic, index);
        if (partition == null) {
            Errors unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return CompletableFuture.completedFuture(
                    response.setErrorCode(unknown.code()).setErrorMessage(unknown.message()));
        }
        return partition.producers().handle((producers, error) -> {
            Outcome outcome = Outcome.of(error);
            if (outcome.good()) {
                producers.forEach(producer -> response.activeProducers().add(state(producer)));
            }
            return response.setErrorCode(outcome.code()).setErrorMessage(outcome.message());
        });
    }

    private static ProducerState state(Partition.ProducerInfo producer) {
        return new ProducerState()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setLastSequence(producer.lastSequence())
                .setLastTimestamp(producer.lastTimestampMs())
                .setCoordinatorEpoch(-1)
                .setCurrentTxnStartOffset(-1);
    }
}
