package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.journal.JournalWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The journal's agent: takes all that waits, writes it as one group, syncs once, and only then lets readers and writers know. While a group
 * is on its way to the disk the next one gathers.
 */
final class GroupCommit implements Agent {
    /** Larger groups would make those who wait for the first append of a group wait for the last one, for no gain in throughput. */
    private static final int MAX_GROUP_BYTES = 2 << 20;
    /**
     * Where appends come while a sync is under way, there are several writers, and those whose appends it made durable may soon come again:
     * the next sync waits for as many, for so long at most. A sync costs as much for one append as for a hundred. A writer on its own never
     * comes during its own sync, and so never waits; nor does anybody where a sync takes less time than this.
     */
    private static final long GATHER_NS = 100_000;
    /** What makes a group that is worth its sync: it waits for nothing more, nor does the one after it. */
    private static final int WORTH_ENTRIES = 8;

    private static final long WORTH_BYTES = 64 << 10;

    private final PendingQueue queue;
    private final TailMemory memory;
    private final JournalWriter writer;
    private final Flusher flusher;
    private final Failure failure;
    private final GroupBuilder group = new GroupBuilder();
    private ArrayDeque<Pending> taken = new ArrayDeque<>();
    private boolean blocked;
    private boolean failedAll;
    /** The last step synced, and a little waited already when the sync was over. */
    private boolean gathers;

    GroupCommit(PendingQueue queue, TailMemory memory, JournalWriter writer, Flusher flusher, Failure failure) {
        this.queue = queue;
        this.memory = memory;
        this.writer = writer;
        this.flusher = flusher;
        this.failure = failure;
    }

    @Override
    public boolean doWork() {
        if (failure.happened()) {
            return failAll();
        }
        if (taken.isEmpty()) {
            if (queue.isEmpty()) {
                return false;
            }
            taken = queue.swap(taken);
        }
        try {
            return commit();
        } catch (IOException e) {
            failure.fail("writing the journal", e);
            return failAll();
        } catch (RuntimeException | Error e) {
            failure.fail("the journal", e);
            failAll();
            throw e;
        }
    }

    private boolean commit() throws IOException {
        gathers = false;
        long least = GroupFormat.paddedBytes(
                GroupFormat.HEADER_BYTES + (long) taken.element().entryBytes());
        blocked = !memory.makeRoom(least) || !writer.makeRoom(least);
        if (blocked) {
            flusher.wake();
            return false;
        }
        Slab slab = memory.current();
        long limit = Math.min(Math.min(slab.remaining(), writer.remaining()), Math.max(least, MAX_GROUP_BYTES));
        gather((int) limit);
        if (group.logs().isEmpty()) {
            writer.sync();
        } else {
            write(slab);
        }
        for (Pending barrier : group.barriers()) {
            if (barrier.kind == Pending.EVICTION) {
                memory.evictAll();
            }
            barrier.complete(null);
        }
        group.clear();
        return true;
    }

    /** Takes what fits, of what has come meanwhile as well: each group costs a sync. */
    private void gather(int limit) {
        while (!taken.isEmpty() && group.take(taken.element(), limit)) {
            taken.remove();
            if (taken.isEmpty() && !queue.isEmpty()) {
                taken = queue.swap(taken);
            }
        }
    }

    private void write(Slab slab) throws IOException {
        int start = slab.used();
        int contentBytes = group.build(slab);
        int padded = (int) GroupFormat.paddedBytes(GroupFormat.HEADER_BYTES + (long) contentBytes);
        slab.use(padded);
        slab.groupAdded();
        memory.prepareNext();
        JournalPosition after = writer.write(slab.memory(), start, contentBytes, group.entries(), group.crc());
        boolean mustSync = !group.barriers().isEmpty();
        for (LocalLog log : group.logs()) {
            log.groupWaitsForSync = log.promisesSync() || log.groupHasMark;
            mustSync |= log.groupWaitsForSync;
        }
        List<Change> changes = group.changes();
        long batchBytes = TailMemory.batchBytes(changes);
        finish(changes, false);
        if (mustSync) {
            writer.sync();
            gathers = taken.isEmpty()
                    && group.taken() < WORTH_ENTRIES
                    && queue.gather(group.taken(), WORTH_ENTRIES, WORTH_BYTES);
            finish(changes, true);
        }
        flusher.offer(new Group(slab, changes, after, batchBytes, padded));
    }

    /** The promise of these logs holds: readers see the group, then writers hear of it. */
    private void finish(List<Change> changes, boolean synced) {
        for (Change change : changes) {
            if (change.log().groupWaitsForSync == synced) {
                TailMemory.publish(change);
            }
        }
        for (LocalLog log : group.logs()) {
            if (log.groupWaitsForSync == synced) {
                complete(log.groupHead);
                log.tellListener();
            }
        }
    }

    /** Unlinks what it completes, so that whoever keeps one of them does not keep all. */
    private static void complete(@Nullable Pending first) {
        Pending pending = first;
        while (pending != null) {
            Pending next = pending.next;
            pending.next = null;
            pending.complete(null);
            pending = next;
        }
    }

    /** Nothing that waits will ever be durable. */
    private boolean failAll() {
        failedAll = true;
        LogException cause = Objects.requireNonNull(failure.cause());
        queue.close();
        ArrayDeque<Pending> waiting = queue.swap(new ArrayDeque<>());
        boolean any = !group.logs().isEmpty() || !group.barriers().isEmpty() || !taken.isEmpty() || !waiting.isEmpty();
        for (LocalLog log : group.logs()) {
            for (Pending pending = log.groupHead; pending != null; pending = pending.next) {
                pending.fail(cause);
            }
        }
        group.barriers().forEach(pending -> pending.fail(cause));
        group.clear();
        taken.forEach(pending -> pending.fail(cause));
        taken.clear();
        waiting.forEach(pending -> pending.fail(cause));
        return any;
    }

    @Override
    public boolean hasWork() {
        return failure.happened() ? !failedAll : !blocked && (!taken.isEmpty() || !queue.isEmpty());
    }

    @Override
    public long gatherNs() {
        return gathers ? GATHER_NS : 0;
    }

    @Override
    public long idleNs() {
        // While memory or a file is waited for, whoever frees one wakes the thread; readers that let go of memory do
        // not.
        return blocked ? 2_000_000L : Long.MAX_VALUE;
    }

    /** Closes the journal's file. */
    void close() throws IOException {
        writer.close();
    }
}
