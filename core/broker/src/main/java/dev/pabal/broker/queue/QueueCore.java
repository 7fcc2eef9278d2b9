package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.queue.ViewJournal.JournalName;
import dev.pabal.log.Log;
import dev.pabal.log.seam.Clock;
import dev.pabal.queue.DeadReason;
import dev.pabal.queue.Dispatcher;
import dev.pabal.queue.IndexEntry;
import dev.pabal.queue.QueueView;
import dev.pabal.queue.Return;
import dev.pabal.queue.Standing;
import dev.pabal.queue.ViewEffects;
import dev.pabal.queue.ViewOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queue while somebody needs it: its view, and what joins the view to log, journal, consumers, timers and dead letters. For the shard's
 * thread only.
 */
final class QueueCore implements ViewEffects {
    final JournalName journalName = new JournalName();
    /** When the shard's timers will call; theirs. */
    ShardTimers.@Nullable Entry timer;

    /** Waits for its part of the turn. */
    boolean listed;

    /** Has entries that the next checkpoint takes in; the checkpoints'. */
    boolean changed;

    private final QueueRuntime queue;
    private final ShardQueues shard;
    private final Clock clock;
    private final Log log;
    private final QueueView view;
    private final boolean journaled;
    private final Consumers consumers;
    private final Receivers receivers;
    private final OncePublisher once;
    private final Deliverer deliverer;
    private final DeadLetters deadLetters;
    private final LogSpace space;
    private final Set<Integer> checkpointKeys = new HashSet<>(2);
    private final JournalWaiters afterJournal = new JournalWaiters();
    private final Partings partings;

    /** Consumers that kept a message for too long. */
    private final Set<Integer> overdue = new HashSet<>(0);

    private long seenStart;
    private long seenEnd;
    private long lastEntry;
    private long durableEntry;
    /** The settled floor as the durable journal has it, and what it will be once {@link #floorEntry} is durable. */
    private long durableFloor;

    private long nextFloor;
    private long floorEntry;
    private long admittedReady;
    private long admittedBytes;
    private long arrivedMessages;
    private long arrivedBytes;
    /**
     * When the first message arrived that consumers have not been asked about: one that may not wait at all goes to a consumer that waits for
     * it, before time and limits take it.
     */
    private long arrivedSinceMs = Long.MAX_VALUE;

    private long usedMs;
    private boolean expiring;
    private boolean closed;

    QueueCore(QueueRuntime queue, ShardQueues shard, Log log) {
        this.queue = queue;
        this.shard = shard;
        this.clock = shard.clock();
        this.log = log;
        this.journaled = queue.definition().stored();
        QueueSettings settings = queue.settings();
        this.view = QueueView.create(settings.view(), this, log.startOffset());
        this.consumers =
                new Consumers(queue, this, Dispatcher.create(settings.singleActive()), settings.singleActive());
        this.receivers = new Receivers(this, view);
        this.once = new OncePublisher(queue, this);
        this.deliverer = new Deliverer(queue, this, log);
        this.partings = new Partings(consumers, deliverer);
        this.deadLetters = new DeadLetters(queue, this, log);
        this.space = new LogSpace(queue, this, log, view);
        this.usedMs = clock.wallMs();
    }

    UUID id() {
        return queue.id();
    }

    QueueView view() {
        return view;
    }

    Consumers consumers() {
        return consumers;
    }

    Receivers receivers() {
        return receivers;
    }

    OncePublisher once() {
        return once;
    }

    Deliverer deliverer() {
        return deliverer;
    }

    ShardQueues shard() {
        return shard;
    }

    long nowMs() {
        return clock.wallMs();
    }

    boolean isClosed() {
        return closed;
    }

    // ---- what the view wants

    @Override
    public long journal(ByteBuffer entry) {
        if (!journaled) {
            return 0;
        }
        lastEntry = shard.journal(this, entry);
        return lastEntry;
    }

    @Override
    public void dead(long offset, DeadReason reason, int deliveries) {
        deadLetters.add(offset, reason);
        shard.list(this);
    }

    @Override
    public void overdue(int holder) {
        overdue.add(holder);
    }

    @Override
    public void ready() {
        shard.list(this);
    }

    // ---- durability

    /** The shard's journal has everything up to that number on disk. */
    void journalDurable(long upTo) {
        if (closed) {
            return;
        }
        durableEntry = Math.min(upTo, lastEntry);
        view.journalDurable(durableEntry);
        if (afterJournal.isEmpty() && !deliverer.isAwaited()) {
            shard.settled(this);
        } else {
            afterJournal.durable(durableEntry);
            shard.list(this);
        }
    }

