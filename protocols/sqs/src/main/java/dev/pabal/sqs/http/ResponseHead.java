package dev.pabal.sqs.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes the first lines of a response in front of its body, when the body's length is known:
 *
 * <pre>
 *  0            readerIndex       MAX_BYTES           writerIndex
 *  | unused     | HTTP/1.1 200 ... | body ...         |
 * </pre>
 *
 * <p>For one thread, one response at a time.
 */
final class ResponseHead {
    /** Room to be left in front of a body. */
    static final int MAX_BYTES = 512;

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    /** Begins with a status line such as {@code 200 OK}. */
    ResponseHead begin(String status) {
        length = 0;
        return text("HTTP/1.1 ").text(status).text("\r\n");
    }

    /** Adds a header; both texts are of ASCII and hold no line ends. */
    ResponseHead header(String name, String value) {
        return text(name).text(": ").text(value).text("\r\n");
    }

    /** Puts the head in front of the body in {@code response}, which begins at {@link #MAX_BYTES}. */
    void finish(ByteBuf response) {
        header("Content-Length", Integer.toString(response.writerIndex() - MAX_BYTES));
        text("\r\n");
        int at = MAX_BYTES - length;
        response.setBytes(at, bytes, 0, length);
        response.readerIndex(at);
    }

    @SuppressWarnings("deprecation") // copies characters of ASCII as bytes, with no garbage
    private ResponseHead text(String text) {
        int end = length + text.length();
        if (end > MAX_BYTES) {
            throw new IllegalStateException(
                    "a response's head is too long: " + new String(bytes, 0, length, StandardCharsets.US_ASCII) + text);
        }
        text.getBytes(0, text.length(), bytes, length);
        length = end;
        return this;
    }
}
