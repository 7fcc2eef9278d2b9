package dev.pabal.log;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whole batches read from a log, in memory that belongs to the store until {@link #close} is called (exactly once, by any thread, after the
 * bytes were sent). The buffers are read-only, big-endian and hold stored bytes as they are.
 */
public interface LogRead extends AutoCloseable {
    /** Nothing: the answer where no durable batch lies at or after the offset yet. */
    LogRead EMPTY = new LogRead() {
        @Override
        public List<ByteBuffer> buffers() {
            return List.of();
        }

        @Override
        public int sizeInBytes() {
            return 0;
        }

        @Override
        public void close() {}
    };

    /** The bytes, in offset order. A batch never crosses from one buffer to the next. */
    List<ByteBuffer> buffers();

    int sizeInBytes();

    @Override
    void close();
}
