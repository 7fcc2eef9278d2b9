package dev.pabal.message;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Buffers for batches that the broker builds, used again and again. Sizes are powers of two; what is larger than {@value #LARGEST} bytes is
 * made anew each time. Any thread.
 */
public final class BatchMemory {
    /** Bytes of the smallest buffer. */
    public static final int SMALLEST = 4 << 10;
    /** Bytes of the largest buffer that is kept. */
    public static final int LARGEST = 1 << 20;

    private final List<ArrayDeque<ByteBuffer>> idle = new ArrayList<>();
    private final long maxIdleBytes;
    private long idleBytes;

    /** @param maxIdleBytes how much memory is kept for later use */
    public BatchMemory(long maxIdleBytes) {
        this.maxIdleBytes = maxIdleBytes;
        for (int size = SMALLEST; size <= LARGEST; size <<= 1) {
            idle.add(new ArrayDeque<>());
        }
    }

    /** A buffer of at least {@code bytes}, with limit at its capacity. */
    public ByteBuffer take(int bytes) {
        if (bytes > LARGEST) {
            return ByteBuffer.allocate(bytes);
        }
        int sizeClass = sizeClass(bytes);
        synchronized (this) {
            ByteBuffer buffer = idle.get(sizeClass).pollLast();
            if (buffer != null) {
                idleBytes -= buffer.capacity();
                return buffer.clear();
            }
        }
        return ByteBuffer.allocate(SMALLEST << sizeClass);
    }

    /** Gives a buffer back that nobody will touch any more. */
    public void giveBack(ByteBuffer buffer) {
        int capacity = buffer.capacity();
        if (capacity > LARGEST) {
            return;
        }
        synchronized (this) {
            if (idleBytes + capacity <= maxIdleBytes) {
                idleBytes += capacity;
                idle.get(sizeClass(capacity)).addLast(buffer);
            }
        }
    }

    private static int sizeClass(int bytes) {
        int smallest = Integer.numberOfTrailingZeros(SMALLEST);
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(Math.max(1, bytes) - 1) - smallest);
    }
}
