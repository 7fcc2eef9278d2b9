package dev.pabal.kafka.wire;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the received bytes into requests, each contiguous in memory.
 *
 * <pre>
 *   0        4
 *  +--------+-------------------+--------+----
 *  | length | header and body   | length | ...     length: bytes after this field
 *  +--------+-------------------+--------+----
 * </pre>
 *
 * Bytes are received first into a small buffer; a request that does not fit moves to one of its own, sized exactly, into which the socket
 * then reads directly: of a large request only the first few KiB are copied. That buffer grows with the bytes received (fourfold), up to the
 * announced length; what the connection has shown before (the size of its last whole request) it gets at once.
 *
 * <p>One thread: the connection's loop.
 */
final class FrameReader {
    /** Bytes of the length field. */
    static final int LENGTH_BYTES = 4;
    /** Size of the buffer that a connection receives into first. */
    static final int FIRST_BYTES = 8 * 1024;
    /** The first size of a large request's own buffer, whatever length it announces. */
    static final int FIRST_LARGE_BYTES = 64 * 1024;

    private static final int GROWTH = 4;
    private static final int MOST_PROVEN_BYTES = 4 << 20;

    private final ByteBufAllocator allocator;
    private final int maxRequestBytes;
    private final RequestMemory memory;
    private @Nullable ByteBuf received;
    /** What the request under way has been charged for its own buffer. */
    private int charged;
    /** The size of the last whole request: what this connection is trusted with before it has sent it again. */
    private int provenBytes;

    FrameReader(ByteBufAllocator allocator, int maxRequestBytes, RequestMemory memory) {
        this.allocator = allocator;
        this.maxRequestBytes = maxRequestBytes;
        this.memory = memory;
    }

    /** A buffer with room for at least one byte; the caller appends to it what the socket gives. Stays owned by the reader. */
    ByteBuf room() {
        ByteBuf at = received;
        if (at == null) {
            return received = allocator.directBuffer(FIRST_BYTES, FIRST_BYTES);
        }
        int wanted = wantedCapacity(at);
        return wanted > 0 ? received = moved(at, wanted) : at;
    }

    /** Whether these bytes were received into the buffer that {@link #room} gave. */
    boolean owns(ByteBuf bytes) {
        return bytes == received;
    }

    /** Takes bytes that came in another buffer. */
    void append(ByteBuf bytes) {
        while (bytes.isReadable()) {
            ByteBuf to = room();
            to.writeBytes(bytes, Math.min(bytes.readableBytes(), to.writableBytes()));
        }
    }

    /**
     * The size of the next request with its length field where it is whole; 0 where it is not.
     *
     * @throws BadRequestException where the length field is out of bounds
     */
    int nextWhole() {
        ByteBuf at = received;
        if (at == null || at.readableBytes() < LENGTH_BYTES) {
            return 0;
        }
        int length = at.getInt(at.readerIndex());
        if (length < 0 || length > maxRequestBytes) {
            throw new BadRequestException("announces a request of " + length + " bytes; from 8 to " + maxRequestBytes
                    + " are taken (socket.request.max.bytes)");
        }
        if (length < 8) {
            throw new BadRequestException("announces a request of " + length + " bytes; the shortest header has 8");
        }
        int whole = length + LENGTH_BYTES;
        return at.readableBytes() >= whole ? whole : 0;
    }

    /** The API key of the next request, which {@link #nextWhole} said is there. */
    short peekApiKey() {
        ByteBuf at = requireNonNull(received);
        return at.getShort(at.readerIndex() + LENGTH_BYTES);
    }

    /** Takes the next request, which {@link #nextWhole} said is there and {@code size} long. */
    Frame take(int size) {
        ByteBuf at = requireNonNull(received);
        provenBytes = Math.min(size, MOST_PROVEN_BYTES);
        int bytes = charged;
        if (bytes == 0) {
            bytes = size;
            memory.charge(size);
        }
        charged = 0;
        Frame frame = new Frame(at.retain(), at.readerIndex() + LENGTH_BYTES, size - LENGTH_BYTES, bytes);
        at.skipBytes(size);
        if (!at.isReadable() && !at.isWritable()) {
            received = null;
            at.release();
        }
        return frame;
    }

    /** Bytes received of the request under way. */
    int pendingBytes() {
        return received == null ? 0 : received.readableBytes();
    }

    /** Nothing more to read for now: a connection without a request under way holds no memory. */
    void idle() {
        if (received != null && !received.isReadable()) {
            received.release();
            received = null;
        }
    }

    void close() {
        if (received != null) {
            received.release();
            received = null;
        }
        if (charged > 0) {
            memory.release(charged);
            charged = 0;
        }
    }

    /** The capacity to move to, 0 where the present buffer will do. */
    private int wantedCapacity(ByteBuf at) {
        int readable = at.readableBytes();
        if (readable < LENGTH_BYTES) {
            return at.isWritable() ? 0 : FIRST_BYTES;
        }
        int whole = at.getInt(at.readerIndex()) + LENGTH_BYTES;
        if (readable >= whole) {
            // More whole requests than the connection may have under way: reading is paused, little comes.
            return at.isWritable() ? 0 : Math.max(FIRST_BYTES, readable * 2);
        }
        boolean fits = at.readerIndex() + whole <= at.capacity();
        if (fits || (charged > 0 && at.isWritable())) {
            return 0;
        }
        if (whole <= FIRST_BYTES) {
            return FIRST_BYTES;
        }
        long trusted = Math.max(Math.max(FIRST_LARGE_BYTES, provenBytes), (long) readable * GROWTH);
        return (int) Math.min(whole, trusted);
    }

    private ByteBuf moved(ByteBuf from, int capacity) {
        ByteBuf to = allocator.directBuffer(capacity, capacity);
        to.writeBytes(from, from.readerIndex(), from.readableBytes());
        from.release();
        if (capacity > FIRST_BYTES) {
            memory.charge(capacity - charged);
            charged = capacity;
        }
        return to;
    }

    /**
     * One whole request.
     *
     * @param buffer holds one reference for the taker
     * @param start position of the header in the buffer
     * @param length bytes of header and body
     * @param chargedBytes what the taker owes the request memory
     */
    record Frame(ByteBuf buffer, int start, int length, int chargedBytes) {}
}
