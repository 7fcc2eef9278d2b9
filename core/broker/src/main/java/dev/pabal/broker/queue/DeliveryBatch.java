package dev.pabal.broker.queue;

import dev.pabal.queue.Acquired;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Deliveries gathered for one holder: parallel arrays, so that a message costs no object. */
final class DeliveryBatch implements Deliveries {
    /** Where one message goes to each of many queues, it stays at one; a row of them has room for eight at once. */
    private static final int FIRST_CAPACITY = 1;

    private static final int NEXT_CAPACITY = 8;

    private final MessageQueue queue;
    private int size;
    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private boolean[] redelivered = new boolean[FIRST_CAPACITY];
    private int[] acquiredBefore = new int[FIRST_CAPACITY];
    private long[] firstAcquiredMs = new long[FIRST_CAPACITY];
    private int[] failed = new int[FIRST_CAPACITY];
    private ByteBuffer[] buffers = new ByteBuffer[FIRST_CAPACITY];
    private int[] positions = new int[FIRST_CAPACITY];
    private long[] baseTimestampsMs = new long[FIRST_CAPACITY];
    /** Memory that is held, each once in a row. */
    private RetainedMemory[] memory = new RetainedMemory[1];

    private int memorySize;
    private long windowBytes;
    private long readyAfter;
    private boolean closed;

    DeliveryBatch(MessageQueue queue) {
        this.queue = queue;
    }

    /** Adds the message that was found. */
    void add(Acquired message, FoundRecord found) {
        if (size == offsets.length) {
            grow();
        }
        int i = size++;
        offsets[i] = message.offset;
        generations[i] = message.generation;
        redelivered[i] = message.redelivered;
        acquiredBefore[i] = message.acquiredBefore;
        firstAcquiredMs[i] = message.firstAcquiredMs;
        failed[i] = message.failedDeliveries;
        buffers[i] = found.buffer();
        positions[i] = found.position();
        baseTimestampsMs[i] = found.baseTimestampMs();
        windowBytes += found.sizeInBytes();
        hold(found.retained());
    }

    private void hold(RetainedMemory more) {
        if (memorySize > 0 && memory[memorySize - 1] == more) {
            return;
        }
        if (memorySize == memory.length) {
            memory = Arrays.copyOf(memory, memorySize * 2);
        }
        more.retain();
        memory[memorySize++] = more;
    }

    private void grow() {
        int larger = Math.max(NEXT_CAPACITY, size * 2);
        offsets = Arrays.copyOf(offsets, larger);
        generations = Arrays.copyOf(generations, larger);
        redelivered = Arrays.copyOf(redelivered, larger);
        acquiredBefore = Arrays.copyOf(acquiredBefore, larger);
        firstAcquiredMs = Arrays.copyOf(firstAcquiredMs, larger);
        failed = Arrays.copyOf(failed, larger);
        buffers = Arrays.copyOf(buffers, larger);
        positions = Arrays.copyOf(positions, larger);
        baseTimestampsMs = Arrays.copyOf(baseTimestampsMs, larger);
    }

    /** The last word before it is handed over. */
    void readyAfter(long ready) {
        readyAfter = ready;
    }

    @Override
    public MessageQueue queue() {
        return queue;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long offset(int index) {
        return offsets[index];
    }

    @Override
    public int generation(int index) {
        return generations[index];
    }

    @Override
    public boolean redelivered(int index) {
        return redelivered[index];
    }

    @Override
    public int acquiredBefore(int index) {
        return acquiredBefore[index];
    }

    @Override
    public long firstAcquiredMs(int index) {
        return firstAcquiredMs[index];
    }

    @Override
    public int failedDeliveries(int index) {
        return failed[index];
    }

    @Override
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    @Override
    public int position(int index) {
        return positions[index];
    }

    @Override
    public long baseTimestampMs(int index) {
        return baseTimestampsMs[index];
    }

    @Override
    public long windowBytes() {
        return windowBytes;
    }

    @Override
    public long readyAfter() {
        return readyAfter;
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("deliveries were closed twice");
        }
        closed = true;
        for (int i = 0; i < memorySize; i++) {
            memory[i].release();
        }
    }
}
