package dev.pabal.amqp.codec;

import dev.pabal.message.FieldTable;
import dev.pabal.message.FieldTableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A method as it was received: its numbers are read, its texts and tables stay where they lie. Valid until the handler it is shown to
 * returns. The classes of the single methods are generated.
 *
 * <pre>
 *   | class id (2) | method id (2) | arguments ... |      bits that follow one another share octets, the first in bit 0
 * </pre>
 *
 * @see <a href="https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf">AMQP 0-9-1, 4.2.4</a>
 */
public abstract class Method {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NONE;
    private int next;
    private int limit;

    /** Class id in the upper half, method id in the lower. */
    public abstract int id();

    /** For people: {@code basic.publish}. */
    public abstract String word();

    /**
     * Reads the arguments that lie from {@code at} to {@code limit}.
     *
     * @throws MalformedFrameException where they end too early or too late
     */
    public abstract void wrap(ByteBuffer in, int at, int limit);

    /** Whether a header and body follow. */
    public boolean hasContent() {
        return false;
    }

    /** The memory that the positions of texts and tables point into. */
    public ByteBuffer buffer() {
        return buffer;
    }

    // ---- for the generated classes: each reads the next argument

    protected void begin(ByteBuffer in, int at, int end) {
        this.buffer = in;
        this.next = at;
        this.limit = end;
    }

    protected void end() {
        if (next != limit) {
            throw malformed();
        }
    }

    protected int position() {
        return next;
    }

    protected int octet() {
        return buffer.get(take(1)) & 0xff;
    }

    protected int unsignedShort() {
        return buffer.getShort(take(2)) & 0xffff;
    }

    protected long unsignedInt() {
        return buffer.getInt(take(4)) & 0xffffffffL;
    }

    protected long longlong() {
        return buffer.getLong(take(8));
    }

    /** Passes over a short text; returns its length. */
    protected int shortstr() {
        int length = octet();
        take(length);
        return length;
    }

    /** Passes over a long text; returns its length. */
    protected int longstr() {
        long length = unsignedInt();
        if (length > limit - next) {
            throw malformed();
        }
        take((int) length);
        return (int) length;
    }

    /** Passes over a table; returns its length with the length field. */
    protected int table() {
        try {
            int length = FieldTable.end(buffer, next, limit) - next;
            next += length;
            return length;
        } catch (FieldTableException e) {
            throw malformed();
        }
    }

    protected String text(int at, int length) {
        return new String(bytes(at, length), StandardCharsets.UTF_8);
    }

    protected byte[] bytes(int at, int length) {
        byte[] bytes = new byte[length];
        buffer.get(at, bytes);
        return bytes;
    }

    /** @throws MalformedFrameException where the bytes inside are no table */
    protected Map<String, Object> map(int at, int length) {
        try {
            return FieldTable.decode(buffer, at, at + length);
        } catch (FieldTableException e) {
            throw new MalformedFrameException("cannot decode " + word() + ": " + e.getMessage());
        }
    }

    private int take(int bytes) {
        int at = next;
        if (bytes > limit - at) {
            throw malformed();
        }
        next = at + bytes;
        return at;
    }

    private MalformedFrameException malformed() {
        return new MalformedFrameException("cannot decode " + word());
    }
}
