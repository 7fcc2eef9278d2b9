package dev.pabal.broker.queue;

import dev.pabal.queue.IndexEntry;
import java.util.BitSet;
import java.util.List;

/** Messages each of which is to be taken only if its id was not seen within the queue's deduplication window. */
public interface OnceBatch {
    /** The ids, in order. */
    List<IndexEntry.Dedup> ids();

    /**
     * Makes the batch of those that are new. Called on the shard's thread, at most once; not called where none is new.
     *
     * @param fresh indices into {@link #ids}, never empty
     */
    PublishBatch make(BitSet fresh);
}
