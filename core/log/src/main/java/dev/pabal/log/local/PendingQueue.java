package dev.pabal.log.local;

import java.util.ArrayDeque;

/** What waits for the journal, in order: put by writers, taken all at once by the journal's thread. Its users bound what is in it. */
final class PendingQueue {
    private final Object lock = new Object();
    private ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private volatile boolean empty = true;
    private boolean closed;

    /** False where the queue was closed: it was not taken. */
    boolean add(Pending pending) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            waiting.add(pending);
            empty = false;
            return true;
        }
    }

    boolean isEmpty() {
        return empty;
    }

    /** Swaps what waits for {@code spare}, which must be empty. */
    ArrayDeque<Pending> swap(ArrayDeque<Pending> spare) {
        synchronized (lock) {
            ArrayDeque<Pending> taken = waiting;
            waiting = spare;
            empty = true;
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
