package dev.pabal.amqp.channel;

import java.util.concurrent.atomic.AtomicInteger;

/** How many routes all connections together may remember: one may use many keys, or thousands may use some. Any thread. */
final class RouteBudget {
    private final AtomicInteger left;

    RouteBudget(int routes) {
        this.left = new AtomicInteger(routes);
    }

    /** Whether so many more may be remembered; then they must be given back. */
    boolean take(int routes) {
        int now = left.get();
        while (now >= routes) {
            if (left.compareAndSet(now, now - routes)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    void giveBack(int routes) {
        left.addAndGet(routes);
    }

    /** How many more may be remembered. */
    int left() {
        return left.get();
    }
}
