package dev.pabal.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Looks inside batches for the store, which reads headers only: implemented where records are understood. */
public interface BatchCompactor {
    /** Calls {@code visitor} for each record of the batch at {@code at}, in offset order. Records without a key have a null key. */
    void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor);

    /**
     * The batch with only the records that {@code filter} keeps, offsets unchanged, base offset and last offset delta as they were.
     *
     * @param deleteHorizonMs wall clock time after which the tombstones kept here may go: written into the batch where it keeps any and has
     *     no horizon yet ({@link BatchHeader#ATTR_DELETE_HORIZON}, KIP-534)
     * @return the same bytes where all are kept (may be a slice of {@code batch}); a re-encoded batch; or null where none is kept and the
     *     batch need not stay for its producer's sequence
     */
    @Nullable
    ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter);

    /** Sees one record's key. */
    @FunctionalInterface
    interface KeyVisitor {
        void visit(@Nullable ByteBuffer key, long offset, long timestampMs, boolean tombstone);
    }

    /** Decides for one record. */
    @FunctionalInterface
    interface RecordFilter {
        boolean keep(@Nullable ByteBuffer key, long offset, long timestampMs, boolean tombstone);
    }
}
