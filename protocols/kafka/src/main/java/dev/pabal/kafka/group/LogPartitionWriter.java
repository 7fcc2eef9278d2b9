package dev.pabal.kafka.group;

import dev.pabal.broker.Partition;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.log.Append;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Writes the coordinator's records to the logs of its topic. An append returns its end offset at once; the coordinator's clients are answered
 * only when the log's durability promise holds, for it is then that the high watermark is reported.
 *
 * <p>Threads: {@link #append} runs on the coordinator's event processor, which is the one writer of these logs.
 */
final class LogPartitionWriter implements PartitionWriter {
    private final OffsetsTopic topic;
    private final Map<TopicPartition, List<Listener>> listeners = new ConcurrentHashMap<>();
    private final LogConfig config;

    LogPartitionWriter(OffsetsTopic topic, int maxBatchBytes) {
        this.topic = topic;
        this.config = new LogConfig(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBatchBytes));
    }

    @Override
    public void registerListener(TopicPartition partition, Listener listener) {
        listeners.computeIfAbsent(partition, p -> new CopyOnWriteArrayList<>()).add(listener);
    }

    @Override
    public void deregisterListener(TopicPartition partition, Listener listener) {
        List<Listener> registered = listeners.get(partition);
        if (registered != null) {
            registered.remove(listener);
        }
    }

    @Override
    public LogConfig config(TopicPartition partition) {
        return config;
    }

    @Override
    public long append(
            TopicPartition partition, VerificationGuard guard, MemoryRecords records, short transactionVersion) {
        // The coordinator takes its buffer back as soon as this returns, while the log keeps what it is given.
        ByteBuffer source = records.buffer();
        ByteBuffer copy = ByteBuffer.allocate(source.remaining());
        copy.put(source).flip();
        Append append;
        try {
            append = topic.partition(partition.partition()).appendInternal(copy);
        } catch (RuntimeException e) {
            throw KafkaErrors.of(e).exception(e.getMessage());
        }
        long end = append.lastOffset() + 1;
        append.durable().thenRun(() -> reportDurable(partition, end));
        return end;
    }

    private void reportDurable(TopicPartition partition, long end) {
        for (Listener listener : listeners.getOrDefault(partition, List.of())) {
            listener.onHighWatermarkUpdated(partition, end);
        }
    }

    /** Transactions are not verified: there is no other node that could have ended them. */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition partition,
            String transactionalId,
            long producerId,
            short producerEpoch,
            int transactionVersion) {
        return CompletableFuture.completedFuture(VerificationGuard.SENTINEL);
    }

    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition partition, long offset) {
        Partition log = topic.partition(partition.partition());
        return log.deleteRecords(offset).thenApply(start -> null);
    }
}
