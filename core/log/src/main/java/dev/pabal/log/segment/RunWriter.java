package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places runs in files: large ones in their log's own segment, the rest together in the shared one, sorted by log. All or nothing: state
 * changes only after the last byte was written, so that a failed write can be tried again as it was. Flusher only.
 */
final class RunWriter {
    /** A run of this share of the limit joins its log's own segment where there is one: it keeps the log in one piece. */
    private static final int OWN_SHARE = 4;
    /** Bound of a segment's extents, so that its table stays small. */
    private static final int MAX_EXTENTS = 16_384;

    private final SegmentIndex index;
    private final OpenFiles files;
    private final ExtentWriter writer;
    private final Sealer sealer;
    private final Configs configs;
    private final SegmentOptions options;
    /** Files made by the write under way. */
    private final Set<SegmentFile> created = new HashSet<>();

    RunWriter(
            SegmentIndex index,
            OpenFiles files,
            ExtentWriter writer,
            Sealer sealer,
            Configs configs,
            SegmentOptions options) {
        this.index = index;
        this.files = files;
        this.writer = writer;
        this.sealer = sealer;
        this.configs = configs;
        this.options = options;
    }

    void write(List<Run> runs) throws IOException {
        List<Placed> own = new ArrayList<>();
        List<Placed> shared = new ArrayList<>();
        Map<LogId, LogIndex> fresh = new HashMap<>();
        Map<LogId, Long> ends = new HashMap<>();
        for (Run run : runs) {
            if (run.sizeInBytes() == 0) {
                continue;
            }
            LogIndex log = index.log(run.log());
            if (log == null) {
                log = fresh.computeIfAbsent(run.log(), id -> new LogIndex(id, 0));
            }
            checkOrder(run, ends.getOrDefault(run.log(), log.nextOffset));
            ends.put(run.log(), run.nextOffset());
            (goesToOwn(log, run) ? own : shared).add(new Placed(log, run));
        }
        List<Written> written = new ArrayList<>();
        try {
            for (Placed placed : own) {
                write(ownSegment(placed.log, written), List.of(placed), written);
            }
            if (!shared.isEmpty()) {
                shared.sort(Comparator.comparing(placed -> placed.log.id, Sealer::compare));
                write(sharedSegment(), shared, written);
            }
        } catch (IOException e) {
            abandon();
            throw e;
        }
        fresh.values().forEach(index::add);
        written.sort(Comparator.comparingLong(one -> one.extents.baseOffset(0)));
        written.forEach(this::commit);
        created.clear();
    }

    /**
     * Writes what a compaction kept of a log into the shared segment, as a part that is in no log yet: for the caller to put in the place of
     * those it was made of.
     */
    Part writeAside(LogIndex log, List<ByteBuffer> batches) throws IOException {
        SegmentFile file;
        ExtentList extents = new ExtentList(2);
        long length;
        try {
            file = sharedSegment();
            writer.start(file, files.acquireForWrite(file), file.length);
            try {
                writer.append(log.id, batches, extents);
                length = writer.finish();
            } finally {
                files.release(file);
            }
        } catch (IOException e) {
            abandon();
            throw e;
        }
        if (created.remove(file)) {
            index.register(file);
            index.shared = file;
        }
        Part part = new Part(log, file, extents.baseOffset(0));
        part.closed = true;
        part.extend(extents);
        file.extentCount += extents.size();
        file.contentBytes += part.totalBytes;
        file.liveBytes += part.totalBytes;
        index.attach(part);
        index.grown(file, length);
        return part;
    }

    /** The files made by a write that failed: nothing refers to them. */
    private void abandon() throws IOException {
        for (SegmentFile file : created) {
            files.remove(file);
        }
        created.clear();
    }

    private static void checkOrder(Run run, long end) {
        if (run.baseOffset() < end || run.nextOffset() <= run.baseOffset()) {
            throw new IllegalArgumentException(run.log() + ": a run from " + run.baseOffset() + " to "
                    + run.nextOffset() + " does not follow offset " + end);
        }
    }

    private boolean goesToOwn(LogIndex log, Run run) {
        int least = log.ownSegment == null ? options.ownRunBytes() : options.ownRunBytes() / OWN_SHARE;
        return run.sizeInBytes() >= least;
    }

    private SegmentFile ownSegment(LogIndex log, List<Written> written) throws IOException {
        for (Written before : written) {
            if (before.log == log) {
                return before.file;
            }
        }
        SegmentFile file = log.ownSegment;
        if (file != null && isFull(file, configs.of(log.id).segmentBytes())) {
            sealer.seal(file);
            file = null;
        }
        return file == null ? create(log.id) : file;
    }

    private SegmentFile sharedSegment() throws IOException {
        SegmentFile file = index.shared;
        if (file != null && isFull(file, options.sharedSegmentBytes())) {
            sealer.seal(file);
            file = null;
        }
        return file == null ? create(null) : file;
    }

    private static boolean isFull(SegmentFile file, long limitBytes) {
        return file.length >= limitBytes || file.extentCount >= MAX_EXTENTS;
    }

    private SegmentFile create(@Nullable LogId owner) {
        SegmentFile file = index.create(owner, 0);
        created.add(file);
        return file;
    }

    /** Writes behind what the file holds, and behind what this write put there already. */
    private void write(SegmentFile file, List<Placed> runs, List<Written> written) throws IOException {
        long from = file.length;
        for (Written before : written) {
            if (before.file == file) {
                from = before.length;
            }
        }
        writer.start(file, files.acquireForWrite(file), from);
        try {
            List<Written> added = new ArrayList<>(runs.size());
            for (Placed placed : runs) {
                ExtentList extents = new ExtentList(2 + placed.run.sizeInBytes() / ExtentHeader.MAX_EXTENT_BYTES);
                writer.append(placed.log.id, placed.run.batches(), extents);
                added.add(new Written(placed.log, file, extents, 0));
            }
            long length = writer.finish();
            for (Written one : added) {
                written.add(new Written(one.log, file, one.extents, length));
            }
        } finally {
            files.release(file);
        }
    }

    private void commit(Written written) {
        if (created.remove(written.file)) {
            index.register(written.file);
            if (written.file.owner() == null) {
                index.shared = written.file;
            } else {
                written.log.ownSegment = written.file;
            }
        }
        index.append(written.log, written.file, written.extents);
        index.grown(written.file, Math.max(written.length, written.file.length));
    }

    private record Placed(LogIndex log, Run run) {}

    private record Written(LogIndex log, SegmentFile file, ExtentList extents, long length) {}
}
