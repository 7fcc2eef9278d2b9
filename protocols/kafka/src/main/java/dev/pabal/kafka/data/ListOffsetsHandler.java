package dev.pabal.kafka.data;

import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.LATEST_TIERED_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.LATEST_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.MAX_TIMESTAMP;

import dev.pabal.broker.Partition;
import dev.pabal.broker.Partition.FoundOffset;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import dev.pabal.log.Log;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds offsets by what clients call timestamps: earliest, latest, of the largest timestamp, or at and after a time. */
final class ListOffsetsHandler implements ApiHandler {
    /** The oldest version in which each negative timestamp may be asked for, by its absolute value (KIP-734, 405, 1005, 1023). */
    private static final short[] FIRST_VERSION_OF = {0, 1, 1, 7, 8, 9, 11};

    private static final short FIRST_WITH_EPOCH = 4;

    private final PartitionLookup lookup;

    ListOffsetsHandler(PartitionLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public void handle(KafkaRequest request) {
        ListOffsetsRequestData data = (ListOffsetsRequestData) request.body();
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        List<CompletableFuture<?>> open = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (ListOffsetsTopic asked : data.topics()) {
            ListOffsetsTopicResponse result = new ListOffsetsTopicResponse().setName(asked.name());
            response.topics().add(result);
            Topic topic = lookup.topic(asked.name(), Uuid.ZERO_UUID);
            seen.clear();
            for (ListOffsetsPartition partition : asked.partitions()) {
                ListOffsetsPartitionResponse to =
                        new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
                result.partitions().add(to);
                if (seen.add(partition.partitionIndex())) {
                    open.add(answer(topic, partition, request.version(), to));
                } else {
                    to.setErrorCode(Errors.INVALID_REQUEST.code());
                }
            }
        }
        CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
                .whenComplete((none, failure) -> request.respond(response));
    }

    private CompletableFuture<?> answer(
            @Nullable Topic topic, ListOffsetsPartition asked, short version, ListOffsetsPartitionResponse to) {
        Partition partition = topic == null ? null : lookup.partition(topic, asked.partitionIndex());
        try {
            Errors error = check(partition, asked, version);
            if (partition == null || error != Errors.NONE) {
                to.setErrorCode(error.code());
                return CompletableFuture.completedFuture(null);
            }
            return find(partition, asked.timestamp()).handle((found, failure) -> {
                if (failure != null) {
                    return to.setErrorCode(KafkaErrors.of(failure).code());
                }
                to.setOffset(found.offset()).setTimestamp(found.timestampMs());
                return version < FIRST_WITH_EPOCH ? to : to.setLeaderEpoch(found.epoch());
            });
        } catch (RuntimeException e) {
            // A partition whose log is refused or just deleted concerns no other.
            to.setErrorCode(KafkaErrors.of(e).code());
            return CompletableFuture.completedFuture(null);
        }
    }

    private static Errors check(@Nullable Partition partition, ListOffsetsPartition asked, short version) {
        if (partition == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        long timestamp = asked.timestamp();
        boolean known = timestamp > -FIRST_VERSION_OF.length;
        if (timestamp < 0 && (!known || version < FIRST_VERSION_OF[(int) -timestamp])) {
            return Errors.UNSUPPORTED_VERSION;
        }
        return PartitionLookup.checkEpoch(partition, asked.currentLeaderEpoch());
    }

    private static CompletableFuture<FoundOffset> find(Partition partition, long timestamp) {
        Log log = partition.log();
        if (timestamp == LATEST_TIMESTAMP) {
            return found(log.durableEnd(), log.epoch());
        } else if (timestamp == EARLIEST_TIMESTAMP || timestamp == EARLIEST_LOCAL_TIMESTAMP) {
            long start = log.startOffset();
            return found(start, log.epochAt(start));
        } else if (timestamp == MAX_TIMESTAMP) {
            return partition.offsetOfMaxTimestamp();
        } else if (timestamp == LATEST_TIERED_TIMESTAMP || timestamp == EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
            // Nothing is tiered here: none, as Kafka answers where tiering is off.
            return CompletableFuture.completedFuture(FoundOffset.NONE);
        }
        return partition.offsetForTimestamp(timestamp);
    }

    private static CompletableFuture<FoundOffset> found(long offset, int epoch) {
        return CompletableFuture.completedFuture(new FoundOffset(offset, -1, epoch));
    }
}
