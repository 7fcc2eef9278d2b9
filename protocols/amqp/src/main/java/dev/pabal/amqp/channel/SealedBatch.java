package dev.pabal.amqp.channel;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A batch of messages on its way into a queue or partition. Where the disk has no room for it, it is held and tried again, unchanged: so its
 * memory is given back only once the store has let go of it and it is known not to be tried again. On the connection's event loop but where
 * said otherwise.
 */
final class SealedBatch implements Held.Batch {
    /** What a batch takes beside its bytes: its objects here, in its queue and in the log. */
    static final int COST_BYTES = 1 << 10;

    private final Target target;
    private final PublishGroup group;
    private final long number;
    private final ByteBuffer bytes;
    private final int records;
    private final long bodyBytes;
    private final List<IndexEntry> index;
    private final Target.@Nullable Refusals numbers;
    private final boolean unconfirmed;
    private final Publishes publishes;
    private final Budget underWayBytes;
    /** What must happen until the memory is free: it is known not to be tried again; while it is tried, the store lets go of it. */
    private final AtomicInteger owed = new AtomicInteger(1);

    private @Nullable Thread caller;
    private boolean releasedInCall;
    private boolean taken;

    SealedBatch(
            Publishes publishes,
            Target target,
            PublishGroup group,
            long number,
            ByteBuffer bytes,
            int records,
            long bodyBytes,
            List<IndexEntry> index,
            Target.@Nullable Refusals numbers,
            boolean unconfirmed) {
        this.publishes = publishes;
        this.underWayBytes = publishes.memory().underWayBytes();
        this.target = target;
        this.group = group;
        this.number = number;
        this.bytes = bytes;
        this.records = records;
        this.bodyBytes = bodyBytes;
        this.index = index;
        this.numbers = numbers;
        this.unconfirmed = unconfirmed;
    }

    PublishGroup group() {
        return group;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public int records() {
        return records;
    }

    @Override
    public int sizeInBytes() {
        return bytes.capacity();
    }

    /** What it takes in memory until it is stored: to thousands of queues, more than what was published. */
    private int cost() {
        return bytes.capacity() + COST_BYTES;
    }

    /** Appends it. */
    void append() {
        underWayBytes.overdraw(cost());
        owed.set(2);
        releasedInCall = false;
        caller = Thread.currentThread();
        CompletableFuture<?> stored;
        try {
            stored = target.append(bytes, records, bodyBytes, index, this::released);
        } catch (RuntimeException e) {
            stored = CompletableFuture.failedFuture(e);
        }
        caller = null;
        if (releasedInCall && !stored.isDone()) {
            // The log has taken the bytes over.
            taken = true;
            freed();
        }
        stored.whenComplete((nothing, error) -> answered(error));
    }

    @Override
    public void again() {
        publishes.triedAgain(this);
        append();
    }

    @Override
    public void drop() {
        freed();
    }

    /** The store has let go of the memory. Any thread. */
    private void released() {
        if (Thread.currentThread() == caller) {
            releasedInCall = true;
        }
        freed();
    }

    private void freed() {
        if (owed.decrementAndGet() == 0) {
            target.giveBack(bytes);
        }
    }

    /** Any thread. */
    private void answered(@Nullable Throwable error) {
        underWayBytes.giveBack(cost());
        if (!taken && noRoom(error)) {
            publishes.noRoom(this);
            return;
        }
        if (!taken) {
            freed();
        }
        group.appended(numbers, unconfirmed, error);
    }

    private static boolean noRoom(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Cause.of(error);
        return cause instanceof BrokerException e && e.refusal() == Refusal.DISK_FULL;
    }
}
