package dev.pabal.message;

import dev.pabal.log.BatchHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch of messages published over AMQP, each in the layout that {@link AmqpRecord} draws. Bodies are copied once, nothing
 * is allocated for a message unless its headers are numbers. The buffer comes from a {@link BatchMemory} and goes to whoever takes
 * {@link #seal}; the object serves many batches. For one thread.
 */
public final class AmqpBatch {
    private static final int PER_RECORD_BYTES = 64;

    private final BatchMemory memory;
    private final AmqpHeaders headers;
    private @Nullable ByteBuffer out;
    private int records;
    private long bodyBytes;
    private int bodyMissing;

    public AmqpBatch(BatchMemory memory) {
        this(memory, new AmqpHeaders());
    }

    /** @param headers may serve several batches of one thread, as long as each message is complete before another is begun in any of them */
    public AmqpBatch(BatchMemory memory, AmqpHeaders headers) {
        this.memory = memory;
        this.headers = headers;
    }

    /** Records so far. */
    public int records() {
        return records;
    }

    /** Bytes of all bodies so far. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** Bytes of the batch so far; 0 while there is none. */
    public int sizeInBytes() {
        return out == null ? 0 : out.position();
    }

    /** Adds a message whose body lies in one piece. As {@link #begin} and {@link #body}. */
    public void add(
            byte[] exchange,
            byte[] routingKey,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength) {
        begin(exchange, routingKey, properties, propertiesAt, propertiesLength, bodyLength);
        body(body, bodyAt, bodyLength);
    }

    /**
     * Begins a message; its body must follow by {@link #body}, exactly {@code bodyLength} bytes, before anything else.
     *
     * @param exchange name of the exchange that it was published to, at most 255 bytes
     * @param routingKey at most 255 bytes
     * @param properties holds the raw properties: flags and list
     * @throws FieldTableException where the properties are malformed; the batch is then as before
     */
    public void begin(
            byte[] exchange,
            byte[] routingKey,
            ByteBuffer properties,
            int propertiesAt,
            int propertiesLength,
            int bodyLength) {
        headers.write(exchange, properties, propertiesAt, propertiesLength);
        int keyBytes = routingKey.length == 0 ? 1 : Varints.sizeOf(routingKey.length) + routingKey.length;
        int headerCountBytes = Varints.sizeOf(headers.count());
        int length = 1
                + 1
                + Varints.sizeOf(records)
                + keyBytes
                + Varints.sizeOf(bodyLength)
                + bodyLength
                + headerCountBytes
                + headers.bytes().limit();
        ByteBuffer to = room(length + 5);
        Varints.put(to, length);
        to.put((byte) 0).put((byte) 0);
        Varints.put(to, records);
        if (routingKey.length == 0) {
            to.put((byte) 1); // zig-zag of -1: no key
        } else {
            Varints.put(to, routingKey.length);
            to.put(routingKey);
        }
        Varints.put(to, bodyLength);
        bodyMissing = bodyLength;
        bodyBytes += bodyLength;
        records++;
        finishIfWhole(to);
    }

    /** Adds the next piece of the body of the message that was begun. */
    public void body(ByteBuffer in, int at, int length) {
        if (length == 0) {
            return;
        }
        if (length > bodyMissing || out == null) {
            throw new IllegalStateException("a body longer than announced");
        }
        out.put(out.position(), in, at, length);
        out.position(out.position() + length);
        bodyMissing -= length;
        finishIfWhole(out);
    }

    private void finishIfWhole(ByteBuffer to) {
        if (bodyMissing == 0) {
            Varints.put(to, headers.count());
            to.put(headers.bytes());
        }
    }

    /**
     * Completes the batch: from 0 to the buffer's limit, offsets from 0. The buffer is the caller's until it gives it back to the memory; this
     * object is ready for the next batch.
     *
     * @param timestampMs of all its records
     */
    public ByteBuffer seal(long timestampMs) {
        ByteBuffer batch = out;
        if (batch == null || bodyMissing > 0) {
            throw new IllegalStateException("nothing to seal, or a body that is not complete");
        }
        batch.flip();
        batch.putLong(0, 0L);
        batch.putInt(8, batch.limit() - BatchHeader.LENGTH_OVERHEAD);
        batch.putInt(12, 0);
        batch.put(16, (byte) 2);
        batch.putShort(21, (short) 0);
        batch.putInt(23, records - 1);
        batch.putLong(27, timestampMs);
        batch.putLong(35, timestampMs);
        batch.putLong(43, -1L);
        batch.putShort(51, (short) -1);
        batch.putInt(53, -1);
        batch.putInt(57, records);
        BatchCheck.seal(batch);
        reset();
        return batch;
    }

    /** Forgets what was begun and gives its memory back. */
    public void drop() {
        if (out != null) {
            memory.giveBack(out);
        }
        reset();
    }

    private void reset() {
        out = null;
        records = 0;
        bodyBytes = 0;
        bodyMissing = 0;
    }

    private ByteBuffer room(int bytes) {
        ByteBuffer now = out;
        if (now == null) {
            now = memory.take(BatchHeader.BYTES + bytes + PER_RECORD_BYTES);
            now.position(BatchHeader.BYTES);
        } else if (now.remaining() < bytes) {
            ByteBuffer larger = memory.take(Math.max(Math.addExact(now.position(), bytes), now.capacity() * 2));
            larger.put(now.flip());
            memory.giveBack(now);
            now = larger;
        }
        out = now;
        return now;
    }
}
