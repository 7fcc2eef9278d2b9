package dev.pabal.kafka.data;

import dev.pabal.broker.Partition;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import dev.pabal.log.Log;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Where a leader epoch ended, for consumers that check whether what they read still stands (KIP-320). */
final class OffsetForLeaderEpochHandler implements ApiHandler {
    private final PartitionLookup lookup;

    OffsetForLeaderEpochHandler(PartitionLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public void handle(KafkaRequest request) {
        OffsetForLeaderEpochRequestData data = (OffsetForLeaderEpochRequestData) request.body();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic asked : data.topics()) {
            OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(asked.topic());
            Topic topic = lookup.topic(asked.topic(), Uuid.ZERO_UUID);
            for (OffsetForLeaderPartition partition : asked.partitions()) {
                result.partitions().add(answer(topic, partition));
            }
            response.topics().add(result);
        }
        request.respond(response);
    }

    private EpochEndOffset answer(@Nullable Topic topic, OffsetForLeaderPartition asked) {
        EpochEndOffset to = new EpochEndOffset().setPartition(asked.partition());
        Partition partition = topic == null ? null : lookup.partition(topic, asked.partition());
        if (partition == null) {
            return to.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        try {
            Errors epochError = PartitionLookup.checkEpoch(partition, asked.currentLeaderEpoch());
            if (epochError != Errors.NONE) {
                return to.setErrorCode(epochError.code());
            }
            Log.EpochEnd end = partition.log().endOfEpoch(asked.leaderEpoch());
            return to.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
        } catch (RuntimeException e) {
            return to.setErrorCode(KafkaErrors.of(e).code());
        }
    }
}
