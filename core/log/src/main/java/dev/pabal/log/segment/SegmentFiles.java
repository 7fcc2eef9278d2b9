package dev.pabal.log.segment;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Segments in files, written and read past the page cache. See {@link SegmentFile} for the layout of a file, {@link ExtentHeader} for an
 * extent's, {@link Footer} for a sealed file's end and {@link Manifest} for what a checkpoint saves.
 *
 * <p>Memory: a staging buffer of 1 MiB, the read buffers and tables that {@link SegmentOptions} bounds, and for each log about 100 bytes and
 * 120 more for each file that holds a stretch of it.
 */
public final class SegmentFiles implements SegmentStore {
    private final OpenFiles files;
    private final ExtentTables tables;
    private final SegmentIndex index;
    private final Releases releases;
    private final Configs configs = new Configs();
    private final ExtentCache cache;
    private final ColdReader reader;
    private final TimestampSearch timestamps;
    private final ExtentIo io;
    private final RunWriter runs;
    private final Upkeep upkeep;
    private final Recovery recovery;
    private final FileStore store;

    /**
     * @param store where the files live, which may hold others besides {@code segment-<number>}
     * @param clock time for ages and rates
     * @param compactor looks inside batches of compacted logs
     * @param options bounds
     */
    public SegmentFiles(FileStore store, Clock clock, BatchCompactor compactor, SegmentOptions options) {
        this.store = store;
        files = new OpenFiles(store, options.openFiles());
        tables = new ExtentTables(files, options.tableBytes());
        index = new SegmentIndex(clock, tables);
        releases = new Releases(index);
        io = new ExtentIo(files);
        ReadMemory memory = new ReadMemory(options.readBufferBytes());
        cache = new ExtentCache(io, memory, options.cacheBytes());
        reader = new ColdReader(index, io, cache, memory, options.readThreads(), options.pendingReads());
        timestamps = new TimestampSearch(index, cache, reader, io);
        ExtentWriter writer = new ExtentWriter();
        Sealer sealer = new Sealer(index, files, tables, writer);
        runs = new RunWriter(index, files, writer, sealer, configs, options);
        recovery = new Recovery(store, index, files, tables);
        upkeep = upkeep(clock, compactor, sealer, options);
    }

    private Upkeep upkeep(Clock clock, BatchCompactor compactor, Sealer sealer, SegmentOptions options) {
        Rewriter rewriter = new Rewriter(index, files, sealer);
        ExtentBuffer buffer = new ExtentBuffer(io);
        return new Upkeep(
                index,
                configs,
                store,
                clock,
                sealer,
                new Merger(index, releases, rewriter, buffer, options.ownRunBytes()),
                new Compaction(index, rewriter, runs, buffer, compactor, clock, options),
                new Scrubber(index, tables, buffer, clock, options.scrubBytesPerSecond()),
                buffer,
                cache,
                options);
    }

    @Override
    public void write(List<Run> toWrite) throws IOException {
        runs.write(toWrite);
    }

    @Override
    public void sync() throws IOException {
        files.sync();
    }

    @Override
    public ByteBuffer manifest() {
        if (files.isDirty()) {
            throw new IllegalStateException("a manifest may name synced bytes only: call sync() first");
        }
        ByteBuffer manifest = Manifest.encode(index);
        index.manifestTaken();
        return manifest;
    }

    @Override
    public void checkpointed() throws IOException {
        if (index.removeDropped(files)) {
            store.syncDirectory();
        }
    }

    @Override
    public void load(ByteBuffer manifest) throws IOException {
        recovery.load(manifest);
    }

    @Override
    public Collection<LogId> ids() {
        return index.ids();
    }

    @Override
    public long startOffset(LogId id) {
        LogIndex log = index.log(id);
        if (log == null) {
            return -1;
        }
        synchronized (log) {
            return log.startOffset;
        }
    }

    @Override
    public long nextOffset(LogId id) {
        LogIndex log = index.log(id);
        if (log == null) {
            return -1;
        }
        synchronized (log) {
            return log.nextOffset;
        }
    }

    @Override
    public long sizeInBytes(LogId id) {
        LogIndex log = index.log(id);
        if (log == null) {
            return 0;
        }
        synchronized (log) {
            return log.sizeInBytes;
        }
    }

    @Override
    public void configure(LogId log, LogConfig config) {
        configs.put(log, config);
    }

    @Override
    public CompletableFuture<LogRead> read(LogId id, long offset, long upTo, int maxBytes) {
        LogIndex log = index.log(id);
        if (log == null || offset >= nextOffset(id)) {
            return CompletableFuture.completedFuture(LogRead.EMPTY);
        }
        LogException refusal = log.refusal;
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        long start = startOffset(id);
        if (offset < start) {
            return CompletableFuture.failedFuture(new LogException(
                    Reason.OFFSET_OUT_OF_RANGE, id + ": offset " + offset + " lies before the start " + start));
        }
        return reader.read(log, offset, upTo, maxBytes);
    }

    @Override
    public CompletableFuture<Long> batchByTimestamp(LogId id, long timestampMs) {
        LogIndex log = index.log(id);
        if (log == null) {
            return CompletableFuture.completedFuture(-1L);
        }
        return reader.call(() -> timestamps.firstAtOrAfter(readable(log), timestampMs));
    }

    @Override
    public CompletableFuture<MaxTimestamp> batchOfMaxTimestamp(LogId id) {
        LogIndex log = index.log(id);
        if (log == null) {
            return CompletableFuture.completedFuture(MaxTimestamp.NONE);
        }
        return reader.call(() -> timestamps.max(readable(log)));
    }

    private static LogIndex readable(LogIndex log) {
        LogException refusal = log.refusal;
        if (refusal != null) {
            throw refusal;
        }
        return log;
    }

    @Override
    public void trim(LogId id, long offset) {
        LogIndex log = index.log(id);
        if (log != null) {
            index.trim(log, offset);
        }
    }

    @Override
    public void release(LogId id, Released released) {
        LogIndex log = index.log(id);
        if (log != null) {
            releases.apply(log, released);
        }
    }

    @Override
    public void delete(Collection<LogId> ids) {
        for (LogId id : ids) {
            index.delete(id);
            configs.remove(id);
        }
    }

    @Override
    public boolean upkeep(TrimListener trimmed) throws IOException {
        return upkeep.step(trimmed);
    }

    /** Damaged extents met since the start, by reads, upkeep and scrubbing, each as often as it was met. */
    public long corruptions() {
        return io.corruptions();
    }

    @Override
    public long segmentBytes() {
        return index.totalBytes();
    }

    @Override
    public int segmentFiles() {
        return index.fileCount();
    }

    @Override
    public int openFiles() {
        return files.count();
    }

    @Override
    public void close() throws IOException {
        reader.close();
        cache.clear();
        files.closeAll();
    }
}
