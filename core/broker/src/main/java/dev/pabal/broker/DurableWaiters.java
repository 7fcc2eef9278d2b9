package dev.pabal.broker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who wait for a partition's durable end to move. Registering and cancelling cost the same however many wait; where nobody waits, the
 * store's thread does no more than one read.
 */
final class DurableWaiters {
    private static final Logger LOG = LoggerFactory.getLogger(DurableWaiters.class);

    /** First of a doubly linked list, newest first; written under this object's monitor. */
    private volatile @Nullable Node first;

    /** Registers a wait until the end lies beyond {@code offset}. The caller must look at the end again afterwards. */
    Node add(long offset, Runnable task) {
        Node node = new Node(this, offset, task);
        synchronized (this) {
            Node next = first;
            node.next = next;
            if (next != null) {
                next.previous = node;
            }
            node.linked = true;
            first = node;
        }
        return node;
    }

    /** Runs, on the caller's thread, every wait that {@code end} ends. */
    void reached(long end) {
        if (first == null) {
            return;
        }
        Node ready = null;
        synchronized (this) {
            Node node = first;
            while (node != null) {
                Node next = node.next;
                if (node.offset < end) {
                    unlink(node);
                    node.next = ready;
                    ready = node;
                }
                node = next;
            }
        }
        while (ready != null) {
            Node next = ready.next;
            ready.next = null;
            run(ready.task);
            ready = next;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a reader that waited for new records failed; the others go on", e);
        }
    }

    /** True where the node was still waiting. */
    private synchronized boolean remove(Node node) {
        if (!node.linked) {
            return false;
        }
        unlink(node);
        node.next = null;
        return true;
    }

    private void unlink(Node node) {
        Node previous = node.previous;
        Node next = node.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        node.previous = null;
        node.linked = false;
    }

    /** One wait. Its links are guarded by the monitor of its list. */
    static final class Node implements Partition.Waiter {
        private final DurableWaiters list;
        private final long offset;
        private final Runnable task;
        private @Nullable Node previous;
        private @Nullable Node next;
        private boolean linked;

        Node(DurableWaiters list, long offset, Runnable task) {
            this.list = list;
            this.offset = offset;
            this.task = task;
        }

        @Override
        public void cancel() {
            list.remove(this);
        }

        /** Runs the wait now, unless it ran or was cancelled. */
        void fire() {
            if (list.remove(this)) {
                DurableWaiters.run(task);
            }
        }
    }
}
