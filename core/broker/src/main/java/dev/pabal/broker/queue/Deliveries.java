package dev.pabal.broker.queue;

import java.nio.ByteBuffer;

/**
 * Messages handed to one holder at once, in order, with the memory they lie in. Positions point at stored records (magic 2, uncompressed), as
 * {@code dev.pabal.message.AmqpRecord} reads them. For one thread at a time; {@link #close} exactly once, soon: it gives the memory back.
 */
public interface Deliveries extends AutoCloseable {
    MessageQueue queue();

    int size();

    long offset(int index);

    int generation(int index);

    boolean redelivered(int index);

    /** How often it was acquired before. */
    int acquiredBefore(int index);

    /**
     * When it was handed out for the first time, wall ms; this time where nobody remembers (views that are not journaled, after a crash).
     */
    long firstAcquiredMs(int index);

    /** How often its delivery failed. */
    int failedDeliveries(int index);

    /** The memory that holds the record; absolute reads only. */
    ByteBuffer buffer(int index);

    /** Where the record's length field begins. */
    int position(int index);

    /** The base timestamp of the record's batch in ms, to which the record's delta adds. */
    long baseTimestampMs(int index);

    /** What all of them together count in the subscription's window: hand it to {@link MessageQueue.Subscription#written} once sent. */
    long windowBytes();

    /** How many messages were ready behind these. */
    long readyAfter();

    @Override
    void close();
}
