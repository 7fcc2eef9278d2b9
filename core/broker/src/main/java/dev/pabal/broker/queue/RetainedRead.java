package dev.pabal.broker.queue;

import dev.pabal.log.LogRead;
import java.util.concurrent.atomic.AtomicInteger;

/** A read whose memory several may use: it goes back when the last of them lets go. Begins with one user. */
final class RetainedRead {
    private final LogRead read;
    private final AtomicInteger users = new AtomicInteger(1);

    RetainedRead(LogRead read) {
        this.read = read;
    }

    LogRead read() {
        return read;
    }

    /** One more user; only by somebody who is one. */
    void retain() {
        users.incrementAndGet();
    }

    /** One user less. Any thread. */
    void release() {
        int left = users.decrementAndGet();
        if (left == 0) {
            read.close();
        } else if (left < 0) {
            throw new IllegalStateException("memory of a log was given back twice");
        }
    }
}
