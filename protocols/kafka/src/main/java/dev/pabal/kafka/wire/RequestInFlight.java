package dev.pabal.kafka.wire;

import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request from its last byte to its answer. Answered once by any thread; everything else happens on the connection's loop. */
final class RequestInFlight implements KafkaRequest {
    private static final Logger LOG = LoggerFactory.getLogger(RequestInFlight.class);
    private static final VarHandle ANSWERED;

    static {
        try {
            ANSWERED = MethodHandles.lookup().findVarHandle(RequestInFlight.class, "answered", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ClientConnection connection;
    private final RequestHeader header;
    private final ApiMessage body;
    private final ByteBuf received;
    /** Where the body starts, for the error answer of a request of which only Kafka's classes know the form. */
    private final ByteBuffer bodyBytes;

    private final short answerVersion;
    private final int chargedBytes;
    private final long arrivedNs;

    @SuppressWarnings("UnusedVariable") // by ANSWERED
    private volatile boolean answered;

    private volatile boolean done;
    private @Nullable ApiMessage response;
    private @Nullable Runnable sent;
    private @Nullable RequestContext context;
    private @Nullable Runnable onNextRequest;

    RequestInFlight(ClientConnection connection, RequestParser.Parsed parsed, FrameReader.Frame frame, long arrivedNs) {
        this.connection = connection;
        this.header = parsed.header();
        this.body = parsed.body();
        this.bodyBytes = parsed.bodyBytes();
        this.answerVersion = parsed.answerVersion();
        this.received = frame.buffer();
        this.chargedBytes = frame.chargedBytes();
        this.arrivedNs = arrivedNs;
    }

    @Override
    public RequestHeader header() {
        return header;
    }

    @Override
    public ApiMessage body() {
        return body;
    }

    @Override
    public RequestContext context() {
        RequestContext made = context;
        if (made == null) {
            context = made = connection.contextOf(header);
        }
        return made;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public ScheduledExecutorService loop() {
        return connection.loop();
    }

    @Override
    public void respond(ApiMessage response) {
        answer(response, null);
    }

    @Override
    public void respond(ApiMessage response, Runnable sent) {
        answer(response, sent);
    }

    @Override
    public void respondNothing() {
        answer(null, null);
    }

    @Override
    public void fail(Throwable error) {
        Errors code = KafkaErrors.of(error);
        if (code == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("{} v{} from {} failed by a defect of the broker", apiKey(), version(), connection.peer(), error);
        }
        connection.metrics().requestFailed(apiKey());
        if (answered) {
            // The received bytes, of which the error answer is made, may be gone already.
            answer(null, null);
            return;
        }
        ApiMessage made;
        try {
            made = errorResponse(code, error);
        } catch (RuntimeException e) {
            LOG.error(
                    "{} v{}: the error {} cannot be told; closing {}", apiKey(), version(), code, connection.peer(), e);
            connection.close();
            made = null;
        }
        answer(made, null);
    }

    private @Nullable ApiMessage errorResponse(Errors code, Throwable error) {
        AbstractRequest request = AbstractRequest.parseRequest(
                        apiKey(), version(), new ByteBufferAccessor(bodyBytes.duplicate()))
                .request;
        String words = KafkaErrors.message(error);
        AbstractResponse made = request.getErrorResponse(0, words == null ? code.exception() : code.exception(words));
        return made == null ? null : made.data();
    }

    private void answer(@Nullable ApiMessage response, @Nullable Runnable sent) {
        if (!ANSWERED.compareAndSet(this, false, true)) {
            LOG.error(
                    "{} v{} from {} was answered twice; the first answer holds",
                    apiKey(),
                    version(),
                    connection.peer());
            if (sent != null) {
                sent.run();
            }
            return;
        }
        this.response = response;
        this.sent = sent;
        done = true;
        connection.answered();
    }

    @Override
    public void onNextRequest(Runnable task) {
        onNextRequest = task;
    }

    /** Another request waits for the answer to this one. */
    void hurry() {
        Runnable task = onNextRequest;
        if (task != null && !answered) {
            onNextRequest = null;
            task.run();
        }
    }

    @Override
    public void retain() {
        received.retain();
    }

    @Override
    public void release() {
        received.release();
    }

    /** Whether the answer is there: {@link #response} and {@link #sent} may then be read. */
    boolean done() {
        return done;
    }

    @Nullable
    ApiMessage response() {
        return response;
    }

    @Nullable
    Runnable sent() {
        return sent;
    }

    /** The version that the answer is written in. */
    short answerVersion() {
        return answerVersion;
    }

    int chargedBytes() {
        return chargedBytes;
    }

    long arrivedNs() {
        return arrivedNs;
    }
}
