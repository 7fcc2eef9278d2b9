package dev.pabal.log.segment;

import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All segments of a local store. The local store's flusher thread is the only one that calls the methods marked <em>flusher</em>; the others
 * may be called by any thread.
 *
 * <p>Life of a change: {@link #write} puts batches into segment files without a sync; {@link #sync} makes them durable; {@link #manifest}
 * says what is valid now; once the local store has made that manifest durable in a checkpoint it calls {@link #checkpointed}, and only
 * then are files removed that no durable manifest names any more. At recovery {@link #load} takes the last durable manifest: what lies
 * beyond it in a segment is cut off, files it does not name and that are newer than it are removed, for the journal still holds all of that.
 */
public interface SegmentStore extends AutoCloseable {
    /**
     * Flusher. Writes the runs, small ones into files that logs share; all of it can be read as soon as this returns. Runs of one log stand in
     * offset order and start at or after its {@link #nextOffset}. When this throws, nothing was taken over: the same runs may be tried again.
     */
    void write(List<Run> runs) throws IOException;

    /**
     * Flusher. Makes everything written durable.
     *
     * @throws java.io.SyncFailedException where a file's sync failed, now or earlier: the store must stop
     */
    void sync() throws IOException;

    /** Flusher. What is valid now, as bytes of a versioned format; to be written after {@link #sync}. */
    ByteBuffer manifest();

    /** Flusher. The last manifest is durable: what it does not name may go from the disk. */
    void checkpointed() throws IOException;

    /**
     * Takes the state of a manifest (an empty buffer: there never was one, and the journal holds everything from the beginning), cuts unsealed segments to its lengths and removes what came after it. Called once, before all else.
     *
     * <p>Where a log's own segment is missing, too short or does not match its checksums, every read of that log fails with {@code CORRUPT}
     * and the file stays; the others are not concerned.
     *
     * @throws dev.pabal.log.LogException {@code CORRUPT} where that befalls a file that logs share, or the manifest
     */
    void load(ByteBuffer manifest) throws IOException;

    /** Logs of which a segment holds something, or of which everything was trimmed: their offsets are remembered until they are deleted. */
    Collection<LogId> ids();

    /** Where trims have moved the start of a log, 0 where there was none; -1 where segments hold nothing. What they hold may begin later. */
    long startOffset(LogId log);

    /** The offset after the last batch that segments hold of a log; -1 where they hold nothing. */
    long nextOffset(LogId log);

    /** Bytes that segments hold of a log's readable batches. */
    long sizeInBytes(LogId log);

    /** The policies that hold for a log, for sealing, retention and compaction. */
    void configure(LogId log, LogConfig config);

    /**
     * Whole batches from the one that contains {@code offset} (or the next where there is a gap), as {@link dev.pabal.log.Log#read} says, as
     * far as segments reach. Bytes are verified before they are returned. An empty read where segments hold nothing at or after the offset.
     */
    CompletableFuture<LogRead> read(LogId log, long offset, long upTo, int maxBytes);

    /** Base offset of the first batch that segments hold with its largest timestamp at or after the given one; -1 where none. */
    CompletableFuture<Long> batchByTimestamp(LogId log, long timestampMs);

    /** First batch with the largest timestamp that segments hold: its base offset and that timestamp, both -1 where none. */
    CompletableFuture<MaxTimestamp> batchOfMaxTimestamp(LogId log);

    /** Flusher. Nothing before {@code offset} is wanted any more. */
    void trim(LogId log, long offset);

    /** Flusher. Nobody will read again what is new in {@code released}; the object is kept, for rewrites to leave out what it covers. */
    void release(LogId log, Released released);

    /** Flusher. Nothing of these logs is wanted any more. */
    void delete(Collection<LogId> logs);

    /**
     * Flusher. One bounded step of upkeep (retention, compaction, merging of shared segments, scrubbing), to be called now and then.
     *
     * @param trimmed told of each log whose start retention has moved
     * @return whether there is more to do now
     */
    boolean upkeep(TrimListener trimmed) throws IOException;

    /** Figures for {@link dev.pabal.log.LogStore#stats}. */
    long segmentBytes();

    int segmentFiles();

    int openFiles();

    /** Stops the read pool and closes files. Nothing is synced: that was the last checkpoint's work. */
    @Override
    void close() throws IOException;

    /** Told of a new start offset. */
    @FunctionalInterface
    interface TrimListener {
        void trimmed(LogId log, long startOffset);
    }

    /** The largest timestamp and the batch that has it. */
    record MaxTimestamp(long baseOffset, long timestampMs) {
        public static final MaxTimestamp NONE = new MaxTimestamp(-1, -1);
    }
}
