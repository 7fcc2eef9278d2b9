package dev.pabal.log.local;

import java.util.ArrayDeque;

/** What waits for the journal, in order: put by writers, taken all at once by the journal's thread. Its users bound what is in it. */
final class PendingQueue {
    private final Object lock = new Object();
    private ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private volatile boolean empty = true;
    private long bytes;
    private int wantedEntries = Integer.MAX_VALUE;
    private long wantedBytes = Long.MAX_VALUE;
    private volatile boolean enough;
    private boolean closed;

    /** False where the queue was closed: it was not taken. */
    boolean add(Pending pending) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            waiting.add(pending);
            bytes += pending.entryBytes();
            empty = false;
            if (waiting.size() >= wantedEntries || bytes >= wantedBytes) {
                enough = true;
            }
            return true;
        }
    }

    boolean isEmpty() {
        return empty;
    }

    /**
     * Whether it is worth while to wait for more: something waits already, but neither {@code worthEntries} nor {@code worthBytes} of it. From
     * here on {@link #isEnough} tells when {@code more} entries have come, or it is not worth while any more.
     */
    boolean gather(int more, int worthEntries, long worthBytes) {
        if (empty) {
            return false;
        }
        synchronized (lock) {
            wantedEntries = Math.min(worthEntries, waiting.size() + more);
            wantedBytes = worthBytes;
            enough = waiting.size() >= wantedEntries || bytes >= wantedBytes;
            return !enough;
        }
    }

    /** Whether what {@link #gather} asked for has come. */
    boolean isEnough() {
        return enough;
    }

    /** Swaps what waits for {@code spare}, which must be empty. */
    ArrayDeque<Pending> swap(ArrayDeque<Pending> spare) {
        synchronized (lock) {
            ArrayDeque<Pending> taken = waiting;
            waiting = spare;
            bytes = 0;
            empty = true;
            wantedEntries = Integer.MAX_VALUE;
            wantedBytes = Long.MAX_VALUE;
            enough = false;
            return taken;
        }
    }

    /** Takes nothing more. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    /** Takes this as the last; false where the queue was closed before. */
    boolean closeWith(Pending last) {
        synchronized (lock) {
            boolean added = add(last);
            closed = true;
            return added;
        }
    }
}