    /** What was settled is durable, and nobody waits for that: its space goes, without a turn. Returns when more of it will. */
    long freeSpace() {
        space.settled(nowMs());
        return space.nextDueMs();
    }

    /**
     * What the view did does not become durable, or not soon: whoever waits for it learns why.
     *
     * @param forGood nothing will be durable any more: nothing is delivered either
     */
    void journalStuck(BrokerException why, boolean forGood) {
        if (closed) {
            return;
        }
        afterJournal.fail(why);
        deliverer.failWaiting(why);
        partings.hurry();
        if (forGood) {
            consumers.expelAll(QueueConsumer.Reason.FAILED);
        }
    }

    /** The task is done when all that the view does in this turn is durable, and what it did before; told otherwise where the queue ends first. */
    void whenDurable(JournalWaiters.Task task) {
        afterJournal.add(task);
        shard.list(this);
    }

    /** All below it are settled, durably. */
    long durableFloor() {
        if (floorEntry <= durableEntry) {
            durableFloor = nextFloor;
            nextFloor = view.settledFloor();
            floorEntry = lastEntry;
            if (floorEntry <= durableEntry) {
                durableFloor = nextFloor;
            }
        }
        return durableFloor;
    }

    /** Whether the view waits for its journal, and may have more to hand out after it. */
    boolean awaitsJournal() {
        return durableEntry < lastEntry;
    }

    // ---- what the log says

    /** Tells the view of everything that is durable now. */
    void catchUp() {
        long start = log.startOffset();
        if (start > seenStart) {
            // Retention moves it without a word; the queue's own trimming says nothing new.
            seenStart = start;
            if (start > view.settledFloor()) {
                logTrimmed();
            }
        }
        long end = log.durableEnd();
        if (end <= seenEnd) {
            return;
        }
        long nowMs = clock.wallMs();
        Arrivals.Arrival next = queue.arrivals().poll(end);
        while (next != null) {
            arrived(next, nowMs);
            next = queue.arrivals().poll(end);
        }
        if (end > seenEnd) {
            appended(end, -1, nowMs);
        }
        shard.list(this);
    }

    /**
     * The head makes room at the end of a turn; whoever asks before that must not see, or get, what is too much. Those who wait take before the
     * limit does, here as in the turn.
     */
    void limit() {
        ViewOptions options = options();
        if (options.overflow() == ViewOptions.Overflow.DROP_HEAD
                && (options.maxLength() >= 0 || options.maxLengthBytes() >= 0)) {
            serveWaiting();
            view.flush(nowMs());
        }
    }

    private void arrived(Arrivals.Arrival batch, long nowMs) {
        arrivedMessages += batch.records;
        arrivedBytes += batch.bodyBytes;
        if (batch.end() <= seenEnd) {
            return;
        }
        if (batch.base > seenEnd) {
            appended(batch.base, -1, nowMs);
        }
        for (int i = 0; i < batch.index.size(); i++) {
            IndexEntry entry = batch.index.get(i);
            view.index(new IndexEntry(
                    batch.base + entry.offset(),
                    entry.priority(),
                    // its time was up before it was there, by a moment: it expires as one that may not wait at all
                    Math.max(entry.expiresAtMs(), batch.appendedAtMs),
                    entry.dueAtMs(),
                    entry.group(),
                    entry.dedup()));
        }
        appended(batch.end(), batch.bodyBytes, batch.appendedAtMs);
        arrivedSinceMs = Math.min(arrivedSinceMs, batch.appendedAtMs);
    }

    private void appended(long end, long bodyBytes, long appendedAtMs) {
        view.appended(end, bodyBytes, appendedAtMs);
        seenEnd = end;
    }

    /** The log's start was moved from outside. */
    void logTrimmed() {
        view.logStart(log.startOffset(), nowMs());
        shard.list(this);
    }

    /** Loading is over: the view knows the log up to there. */
    void loaded(long end, Iterable<Integer> storedKeys) {
        seenEnd = end;
        storedKeys.forEach(checkpointKeys::add);
        shard.list(this);
    }

    // ---- commands

