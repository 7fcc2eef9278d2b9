package dev.pabal.kafka;

import org.apache.kafka.common.protocol.ApiKeys;

/** Told what happens on the wire. Called on event loops: implementations count and return. */
public interface KafkaMetrics {
    /** Counts nothing. */
    KafkaMetrics NONE = new KafkaMetrics() {};

    default void connectionOpened() {}

    default void connectionClosed() {}

    /** A connection was refused, or closed by the broker. */
    default void connectionRejected(Rejection why) {}

    /** A whole request arrived, {@code sizeInBytes} with its length field. */
    default void request(ApiKeys api, int sizeInBytes) {}

    /**
     * The answer to a request was handed to the socket.
     *
     * @param sizeInBytes bytes written, 0 where none was due
     * @param durationNs from the request's arrival to here
     */
    default void response(ApiKeys api, int sizeInBytes, long durationNs) {}

    /** A request was answered by an error as a whole. */
    default void requestFailed(ApiKeys api) {}

    /** Bytes of requests in memory grew (or, negative, shrank). */
    default void requestMemory(long deltaInBytes) {}

    /** Why the broker closed or refused a connection. */
    enum Rejection {
        /** More connections than allowed, in all or from one address. */
        TOO_MANY,
        /** Bytes that are no request that this broker serves. */
        BAD_REQUEST,
        /** Nothing sent for longer than allowed. */
        IDLE,
        /** A request that arrived too slowly. */
        SLOW,
        /** A defect of the broker's. */
        INTERNAL
    }
}
