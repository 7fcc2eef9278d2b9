package dev.pabal.amqp.channel;

import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.ConsumerOptions;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PeekedMessage;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.broker.queue.QueueConsumer;
import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.broker.queue.QueueStatus;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.catalog.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A queue without a log: keeps what is settled. */
final class FakeQueue implements MessageQueue {
    final List<Settlement> settlements = new ArrayList<>();
    private final UUID id = UUID.randomUUID();

    private static UnsupportedOperationException none() {
        return new UnsupportedOperationException("this queue only settles");
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Queue definition() {
        return new Queue(id, "/", "fake", null, Queue.Type.CLASSIC, Queue.View.OWNER, true, false, null, Map.of(), 0);
    }

    @Override
    public void settle(Settlement settlement) {
        settlements.add(settlement);
    }

    @Override
    public QueueSettings settings() {
        throw none();
    }

    @Override
    public void declaredAgain() {}

    @Override
    public Partition partition() {
        throw none();
    }

    @Override
    public CompletableFuture<Partition.Produced> publish(PublishBatch batch) {
        throw none();
    }

    @Override
    public CompletableFuture<Subscription> subscribe(ConsumerOptions options, QueueConsumer consumer) {
        throw none();
    }

    @Override
    public CompletableFuture<@Nullable Deliveries> get(boolean noAck, Holder holder) {
        throw none();
    }

    @Override
    public Holder newHolder() {
        return () -> {};
    }

    @Override
    public CompletableFuture<Long> purge() {
        throw none();
    }

    @Override
    public CompletableFuture<QueueStatus> status() {
        throw none();
    }

    @Override
    public void used() {}

    @Override
    public CompletableFuture<List<PeekedMessage>> peek(int limit) {
        throw none();
    }

    @Override
    public CompletableFuture<Long> retire(boolean ifUnused, boolean ifEmpty) {
        throw none();
    }

    @Override
    public void reinstate() {}
}
