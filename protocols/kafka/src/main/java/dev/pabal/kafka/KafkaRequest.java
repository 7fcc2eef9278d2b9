package dev.pabal.kafka;

import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * One request on its way through a handler. Exactly one of {@link #respond}, {@link #respondNothing} and {@link #fail} must be called,
 * once, by any thread; responses leave the connection in the order of its requests, whatever order they are made in.
 */
public interface KafkaRequest {
    RequestHeader header();

    /** The generated message, e.g. {@code ProduceRequestData}; byte fields are slices of the received buffer, valid until the answer is sent. */
    ApiMessage body();

    default ApiKeys apiKey() {
        return header().apiKey();
    }

    default short version() {
        return header().apiVersion();
    }

    /** Kafka's context of the request (client id, address, principal), for parts of Kafka that want one. */
    RequestContext context();

    /** Things that live as long as the connection: fetch sessions do not, the client's name and version do. */
    Connection connection();

    /** The connection's event loop; timers too. */
    ScheduledExecutorService loop();

    /** Sends the generated response message, e.g. {@code FetchResponseData}. */
    void respond(ApiMessage response);

    /**
     * As {@link #respond}; {@code sent} runs once when the bytes have left or the connection has gone: what the response points to may then
     * be released.
     */
    void respond(ApiMessage response, Runnable sent);

    /** Sends no answer (produce with {@code acks=0}). */
    void respondNothing();

    /** Answers with the error response that Kafka gives for this API where the whole request fails. */
    void fail(Throwable error);

    /**
     * Has {@code task} run on the loop when the client has sent a request that waits for the answer to this one: who waits for no more than
     * that something may happen should answer now. At most one task; none runs after the answer.
     */
    default void onNextRequest(Runnable task) {}

    /** Keeps the received bytes alive until {@link #release} was called as often: for handlers that hold slices beyond the answer. */
    void retain();

    void release();

    /** A client's connection. */
    interface Connection {
        /** Unique in this process. */
        String id();

        /** Host that clients reach this broker by. */
        String advertisedHost();

        int advertisedPort();

        boolean isOpen();

        /** Closes the connection: how a client that waits for no answer learns of a failure. */
        void close();
    }
}
