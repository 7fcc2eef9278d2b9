package dev.pabal.amqp.connection;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Bytes behind a frame that broke the rules: where the next one begins is not known. They are read and dropped until the client agrees to the
 * close, for a socket that is closed with unread bytes in it is reset, and the client would not learn why. On the connection's event loop.
 */
final class LostFrames {
    /** {@code connection.close-ok} as a frame. */
    private static final byte[] CLOSE_OK = {1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 51, (byte) 0xce};

    /** The bytes received last. */
    private final byte[] tail = new byte[CLOSE_OK.length];

    /** Takes bytes; whether all that came so far ends with the client's agreement. */
    boolean agreed(ByteBuf bytes) {
        int taken = Math.min(bytes.readableBytes(), tail.length);
        int kept = tail.length - taken;
        System.arraycopy(tail, taken, tail, 0, kept);
        bytes.getBytes(bytes.writerIndex() - taken, tail, kept, taken);
        return Arrays.equals(tail, CLOSE_OK);
    }
}
