package dev.pabal.kafka.group;

import dev.pabal.broker.Partition;
import dev.pabal.broker.Shard;
import dev.pabal.broker.TopicConfig;
import dev.pabal.catalog.Topic;
import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A partition that does nothing but hand on to its log. */
class FakePartition implements Partition {
    private final Topic topic;
    private final Log log;

    FakePartition(Topic topic, Log log) {
        this.topic = topic;
        this.log = log;
    }

    @Override
    public UUID topicId() {
        return topic.id();
    }

    @Override
    public String topic() {
        return topic.name();
    }

    @Override
    public int index() {
        return log.id().index();
    }

    @Override
    public Shard shard() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Log log() {
        return log;
    }

    @Override
    public TopicConfig config() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Produced> produce(ByteBuffer batch, @Nullable Runnable released) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Append appendInternal(ByteBuffer batches) {
        return log.append(batches, null);
    }

    @Override
    public CompletableFuture<LogRead> read(long offset, long upTo, int maxBytes) {
        return log.read(offset, upTo, maxBytes);
    }

    @Override
    public CompletableFuture<FoundOffset> offsetForTimestamp(long timestampMs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<FoundOffset> offsetOfMaxTimestamp() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> deleteRecords(long offset) {
        return log.trim(offset);
    }

    @Override
    public CompletableFuture<List<ProducerInfo>> producers() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public Waiter awaitDurable(long offset, Runnable waiter) {
        AtomicBoolean done = new AtomicBoolean();
        log.onDurable(end -> {
            if (end > offset && done.compareAndSet(false, true)) {
                waiter.run();
            }
        });
        if (log.durableEnd() > offset && done.compareAndSet(false, true)) {
            waiter.run();
        }
        return () -> done.set(true);
    }

    @Override
    public boolean deleted() {
        return false;
    }
}
