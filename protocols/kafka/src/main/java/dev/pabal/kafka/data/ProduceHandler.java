package dev.pabal.kafka.data;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Hands each batch to its partition and answers when all have kept their durability promise. {@code acks=1} waits for the same as
 * {@code acks=all}: there is one promise, and it is the topic's.
 */
final class ProduceHandler implements ApiHandler {
    private static final int CODEC_MASK = 7;
    private static final int ZSTD = 4;
    private static final short FIRST_WITH_ZSTD = 7;

    private final PartitionLookup lookup;

    ProduceHandler(PartitionLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public void handle(KafkaRequest request) {
        ProduceRequestData data = (ProduceRequestData) request.body();
        Answer answer = new Answer(request, data);
        boolean acksKnown = data.acks() >= -1 && data.acks() <= 1;
        for (TopicProduceData topicData : data.topicData()) {
            Topic topic = lookup.topic(topicData.name(), topicData.topicId());
            TopicProduceResponse topicAnswer = answer.topic(topicData);
            for (PartitionProduceData partitionData : topicData.partitionData()) {
                PartitionProduceResponse partitionAnswer = new PartitionProduceResponse()
                        .setIndex(partitionData.index())
                        .setBaseOffset(-1)
                        .setLogStartOffset(-1);
                topicAnswer.partitionResponses().add(partitionAnswer);
                Partition partition = topic == null ? null : lookup.partition(topic, partitionData.index());
                if (!acksKnown) {
                    answer.refuse(partitionAnswer, Errors.INVALID_REQUIRED_ACKS, null);
                } else if (topic == null) {
                    answer.refuse(partitionAnswer, PartitionLookup.unknown(topicData.topicId()), null);
                } else if (partition == null) {
                    answer.refuse(partitionAnswer, Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
                } else {
                    produce(request, partition, partitionData, answer, partitionAnswer);
                }
            }
        }
        answer.oneDone();
    }

    private static void produce(
            KafkaRequest request,
            Partition partition,
            PartitionProduceData data,
            Answer answer,
            PartitionProduceResponse to) {
        ByteBuffer batch = data.records() instanceof MemoryRecords records ? records.buffer() : null;
        if (batch == null || !batch.hasRemaining()) {
            answer.refuse(
                    to, Errors.INVALID_RECORD, "a produce request holds one batch for each partition that it names");
            return;
        }
        if (request.version() < FIRST_WITH_ZSTD
                && batch.remaining() >= BatchHeader.BYTES
                && (BatchHeader.attributes(batch, batch.position()) & CODEC_MASK) == ZSTD) {
            answer.refuse(to, Errors.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs produce version 7 or newer");
            return;
        }
        answer.oneMore();
        request.retain();
        CompletableFuture<Partition.Produced> produced = partition.produce(batch, request::release);
        produced.whenComplete((result, failure) -> answer.complete(to, result, failure));
    }

    /** The answer under way: sent when the last of its partitions is done. Partitions complete on any thread, each its own entry. */
    private static final class Answer {
        private final KafkaRequest request;
        private final boolean wanted;
        private final ProduceResponseData response = new ProduceResponseData();
        /** One for the handler itself, so that nothing is sent before all partitions are under way. */
        private final AtomicInteger open = new AtomicInteger(1);

        private volatile boolean failed;

        Answer(KafkaRequest request, ProduceRequestData data) {
            this.request = request;
            this.wanted = data.acks() != 0;
        }

        TopicProduceResponse topic(TopicProduceData asked) {
            TopicProduceResponse found = response.responses().find(asked.name(), asked.topicId());
            if (found == null) {
                found = new TopicProduceResponse().setName(asked.name()).setTopicId(asked.topicId());
                response.responses().add(found);
            }
            return found;
        }

        void oneMore() {
            open.incrementAndGet();
        }

        void refuse(PartitionProduceResponse to, Errors error, @Nullable String words) {
            failed = true;
            to.setErrorCode(error.code()).setErrorMessage(words);
        }

        void complete(PartitionProduceResponse to, Partition.@Nullable Produced result, @Nullable Throwable failure) {
            if (result != null) {
                to.setBaseOffset(result.baseOffset())
                        .setLogAppendTimeMs(result.logAppendTimeMs())
                        .setLogStartOffset(result.logStartOffset());
            } else {
                Throwable cause =
                        failure == null ? new BrokerException(Refusal.STORAGE, "the append was given up") : failure;
                refuse(to, KafkaErrors.of(cause), KafkaErrors.message(cause));
            }
            oneDone();
        }

        void oneDone() {
            if (open.decrementAndGet() > 0) {
                return;
            }
            if (wanted) {
                request.respond(response);
                return;
            }
            request.respondNothing();
            if (failed) {
                // Nobody reads an answer: as in Kafka, a closed connection is how the client learns to ask for the
                // metadata again.
                request.connection().close();
            }
        }
    }
}
