package dev.pabal.amqp.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Messages with the given bodies, one batch, handed out at once. */
final class FakeDeliveries implements Deliveries {
    private final MessageQueue queue;
    private final long firstOffset;
    private final ByteBuffer batch;
    private final List<Integer> positions = new ArrayList<>();

    FakeDeliveries(MessageQueue queue, long firstOffset, String... bodies) {
        this.queue = queue;
        this.firstOffset = firstOffset;
        AmqpBatch building = new AmqpBatch(new BatchMemory(0));
        for (String body : bodies) {
            byte[] bytes = body.getBytes(UTF_8);
            building.add(
                    new byte[0],
                    "k".getBytes(UTF_8),
                    ByteBuffer.allocate(2),
                    0,
                    2,
                    ByteBuffer.wrap(bytes),
                    0,
                    bytes.length);
        }
        this.batch = building.seal(1_000);
        AmqpRecord record = new AmqpRecord();
        int at = BatchHeader.BYTES;
        for (int i = 0; i < bodies.length; i++) {
            positions.add(at);
            record.wrap(batch, at, 1_000);
            at += record.sizeInBytes();
        }
    }

    @Override
    public MessageQueue queue() {
        return queue;
    }

    @Override
    public int size() {
        return positions.size();
    }

    @Override
    public long offset(int index) {
        return firstOffset + index;
    }

    @Override
    public int generation(int index) {
        return 1;
    }

    @Override
    public boolean redelivered(int index) {
        return false;
    }

    @Override
    public int acquiredBefore(int index) {
        return 0;
    }

    @Override
    public int failedDeliveries(int index) {
        return 0;
    }

    @Override
    public long firstAcquiredMs(int index) {
        return 0;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return batch;
    }

    @Override
    public int position(int index) {
        return positions.get(index);
    }

    @Override
    public long baseTimestampMs(int index) {
        return 1_000;
    }

    @Override
    public long windowBytes() {
        return batch.limit();
    }

    @Override
    public long readyAfter() {
        return 0;
    }

    @Override
    public void close() {
        batch.clear();
    }
}
