package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Shard;
import dev.pabal.log.Log;
import dev.pabal.log.seam.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of one shard: what they have to do is gathered and done in turns of the shard's loop, each of which ends with one append to the
 * view journal at most. For the shard's thread, where nothing else is said.
 */
final class ShardQueues {
    private static final Logger LOG = LoggerFactory.getLogger(ShardQueues.class);
    /** Time until a journal is tried again that refused: each time twice as long. */
    private static final long FIRST_RETRY_MS = 50;

    private static final long LAST_RETRY_MS = 1000;
    /** Time until a read is tried again that the store was too busy for. */
    private static final long BUSY_RETRY_MS = 100;
    /** How often is looked whether those who wait for the journal are to be told that it makes no progress. */
    private static final long WATCH_MS = 1000;
    /**
     * Time for which entries gather that nobody waits for: settlements, as a rule. Appended at the end of each turn, they would cost a sync for
     * each message at a quiet pace, and the next publish would wait for it.
     */
    static final long GATHER_MS = 5;
    /** Bytes of entries that wait no longer. */
    private static final int GATHER_BYTES = 64 << 10;

    private final Shard shard;
    private final Clock clock;
    private final ViewJournal journal;
    private final Checkpoints checkpoints;
    private final ShardTimers timers;
    private final StoredViews stored;
    private final FetchMemory fetchMemory;
    /** Queues whose logs have more that is durable: any thread. */
    private final ConcurrentLinkedQueue<QueueRuntime> woken = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean turnPosted = new AtomicBoolean();
    /** A turn goes on, which sees to what is listed in it. */
    private boolean inTurn;

    /** Queues that have something to do. */
    private final ArrayDeque<QueueCore> listed = new ArrayDeque<>();

    private int loading;
    /** Queues whose entries are in the journal only, until they are loaded. */
    private int unloaded;

    /** Queues that could not be loaded: what their messages went through before a crash is not made good. */
    private final Set<UUID> notLoaded = new HashSet<>(0);

    private boolean journalTimer;
    private boolean watched;
    private long retryMs = FIRST_RETRY_MS;
    /** Somebody waits for what is in the journal up to now. */
    private boolean journalHurried;

    private boolean stopped;

    ShardQueues(
            Shard shard, Clock clock, Log journalLog, Log checkpointLog, StoredViews stored, FetchMemory fetchMemory) {
        this.fetchMemory = fetchMemory;
        this.shard = shard;
        this.clock = clock;
        this.stored = stored;
        ShardLink link = new ShardLink(shard);
        this.journal = new ViewJournal(journalLog, link, clock, this::postTurn);
        this.checkpoints = new Checkpoints(
                checkpointLog, journal, link, clock, () -> loading == 0 && unloaded == 0, this::repeatUnreadable);
        this.timers = new ShardTimers(shard, clock, this::list);
        this.unloaded = (int)
                stored.all().values().stream().filter(StoredView::hasEntries).count();
    }

    Clock clock() {
        return clock;
    }

    /** Memory for what is fetched before its time. */
    FetchMemory fetchMemory() {
        return fetchMemory;
    }

    /** Any thread. */
    boolean isCurrent() {
        return shard.isCurrent();
    }

    /** Any thread; throws {@code RejectedExecutionException} where the loop has ended. */
    void post(Runnable task) {
        shard.loop().execute(task);
    }

    boolean isStopped() {
        return stopped;
    }

    // ---- turns

    /** Any thread: the queue's log has more that is durable. */
    void wake(QueueRuntime queue) {
        woken.add(queue);
        postTurn();
    }

    /** The queue has something to do in the next turn. */
    void list(QueueCore queue) {
        if (!queue.listed && !queue.isClosed()) {
            queue.listed = true;
            listed.add(queue);
            if (!inTurn) {
                postTurn();
            }
        }
    }

    private void postTurn() {
        if (turnPosted.compareAndSet(false, true)) {
            try {
                shard.loop().execute(this::turn);
            } catch (RejectedExecutionException e) {
                LOG.debug("shard {} has ended", shard.index());
            }
        }
    }

    private void turn() {
        turnPosted.set(false);
        if (stopped) {
            return;
        }
        boolean more = true;
        inTurn = true;
        try {
            turnAll();
            more = checkpoints.step() || !listed.isEmpty();
        } finally {
            inTurn = false;
            if (more) {
                postTurn();
            }
        }
    }

    private void turnAll() {
        QueueRuntime queue = woken.poll();
        while (queue != null) {
            attend(queue);
            queue = woken.poll();
        }
        // What is listed from here on belongs to the next turn.
        for (int i = listed.size(); i > 0; i--) {
            turn(listed.remove());
        }
        writeJournal();
    }

    private static void attend(QueueRuntime queue) {
        try {
            queue.attend();
        } catch (RuntimeException e) {
            LOG.error("{} failed on what was appended to it; the others go on", queue, e);
        }
    }

    private void turn(QueueCore core) {
        core.listed = false;
        if (core.isClosed()) {
            return;
        }
        try {
            if (core.turn()) {
                list(core);
            }
            timers.update(core, core.nextDueMs());
        } catch (RuntimeException e) {
            LOG.error("queue {} failed in its turn; the others go on", core.id(), e);
        }
    }

