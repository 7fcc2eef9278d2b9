package dev.pabal.broker.queue;

import java.nio.ByteBuffer;

/** A record in memory: where its bytes are, and whose they are. Shows what was found last; for one thread. */
interface FoundRecord {
    /** What the record lies in. */
    ByteBuffer buffer();

    /** Where its length field is. */
    int position();

    /** Its bytes, the length field included. */
    int sizeInBytes();

    /** The base timestamp of the batch that it came in. */
    long baseTimestampMs();

    /** The memory that it lies in; to be retained by whoever keeps it. */
    RetainedMemory retained();
}
