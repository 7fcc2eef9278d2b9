package dev.pabal.sqs.auth;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What of a request a signature is made over. The body lies in a buffer that is used again: nobody keeps it.
 *
 * @param method as in the request's first line
 * @param uri path and query as received, nothing decoded
 * @param headers those of the request
 * @param body what remains of it is the body
 * @param fromLoopback whether the peer is on this machine
 */
public record ReceivedRequest(String method, String uri, Headers headers, ByteBuffer body, boolean fromLoopback) {
    /** A request's headers by name, whatever its case. */
    public interface Headers {
        /** All values in the order received, empty where there is none. */
        List<String> all(String name);
    }

    /** The first value of a header, empty where there is none. */
    public String header(String name) {
        List<String> values = headers.all(name);
        return values.isEmpty() ? "" : values.get(0);
    }
}
