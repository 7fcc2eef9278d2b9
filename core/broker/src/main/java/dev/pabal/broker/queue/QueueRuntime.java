package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Partition.Produced;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Queue;
import dev.pabal.log.BatchHeader;
import dev.pabal.queue.IndexEntry;
import dev.pabal.queue.ViewOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue as a running thing: what anybody may call. Small while nobody uses it; what touches the view is a {@link QueueCommand} on the
 * shard's thread, which makes the {@link QueueCore} at the first of them.
 */
final class QueueRuntime implements MessageQueue, QueuePartition.Watcher {
    /** Counts since the start. Written by the shard's thread. */
    static final class Figures {
        long published;
        long delivered;
        long acknowledged;
        long redelivered;
    }

    private final QueuePartition partition;
    private final ShardQueues shard;
    private final QueueHost host;
    private final Arrivals arrivals = new Arrivals();
    private final Admission admission = new Admission();
    private final Figures figures = new Figures();
    private final AtomicBoolean woken = new AtomicBoolean();
    /** Batches that go by way of the shard, because the view was not loaded: what comes later must not overtake them. */
    private final AtomicInteger entering = new AtomicInteger();

    private volatile Queue definition;
    private volatile QueueSettings settings;
    private volatile boolean loaded;
    private volatile long inFlight;
    private volatile boolean retired;
    private volatile boolean deleted;
    /** For the shard's thread: null until somebody needs it. */
    private @Nullable QueueCore core;
    /** For the shard's thread: what waits until the view is loaded, null while nobody loads it. */
    private @Nullable List<QueueCommand> waiting;

    QueueRuntime(
            Queue definition, QueueSettings settings, QueuePartition partition, ShardQueues shard, QueueHost host) {
        this.definition = definition;
        this.settings = settings;
        this.partition = partition;
        this.shard = shard;
        this.host = host;
        partition.watch(this);
    }

    @Override
    public UUID id() {
        return definition.id();
    }

    @Override
    public Queue definition() {
        return definition;
    }

    @Override
    public QueueSettings settings() {
        return settings;
    }

    @Override
    public Partition partition() {
        return partition;
    }