    /** What the queue settled is durable; nothing else has become possible with that. */
    void settled(QueueCore core) {
        if (core.listed) {
            return; // its turn does the same
        }
        try {
            timers.update(core, core.freeSpace());
        } catch (RuntimeException e) {
            LOG.error("the space of what queue {} settled is not freed; the others go on", core.id(), e);
        }
    }

    /** The end of this turn appends to the journal what has gathered: somebody waits until it is durable. */
    void hurryJournal() {
        journalHurried = true;
    }

    private void writeJournal() {
        boolean hurried = journalHurried;
        journalHurried = false;
        if (!journal.isEmpty()) {
            long leftMs = GATHER_MS - journal.ageMs();
            if (hurried || leftMs <= 0 || journal.isRefused() || journal.sizeInBytes() >= GATHER_BYTES) {
                flushJournal();
            } else {
                turnLater(leftMs);
            }
        }
        if (!journal.isSettled() || journal.hasFailed()) {
            watchJournal();
        }
    }

    private void flushJournal() {
        if (journal.flush()) {
            retryMs = FIRST_RETRY_MS;
        } else if (!journal.hasFailed()) {
            turnLater(retryMs);
            retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
        }
    }

    /** Whoever waits for what does not become durable is told so; as long as something waits, this is looked at again and again. */
    private void watchJournal() {
        BrokerException trouble = journal.trouble();
        if (trouble != null) {
            boolean forGood = journal.hasFailed();
            journal.forEachUndurable(view -> view.journalStuck(trouble, forGood));
        }
        if (!watched && !journal.isSettled()) {
            watched = true;
            later(WATCH_MS, () -> {
                watched = false;
                postTurn();
            });
        }
    }

    /** Why nothing that fills the journal is begun; null while it works. */
    @Nullable
    BrokerException journalTrouble() {
        return journal.trouble();
    }

    /** Why nothing will be durable there any more; null while it works, or may again. */
    @Nullable
    BrokerException journalFailure() {
        return journal.hasFailed() ? journal.trouble() : null;
    }

    private void turnLater(long delayMs) {
        if (!journalTimer) {
            journalTimer = true;
            later(delayMs, () -> {
                journalTimer = false;
                postTurn();
            });
        }
    }

    /** Tries again what the store was too busy for. */
    void afterAMoment(Runnable task) {
        later(BUSY_RETRY_MS, task);
    }

    private void later(long delayMs, Runnable task) {
        try {
            shard.loop().schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("shard {} has ended", shard.index());
        }
    }

    /** Does what is due by the clock, for tests with clocks of their own. */
    void tick() {
        timers.wake();
        postTurn();
    }

    // ---- journal and checkpoints

    long journal(QueueCore view, ByteBuffer entry) {
        checkpoints.changed(view);
        return journal.add(view, entry);
    }

    /** Makes a checkpoint soon, for tests. */
    void checkpoint() {
        checkpoints.want();
        postTurn();
    }

    boolean cleanStop() {
        return stored.cleanStop();
    }

    /** Hands over what is stored of a queue's view. */
    @Nullable
    StoredView takeStored(UUID queue) {
        StoredView view = stored.take(queue);
        if (view != null && view.isUnreadable()) {
            view.unreadable(false);
            unloaded++;
        }
        return view;
    }

    /** The queue cannot be loaded: what is stored of it is kept, and checkpoints go on without its view. */
    void putBack(UUID queue, @Nullable StoredView view) {
        if (view == null) {
            return;
        }
        stored.all().put(queue, view);
        notLoaded.add(queue);
        if (view.hasEntries() && !view.isUnreadable()) {
            view.unreadable(true);
            unloaded--;
        }
    }

    private void repeatUnreadable() {
        stored.all().forEach((queue, view) -> {
            if (view.isUnreadable()) {
                journal.repeat(queue, view.entries());
            }
        });
    }

    void loadBegun() {
        loading++;
    }

    /** A view is loaded; what it knows from the journal alone goes into the next checkpoint. */
    void loadEnded(QueueCore core, @Nullable StoredView view) {
        loading--;
        notLoaded.remove(core.id());
        if (view != null && view.hasEntries()) {
            unloaded--;
            checkpoints.changed(core);
        }
    }

    void loadFailed(UUID queue, @Nullable StoredView view) {
        loading--;
        putBack(queue, view);
    }

    /** The queue is gone. */
    void forget(QueueRuntime queue, @Nullable QueueCore core) {
        if (core != null) {
            timers.forget(core);
            checkpoints.forget(core);
        }
        forgetStored(queue.id());
    }

    /** Drops what is stored of a queue that does not exist any more. */
    void forgetStored(UUID queue) {
        notLoaded.remove(queue);
        StoredView left = stored.take(queue);
        if (left != null) {
            unloaded -= left.hasEntries() && !left.isUnreadable() ? 1 : 0;
            checkpoints.forget(queue, left.pieceKeys());
        }
    }

    Map<UUID, StoredView> stored() {
        return stored.all();
    }

    /** Stops in order: the views' last words are journaled. Nothing is done for a queue afterwards. */
    void stop(Iterable<QueueRuntime> queues) {
        if (stopped) {
            return;
        }
        timers.close();
        boolean whole = loading == 0 && notLoaded.isEmpty();
        for (QueueRuntime queue : queues) {
            QueueCore core = queue.core();
            if (core != null) {
                core.stop();
            }
        }
        stopped = true;
        if (journal.flush() && whole && unloaded == 0) {
            journal.stopped();
        }
    }
}
