package dev.pabal.sqs.http;

import dev.pabal.sqs.wire.JsonReplyWriter;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/** What an event loop needs while it takes a request apart or puts a reply together: nothing of it outlives the call that uses it. */
final class Scratch {
    private static final FastThreadLocal<Scratch> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private static final int BODY_BYTES = 64 << 10;

    private final byte[] body = new byte[BODY_BYTES];
    private final ResponseHead head = new ResponseHead();
    private final JsonReplyWriter json = new JsonReplyWriter(Unpooled.EMPTY_BUFFER);

    private Scratch() {}

    static Scratch get() {
        return OF_THREAD.get();
    }

    /** Room for a body: the same one each time where it is large enough. */
    byte[] body(int length) {
        return length <= BODY_BYTES ? body : new byte[length];
    }

    ResponseHead head() {
        return head;
    }

    JsonReplyWriter json() {
        return json;
    }
}