    void settle(Settlement settlement) {
        long nowMs = nowMs();
        int done = 0;
        for (int i = 0; i < settlement.size(); i++) {
            long offset = settlement.offset(i);
            int generation = settlement.generation(i);
            boolean was =
                    switch (settlement.outcome()) {
                        case ACK -> view.settle(offset, generation, nowMs);
                        case RELEASE -> view.giveBack(offset, generation, Return.RELEASED, 0, nowMs);
                        case FAIL -> view.giveBack(offset, generation, Return.FAILED, retryAtMs(offset, nowMs), nowMs);
                        case DISCARD -> view.discard(offset, generation, DeadReason.REJECTED, nowMs);
                    };
            done += was ? 1 : 0;
        }
        if (settlement.outcome() == Settlement.Outcome.ACK) {
            queue.figures().acknowledged += done;
        }
        if (settlement.creditTo() instanceof ConsumerSlot slot && settlement.credit() > 0) {
            consumers.credit(slot, settlement.credit());
        }
        shard.list(this);
    }

    /** Deletes what was received; says what became of each. */
    List<Receipts.Outcome> delete(Receipts receipts) {
        long nowMs = nowMs();
        boolean ordered = passDeadlines(nowMs);
        List<Receipts.Outcome> outcomes = new ArrayList<>(receipts.offsets().length);
        for (int i = 0; i < receipts.offsets().length; i++) {
            long offset = receipts.offsets()[i];
            int generation = receipts.generations()[i];
            Standing standing = view.standing(offset, generation);
            boolean done = standing == Standing.HELD || standing == Standing.RETURNED && !ordered;
            if (done) {
                view.settleByReceipt(offset, generation, nowMs);
                queue.figures().acknowledged++;
            }
            outcomes.add(done ? Receipts.Outcome.DONE : outcome(standing));
        }
        return outcomes;
    }

    /** Where groups are ordered, a receipt whose time is over is worth nothing, also before the next turn has seen to it. Whether they are. */
    private boolean passDeadlines(long nowMs) {
        boolean ordered = queue.settings().view().groups();
        if (ordered) {
            tick(nowMs);
        }
        return ordered;
    }

    /** Moves deadlines of what was received; says what became of each. */
    List<Receipts.Outcome> extend(Receipts receipts, long[] untilMs) {
        long nowMs = nowMs();
        boolean ordered = passDeadlines(nowMs);
        List<Receipts.Outcome> outcomes = new ArrayList<>(untilMs.length);
        for (int i = 0; i < untilMs.length; i++) {
            long offset = receipts.offsets()[i];
            int generation = receipts.generations()[i];
            Standing standing = view.standing(offset, generation);
            if (standing == Standing.SUPERSEDED && !ordered) {
                // What a consumer holds is not touched: its acknowledgement would be lost.
                generation = view.receivedGeneration(offset);
                standing = generation < 0 ? Standing.RETURNED : Standing.HELD;
            }
            if (standing == Standing.HELD && untilMs[i] > nowMs) {
                view.extend(offset, generation, untilMs[i], nowMs);
            } else if (standing == Standing.HELD) {
                view.giveBack(offset, generation, Return.FAILED, 0, nowMs);
            }
            outcomes.add(outcome(standing));
        }
        return outcomes;
    }

    private static Receipts.Outcome outcome(Standing standing) {
        return switch (standing) {
            case HELD -> Receipts.Outcome.DONE;
            case RETURNED -> Receipts.Outcome.NOT_IN_FLIGHT;
            case SUPERSEDED -> Receipts.Outcome.STALE;
            case GONE -> Receipts.Outcome.GONE;
        };
    }

    /** The delay before a failed message is delivered again grows with its failures. */
    private long retryAtMs(long offset, long nowMs) {
        QueueSettings settings = queue.settings();
        if (settings.retryMinMs() <= 0) {
            return 0;
        }
        long failures = view.failures(offset) + 1L;
        long delayMs =
                settings.retryMinMs() > Long.MAX_VALUE / failures ? Long.MAX_VALUE : settings.retryMinMs() * failures;
        return nowMs + Math.min(delayMs, Math.max(settings.retryMinMs(), settings.retryMaxMs()));
    }

    /** Gives back what a holder has. */
    void release(int holder) {
        view.releaseHolder(holder, Return.FAILED, nowMs());
        shard.list(this);
    }

    void deadLettered(long offset) {
        if (!closed) {
            view.deadLettered(offset, nowMs());
            shard.list(this);
        }
    }

    void configure(QueueSettings settings) {
        view.configure(settings.view(), nowMs());
        deadLetters.retryNow();
        shard.list(this);
    }

    void checkpoint(QueueView.PieceVisitor visitor) {
        view.checkpoint(visitor);
    }

