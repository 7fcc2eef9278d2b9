package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.message.AmqpRecord;
import java.nio.ByteBuffer;

/** A copy of what was handed out, in memory of its own: it may be read as often as one likes, by any thread. */
final class KeptDeliveries implements Deliveries {
    /** What an entry takes beside the record's bytes, about. */
    private static final int ENTRY_BYTES = 128;

    private final MessageQueue queue;
    private final ByteBuffer[] records;
    private final long[] offsets;
    private final int[] generations;
    private final int[] acquiredBefore;
    private final long[] firstAcquiredMs;
    private final int[] failedDeliveries;
    private final long[] baseTimestampMs;
    private long bytes;

    KeptDeliveries(Deliveries given) {
        queue = given.queue();
        int size = given.size();
        records = new ByteBuffer[size];
        offsets = new long[size];
        generations = new int[size];
        acquiredBefore = new int[size];
        firstAcquiredMs = new long[size];
        failedDeliveries = new int[size];
        baseTimestampMs = new long[size];
        AmqpRecord record = new AmqpRecord();
        for (int i = 0; i < size; i++) {
            record.wrap(given.buffer(i), given.position(i), given.baseTimestampMs(i));
            byte[] copy = new byte[record.sizeInBytes()];
            given.buffer(i).get(given.position(i), copy);
            records[i] = ByteBuffer.wrap(copy).asReadOnlyBuffer();
            offsets[i] = given.offset(i);
            generations[i] = given.generation(i);
            acquiredBefore[i] = given.acquiredBefore(i);
            firstAcquiredMs[i] = given.firstAcquiredMs(i);
            failedDeliveries[i] = given.failedDeliveries(i);
            baseTimestampMs[i] = given.baseTimestampMs(i);
            bytes += copy.length + ENTRY_BYTES;
        }
    }

    long[] offsets() {
        return offsets;
    }

    int[] generations() {
        return generations;
    }

    @Override
    public MessageQueue queue() {
        return queue;
    }

    @Override
    public int size() {
        return records.length;
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
        return acquiredBefore[index] > 0;
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
        return failedDeliveries[index];
    }

    @Override
    public ByteBuffer buffer(int index) {
        return records[index];
    }

    @Override
    public int position(int index) {
        return 0;
    }

    @Override
    public long baseTimestampMs(int index) {
        return baseTimestampMs[index];
    }

    /** The memory that it takes, about. */
    @Override
    public long windowBytes() {
        return bytes;
    }

    @Override
    public long readyAfter() {
        return 0;
    }

    @Override
    public void close() {
        // its memory is the heap's
    }
}
