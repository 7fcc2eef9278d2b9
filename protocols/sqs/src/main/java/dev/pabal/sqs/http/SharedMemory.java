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

    /** Whether what is left is for small requests: many large ones that come slowly must not keep everybody else out. */
    boolean isScarce() {
        return used.get() > limitInBytes - limitInBytes / 8;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long usedInBytes() {
        return used.get();
    }
}