    Set<Integer> checkpointKeys() {
        return checkpointKeys;
    }

    /** Somebody uses the queue: its expiry begins anew. */
    void used() {
        usedMs = nowMs();
        expiring = false;
        shard.list(this);
    }

    // ---- turns

    /** Does what has become possible; true where more waits for the next turn. */
    boolean turn() {
        long nowMs = nowMs();
        serveWaiting();
        tick(nowMs);
        boolean more = deliverer.deliver(nowMs);
        partings.process(nowMs);
        deadLetters.process(nowMs);
        view.flush(nowMs);
        // Before anybody is answered: who is told that there is room may publish at once.
        admit();
        afterJournal.flushed(lastEntry, durableEntry);
        space.settled(nowMs);
        expire(nowMs);
        hurryJournal();
        return more;
    }

    private void hurryJournal() {
        boolean awaited = !afterJournal.isEmpty();
        BrokerException failure = awaited ? shard.journalFailure() : null;
        if (failure != null) {
            afterJournal.fail(failure);
        } else if (awaited || view.awaitsMark()) {
            shard.hurryJournal();
        }
    }

    /** Hands what has arrived to those who waited for it, as far as it goes in one turn. */
    void serveWaiting() {
        if (arrivedSinceMs != Long.MAX_VALUE && !deliverer.isDelivering()) {
            tick(arrivedSinceMs - 1);
            deliverer.deliverToWaiting(nowMs());
            arrivedSinceMs = Long.MAX_VALUE;
        }
    }

    /** Cancels a consumer, which is first handed all that is there, and has come back or found room since the last turn. */
    void part(ConsumerSlot slot, CompletableFuture<Void> answer) {
        long nowMs = nowMs();
        if (!deliverer.isDelivering()) {
            serveWaiting();
            tick(nowMs);
            deliverer.deliverToWaiting(nowMs);
        }
        partings.part(slot, answer, nowMs);
    }

    private void tick(long nowMs) {
        if (view.nextDueMs() <= nowMs) {
            view.tick(nowMs);
            expelOverdue();
        }
    }

    private void expelOverdue() {
        if (!overdue.isEmpty()) {
            for (int number : overdue) {
                ConsumerSlot slot = consumers.slot(number);
                if (slot != null) {
                    consumers.expel(slot, QueueConsumer.Reason.TIMED_OUT);
                }
            }
            overdue.clear();
        }
    }

    /** Tells publishers of the room that was made before those know who made it: they may publish at once. */
    void admitBeforeHanding() {
        if (Admission.rejects(options())) {
            admit();
        }
    }

    /** Tells publishers how much room there is. */
    void admit() {
        long ready = view.ready();
        long bytes = view.readyBytes();
        if (ready != admittedReady + arrivedMessages || bytes != admittedBytes + arrivedBytes) {
            queue.admission().change(ready - admittedReady - arrivedMessages, bytes - admittedBytes - arrivedBytes);
        }
        queue.inFlight(view.inFlight());
        admittedReady = ready;
        admittedBytes = bytes;
        arrivedMessages = 0;
        arrivedBytes = 0;
    }

    private void expire(long nowMs) {
        long expiresMs = queue.settings().expiresMs();
        if (expiresMs >= 0 && !expiring && consumers.size() == 0 && nowMs - usedMs >= expiresMs) {
            expiring = true;
            queue.expired();
        }
    }

    /** When {@link #turn} wants to be called by the clock. */
    long nextDueMs() {
        long dueMs = Math.min(view.nextDueMs(), Math.min(deadLetters.nextDueMs(), space.nextDueMs()));
        dueMs = Math.min(dueMs, Math.min(deliverer.nextDueMs(nowMs()), receivers.nextDueMs()));
        dueMs = Math.min(dueMs, partings.nextDueMs());
        long expiresMs = queue.settings().expiresMs();
        if (expiresMs >= 0 && !expiring && consumers.size() == 0) {
            dueMs = Math.min(dueMs, usedMs + expiresMs);
        }
        return dueMs;
    }

    ViewOptions options() {
        return queue.settings().view();
    }

    /** The process stops in order. */
    void stop() {
        if (!closed) {
            catchUp();
            view.stop(nowMs());
            view.flush(nowMs());
            close();
        }
    }

    /** Nothing will be delivered any more. */
    void close() {
        closed = true;
        deliverer.close();
        deadLetters.close();
        receivers.failAll(queue.ended());
        partings.fail(queue.ended());
        afterJournal.fail(queue.ended());
    }
}
