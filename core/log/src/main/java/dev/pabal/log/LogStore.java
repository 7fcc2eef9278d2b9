package dev.pabal.log;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps many logs. The local implementation is a shared journal with segments behind it; a remote one with fencing can stand in its place.
 * The contract is what the suite in the testkit checks, the same for every implementation.
 *
 * <p>A store does not know which logs ought to exist: the catalog does. An empty log takes nothing on disk, so opening one is free and
 * needs no record of its own.
 *
 * <p>All methods may be called by any thread.
 */
public interface LogStore extends AutoCloseable {
    /**
     * The log with this id, with all that was stored of it; empty where nothing was. Opening an open log returns the same object and
     * takes the new config.
     *
     * @throws LogException {@link LogException.Reason#CORRUPT} where the log's stored data was refused at recovery
     * @throws IllegalArgumentException where the log is there and only one of its config and this one says {@link Durability#MEMORY}
     */
    Log open(LogId id, LogConfig config);

    /** The log if it is open or something of it is stored; otherwise null. Does not open it. */
    @Nullable
    Log find(LogId id);

    /** Every log of which something is stored or that is open. */
    Collection<LogId> ids();

    /** Deletes logs for ever, durably when the future completes. An unknown id is no error. */
    CompletableFuture<Void> delete(Collection<LogId> ids);

    /** What is stored where, for people and metrics. */
    StoreStats stats();

    /** Completes exceptionally when the store can keep its promises no longer (a failed sync): the process must halt. */
    CompletableFuture<Void> failure();

    /** Completes what was appended, writes a checkpoint and stops. Appends are refused from here on. */
    @Override
    void close();

    /**
     * Figures of the moment.
     *
     * @param journalBytes bytes of journal that a start now would have to read again
     * @param unflushedBytes bytes in memory that no segment holds yet
     * @param cachedBytes bytes of the tail kept in memory, unflushed ones included
     * @param segmentBytes bytes in segment files
     * @param segmentFiles number of segment files
     * @param openFiles descriptors held
     * @param syncs syncs of the journal since the start
     * @param appends appends since the start
     * @param appendedBytes bytes appended since the start
     * @param usableBytes free space on the disk
     * @param writable false while appends are refused for want of space
     */
    record StoreStats(
            long journalBytes,
            long unflushedBytes,
            long cachedBytes,
            long segmentBytes,
            int segmentFiles,
            int openFiles,
            long syncs,
            long appends,
            long appendedBytes,
            long usableBytes,
            boolean writable) {}
}
