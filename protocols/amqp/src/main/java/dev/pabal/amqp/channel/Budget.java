package dev.pabal.amqp.channel;

import java.util.concurrent.atomic.AtomicLong;

/** So much of something that all connections share. Any thread. */
public final class Budget {
    private final long total;
    private final AtomicLong left;

    public Budget(long total) {
        this.total = total;
        this.left = new AtomicLong(total);
    }

    /** Whether so much is left; then it is taken, and must be given back. */
    boolean take(long amount) {
        long now = left.get();
        while (now >= amount) {
            if (left.compareAndSet(now, now - amount)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** Takes so much also where it is not left: it is there already. */
    void overdraw(long amount) {
        left.addAndGet(-amount);
    }

    void giveBack(long amount) {
        left.addAndGet(amount);
    }

    /** Whether more was taken than there is. */
    boolean isOverdrawn() {
        return left.get() < 0;
    }

    /** Whether so much was taken that nothing should be kept for later. */
    boolean isHalfTaken() {
        return left.get() < total / 2;
    }

    long left() {
        return left.get();
    }

    /** How much there is in all. */
    long total() {
        return total;
    }
}
