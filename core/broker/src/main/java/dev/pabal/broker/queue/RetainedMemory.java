package dev.pabal.broker.queue;

import java.util.concurrent.atomic.AtomicInteger;

/** Memory that several may use: it goes back when the last of them lets go. Begins with one user. */
final class RetainedMemory {
    private final Runnable giveBack;
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param giveBack run once, on any thread */
    RetainedMemory(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /** One more user; only by somebody who is one. */
    void retain() {
        users.incrementAndGet();
    }

    /** One user less. Any thread. */
    void release() {
        int left = users.decrementAndGet();
        if (left == 0) {
            giveBack.run();
        } else if (left < 0) {
            throw new IllegalStateException("memory of a log was given back twice");
        }
    }
}