    @Override
    public void declaredAgain() {
        if (settings.expiresMs() >= 0) {
            run(QueueCore::used);
        }
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Admission admission() {
        return admission;
    }

    Figures figures() {
        return figures;
    }

    /** How many are in flight at the end of a turn. */
    void inFlight(long messages) {
        inFlight = messages;
    }

    QueueHost host() {
        return host;
    }

    /** The catalog or a policy has changed. */
    void configure(Queue nowDefinition, QueueSettings nowSettings) {
        definition = nowDefinition;
        settings = nowSettings;
        run(running -> running.configure(nowSettings));
    }

    // ---- publishing

    @Override
    public CompletableFuture<Produced> publish(PublishBatch batch) {
        if (entering.get() > 0 || !loaded && Admission.rejects(settings.view())) {
            entering.incrementAndGet();
            return this.<Void>ask((running, answer) -> answer.complete(null))
                    .handle((nothing, error) -> error)
                    .thenCompose(error -> enter(batch, error));
        }
        return append(batch);
    }

    private CompletableFuture<Produced> enter(PublishBatch batch, @Nullable Throwable refusal) {
        try {
            return refusal == null ? append(batch) : refuse(batch, refusal);
        } finally {
            entering.decrementAndGet();
        }
    }

    private CompletableFuture<Produced> append(PublishBatch batch) {
        if (settings.view().overflow() != ViewOptions.Overflow.REJECT_PUBLISH_DLX) {
            return partition.publish(batch);
        }
        return host.orDeadLetter(this, batch);
    }

    private static CompletableFuture<Produced> refuse(PublishBatch batch, Throwable why) {
        Runnable released = batch.released();
        if (released != null) {
            released.run();
        }
        return CompletableFuture.failedFuture(why);
    }

    /** Where groups or ids count, whoever publishes: what a start would find in the records. */
    @Override
    public List<IndexEntry> index(ByteBuffer batch, List<IndexEntry> given) {
        QueueSettings now = settings;
        if (!IndexScan.looksIntoAll(now)) {
            return given;
        }
        int at = batch.position();
        long base = BatchHeader.baseOffset(batch, at);
        List<IndexEntry> found = new ArrayList<>(Math.max(2, BatchHeader.recordCount(batch, at)));
        new IndexScan(definition, now, host.deadLetterRoutes())
                .batch(batch, at, base, entry -> found.add(entry.at(entry.offset() - base)));
        return found;
    }

    /** Under the partition's append order: the last word on whether the queue has room. */
    @Override
    public void appending(long base, int records, long bodyBytes, long nowMs, List<IndexEntry> index) {
        QueueSettings now = settings;
        if (!admission.enter(Admission.rejects(now.view()) ? now.view() : null, records, bodyBytes)) {
            throw new BrokerException(
                    Refusal.QUEUE_FULL,
                    "queue '" + definition.name() + "' in vhost '" + definition.vhost() + "' is full");
        }
        figures.published += records;
        arrivals.add(new Arrivals.Arrival(base, records, bodyBytes, nowMs, index));
    }

    @Override
    public void refused() {
        Arrivals.Arrival refused = arrivals.refuseLast();
        figures.published -= refused.records;
        admission.change(-refused.records, -refused.bodyBytes);
    }

    @Override
    public void durable() {
        if (woken.compareAndSet(false, true)) {
            shard.wake(this);
        }
    }

    @Override
    public void trimmed() {
        run(QueueCore::logTrimmed);
    }

    // ---- on the shard's thread

    /** Does something with the queue on its shard's thread: at once where this is that thread. */
    void run(QueueCommand command) {
        if (shard.isCurrent()) {
            perform(command);
            return;
        }
        try {
            shard.post(() -> perform(command));
        } catch (RejectedExecutionException e) {
            command.refused(new BrokerException(Refusal.SHUTTING_DOWN, "The broker is shutting down."));
        }
    }

    <T extends @Nullable Object> CompletableFuture<T> ask(BiConsumer<QueueCore, Question<T>> work) {
        Question<T> question = new Question<>(work);
        run(question);
        return question;
    }

    private void perform(QueueCommand command) {
        if (deleted || shard.isStopped()) {
            command.refused(ended());
            return;
        }
        QueueCore running = core;
        if (running == null) {
            running = load(command);
        }
        if (running != null) {
            running.catchUp();
            running.limit();
            command.run(running);
            shard.list(running);
        }
    }

    private @Nullable QueueCore load(QueueCommand command) {
        List<QueueCommand> others = waiting;
        if (others == null) {
            others = new ArrayList<>(2);
            waiting = others;
            others.add(command);
            QueueLoad.begin(this, shard);
            return null;
        }
        others.add(command);
        return null;
    }

    /** The view is loaded: what has waited is done. */
    void loaded(QueueCore ready) {
        core = ready;
        ready.catchUp();
        ready.limit();
        // Tells publishers of what is there before any of them is let in.
        ready.admit();
        List<QueueCommand> commands = takeWaiting();
        for (QueueCommand command : commands) {
            command.run(ready);
        }
        // Last, so that what was published before is appended before what follows.
        loaded = true;
        shard.list(ready);
    }

    /** The view could not be loaded: the next command tries again. */
    void notLoaded(RuntimeException why) {
        takeWaiting().forEach(command -> command.refused(why));
    }

    private List<QueueCommand> takeWaiting() {
        List<QueueCommand> commands = waiting;
        waiting = null;
        return commands == null ? List.of() : commands;
    }

    /** Loads the view where it is not loaded, and looks at the log. */
    void attend() {
        woken.set(false);
        QueueCore running = core;
        if (running != null) {
            running.catchUp();
        } else if (!deleted && waiting == null) {
            perform(loadedQueue -> {});
        }
    }

    @Nullable
    QueueCore core() {
        return core;
    }

    boolean isDeleted() {
        return deleted;
    }

    /** The catalog knows the queue no more. On the catalog's thread. */
    void delete() {
        partition.watch(null);
        try {
            if (shard.isCurrent()) {
                deleteNow();
            } else {
                shard.post(this::deleteNow);
            }
        } catch (RejectedExecutionException e) {
            deleted = true;
        }
    }

    private void deleteNow() {
        deleted = true;
        QueueCore running = core;
        core = null;
        if (running != null) {
            running.consumers().expelAll(QueueConsumer.Reason.DELETED);
            running.close();
        }
        notLoaded(gone());
        shard.forget(this, running);
    }

    /** Why nothing more is done for the queue. */
    BrokerException ended() {
        return deleted ? gone() : new BrokerException(Refusal.SHUTTING_DOWN, "The broker is shutting down.");
    }

    private BrokerException gone() {
        return new BrokerException(
                Refusal.NOT_FOUND, "no queue '" + definition.name() + "' in vhost '" + definition.vhost() + "'");
    }

    void trim(long offset) {
        host.trim(this, offset);
    }

    void lastConsumerGone() {
        if (definition.autoDelete() && !deleted) {
            host.unused(this);
        }
    }

    void expired() {
        host.expired(this);
    }

    // ---- what anybody may ask

    @Override
    public CompletableFuture<Subscription> subscribe(ConsumerOptions options, QueueConsumer consumer) {
        return ask((running, answer) -> {
            if (retired) {
                throw gone();
            }
            answer.complete(running.consumers().add(options, consumer));
        });
    }

    @Override
    public CompletableFuture<@Nullable Deliveries> get(boolean noAck, Holder holder) {
        if (!(holder instanceof GetHolder getter)) {
            throw new IllegalArgumentException("a holder of another queue");
        }
        return ask((running, answer) -> {
            running.used();
            running.deliverer().get(noAck, getter, answer);
        });
    }

    @Override
    public Holder newHolder() {
        return new GetHolder(this);
    }

    @Override
    public void settle(Settlement settlement) {
        run(running -> running.settle(settlement));
    }

    @Override
    public CompletableFuture<Long> purge() {
        return ask((running, answer) -> {
            long purged = running.view().purge(running.nowMs());
            running.whenDurable(JournalWaiters.completing(answer, () -> purged));
        });
    }

    @Override
    public Reception receive(ReceiveOptions options) {
        Receiver receiver = new Receiver(this, options);
        run(receiver);
        return receiver;
    }

    @Override
    public CompletableFuture<List<Receipts.Outcome>> delete(Receipts receipts) {
        return ask((running, answer) -> {
            List<Receipts.Outcome> outcomes = running.delete(receipts);
            running.whenDurable(JournalWaiters.completing(answer, () -> outcomes));
        });
    }

    @Override
    public CompletableFuture<List<Receipts.Outcome>> extend(Receipts receipts, long[] untilMs) {
        return ask((running, answer) -> {
            List<Receipts.Outcome> outcomes = running.extend(receipts, untilMs);
            running.whenDurable(JournalWaiters.completing(answer, () -> outcomes));
        });
    }

    @Override
    public CompletableFuture<long[]> publishOnce(OnceBatch batch) {
        return ask((running, answer) -> running.once().publish(batch, answer));
    }

    @Override
    public CompletableFuture<Void> clear() {
        return ask((running, answer) -> {
            long upTo = running.view().clear(running.nowMs());
            running.whenDurable(new JournalWaiters.Task() {
                @Override
                public void durable() {
                    running.view().cleared(upTo);
                    answer.complete(null);
                }

                @Override
                public void ended(RuntimeException why) {
                    answer.completeExceptionally(why);
                }
            });
        });
    }

    @Override
    public CompletableFuture<QueueStatus> status() {
        return ask((running, answer) -> answer.complete(Inspection.status(running, figures)));
    }

    @Override
    public long inFlight() {
        return inFlight;
    }

    @Override
    public CompletableFuture<List<PeekedMessage>> peek(int limit) {
        return ask((running, answer) -> Inspection.peek(running, partition, limit, answer));
    }

    @Override
    public CompletableFuture<Long> retire(boolean ifUnused, boolean ifEmpty) {
        return ask((running, answer) -> {
            if (ifUnused && running.consumers().size() > 0) {
                throw refusal("in use");
            }
            if (ifEmpty && running.view().ready() > 0) {
                throw refusal("not empty");
            }
            retired = true;
            answer.complete(running.view().ready());
        });
    }

    private BrokerException refusal(String why) {
        return new BrokerException(
                Refusal.PRECONDITION_FAILED,
                "queue '" + definition.name() + "' in vhost '" + definition.vhost() + "' " + why);
    }

    @Override
    public void reinstate() {
        retired = false;
    }

    @Override
    public String toString() {
        return "queue '" + definition.name() + "' in vhost '" + definition.vhost() + "'";
    }
}
