package dev.pabal.broker.queue;

import dev.pabal.queue.Acquired;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Deliveries gathered for one holder: rows of numbers, so that a message costs no object. */
final class DeliveryBatch implements Deliveries {
    /** Where one message goes to each of many queues, it stays at one; a row of them has room for eight at once. */
    private static final int FIRST_CAPACITY = 1;

    private static final int NEXT_CAPACITY = 8;

    private static final int LONGS = 3;
    private static final int OFFSET = 0;
    private static final int FIRST_ACQUIRED_MS = 1;
    private static final int BASE_TIMESTAMP_MS = 2;

    private static final int INTS = 5;
    private static final int GENERATION = 0;
    private static final int ACQUIRED_BEFORE = 1;
    private static final int FAILED = 2;
    private static final int POSITION = 3;
    private static final int REDELIVERED = 4;

    private final MessageQueue queue;
    private int size;
    private long[] longs = new long[FIRST_CAPACITY * LONGS];
    private int[] ints = new int[FIRST_CAPACITY * INTS];
    private ByteBuffer[] buffers = new ByteBuffer[FIRST_CAPACITY];
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
        if (size == buffers.length) {
            grow();
        }
        int i = size++;
        longs[i * LONGS + OFFSET] = message.offset;
        longs[i * LONGS + FIRST_ACQUIRED_MS] = message.firstAcquiredMs;
        longs[i * LONGS + BASE_TIMESTAMP_MS] = found.baseTimestampMs();
        ints[i * INTS + GENERATION] = message.generation;
        ints[i * INTS + ACQUIRED_BEFORE] = message.acquiredBefore;
        ints[i * INTS + FAILED] = message.failedDeliveries;
        ints[i * INTS + POSITION] = found.position();
        ints[i * INTS + REDELIVERED] = message.redelivered ? 1 : 0;
        buffers[i] = found.buffer();
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
        longs = Arrays.copyOf(longs, larger * LONGS);
        ints = Arrays.copyOf(ints, larger * INTS);
        buffers = Arrays.copyOf(buffers, larger);
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
        return longs[index * LONGS + OFFSET];
    }

    @Override
    public int generation(int index) {
        return ints[index * INTS + GENERATION];
    }

    @Override
    public boolean redelivered(int index) {
        return ints[index * INTS + REDELIVERED] != 0;
    }

    @Override
    public int acquiredBefore(int index) {
        return ints[index * INTS + ACQUIRED_BEFORE];
    }

    @Override
    public long firstAcquiredMs(int index) {
        return longs[index * LONGS + FIRST_ACQUIRED_MS];
    }

    @Override
    public int failedDeliveries(int index) {
        return ints[index * INTS + FAILED];
    }

    @Override
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    @Override
    public int position(int index) {
        return ints[index * INTS + POSITION];
    }

    @Override
    public long baseTimestampMs(int index) {
        return longs[index * LONGS + BASE_TIMESTAMP_MS];
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
