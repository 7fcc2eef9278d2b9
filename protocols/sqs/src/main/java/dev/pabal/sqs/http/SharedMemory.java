package dev.pabal.sqs.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that requests and unsent replies of all connections share. Any thread. */
final class SharedMemory {
    private final long limitInBytes;
    private final AtomicLong used = new AtomicLong();

    SharedMemory(long limitInBytes) {
        this.limitInBytes = limitInBytes;
    }

    /** Takes what is used already; false where that is beyond the limit, which is taken all the same. */
    boolean charge(long bytes) {
        return used.addAndGet(bytes) <= limitInBytes;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long usedInBytes() {
        return used.get();
    }
}
