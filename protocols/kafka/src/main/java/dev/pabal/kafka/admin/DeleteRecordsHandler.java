package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/** Removes records from the front of partitions. */
final class DeleteRecordsHandler extends AdminHandler<DeleteRecordsRequestData> {
    private static final long INVALID_LOW_WATERMARK = -1;

    private final Broker broker;

    DeleteRecordsHandler(Broker broker) {
        super(ApiKeys.DELETE_RECORDS, DeleteRecordsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<DeleteRecordsResponseData> serve(DeleteRecordsRequestData body, KafkaRequest request) {
        List<CompletableFuture<DeleteRecordsTopicResult>> topics = new ArrayList<>();
        for (DeleteRecordsTopic topic : body.topics()) {
            List<CompletableFuture<DeleteRecordsPartitionResult>> partitions = new ArrayList<>();
            for (DeleteRecordsPartition partition : topic.partitions()) {
                partitions.add(delete(topic.name(), partition, body.timeoutMs()));
            }
            topics.add(all(partitions).thenApply(done -> {
                DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
                done.forEach(result.partitions()::add);
                return result;
            }));
        }
        return all(topics).thenApply(done -> {
            DeleteRecordsResponseData answer = new DeleteRecordsResponseData();
            done.forEach(answer.topics()::add);
            return answer;
        });
    }

    private CompletableFuture<DeleteRecordsPartitionResult> delete(
            String topic, DeleteRecordsPartition wanted, int timeoutMs) {
        CompletableFuture<Long> deleted;
        try {
            deleted = within(find(topic, wanted.partitionIndex()).deleteRecords(wanted.offset()), timeoutMs);
        } catch (BrokerException e) {
            deleted = CompletableFuture.failedFuture(e);
        }
        return deleted.handle((start, error) -> new DeleteRecordsPartitionResult()
                .setPartitionIndex(wanted.partitionIndex())
                .setLowWatermark(error == null ? start : INVALID_LOW_WATERMARK)
                .setErrorCode(error == null ? 0 : KafkaErrors.of(error).code()));
    }

    private Partition find(String name, int index) {
        Topic topic = broker.catalog().topic(name);
        Partition partition = topic == null ? null : broker.partition(topic.id(), index);
        if (partition == null) {
            throw new BrokerException(Refusal.UNKNOWN_PARTITION, "There is no partition " + name + "-" + index + ".");
        }
        if (topic.internal()) {
            throw new BrokerException(Refusal.INTERNAL_TOPIC, "Cannot delete records of internal topic " + name + ".");
        }
        return partition;
    }
}
