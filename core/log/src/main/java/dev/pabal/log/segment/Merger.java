package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites segments: one that is less than half wanted, to free its space; several shared ones of small extents, to bring together what belongs
 * to one log. What was released is left out, batch by batch. A step copies a bounded number of bytes; the new file takes the old ones' place at the end, at once. Flusher only.
 */
final class Merger implements RewriteJob {
    /** Segments of one level that are merged into one of the next. */
    private static final int FAN_IN = 4;
    /** Levels of merging: beyond, extents are large enough. */
    private static final int MAX_LEVEL = 2;
    /** Extents below this size on average are worth bringing together. */
    private static final int SMALL_EXTENT_BYTES = 128 << 10;

    private final SegmentIndex index;
    private final Releases releases;
    private final Rewriter rewriter;
    private final ExtentBuffer buffer;
    private final int ownRunBytes;

    /** The parts to copy, by log and offset, and how far that has come. */
    private List<Part> sources = List.of();

    /** What was wanted of the files when the merge began. */
    private long wantedBytes;

    private int nextSource;
    private int nextExtent;

    private final List<Stretch> stretches = new ArrayList<>();
    private @Nullable Stretch current;

    Merger(SegmentIndex index, Releases releases, Rewriter rewriter, ExtentBuffer buffer, int ownRunBytes) {
        this.index = index;
        this.releases = releases;
        this.rewriter = rewriter;
        this.buffer = buffer;
        this.ownRunBytes = ownRunBytes;
    }

    /** The segments that a merge would take now; empty where none pays. */
    List<SegmentFile> candidates() {
        TreeMap<Integer, List<SegmentFile>> byLevel = new TreeMap<>();
        for (SegmentFile file : index.files.values()) {
            if (!file.sealed || file.damaged || file.quarantined) {
                continue;
            }
            if (isMostlyDead(file)) {
                return List.of(file);
            }
            if (file.owner() != null) {
                continue;
            }
            if (file.level() < MAX_LEVEL && file.contentBytes < (long) file.extentCount * SMALL_EXTENT_BYTES) {
                List<SegmentFile> level = byLevel.computeIfAbsent(file.level(), l -> new ArrayList<>());
                level.add(file);
                if (level.size() == FAN_IN) {
                    return level;
                }
            }
        }
        return List.of();
    }

    /**
     * Whether a rewrite would free half of the file. A log's own segment of which the front was trimmed goes soon as a whole: it must be the
     * holes between what is wanted that make it worth the copying.
     */
    static boolean isMostlyDead(SegmentFile file) {
        boolean holes = file.owner() == null || file.releasedBytes * 4 > file.contentBytes;
        return holes && file.liveBytes * 2 < file.contentBytes && file.liveBytes <= file.rewriteBelowBytes;
    }

    void begin(List<SegmentFile> files) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (SegmentFile file : files) {
            for (Part part : file.parts) {
                if (!part.dead) {
                    parts.add(part);
                }
            }
        }
        parts.sort(Comparator.<Part, LogId>comparing(part -> part.log.id, Sealer::compare)
                .thenComparingLong(part -> part.baseOffset));
        int level = files.size() > 1 ? files.get(0).level() + 1 : files.get(0).level();
        SegmentFile first = files.get(0);
        // What little remains of a log's own segment goes into a shared one, where others join it later on.
        rewriter.start(first.liveBytes < ownRunBytes ? null : first.owner(), level);
        wantedBytes = files.stream().mapToLong(file -> file.liveBytes).sum();
        sources = parts;
        nextSource = 0;
        nextExtent = 0;
        stretches.clear();
        current = null;
    }

    @Override
    public boolean step(int maxBytes) throws IOException {
        int copied = 0;
        while (nextSource < sources.size()) {
            if (copied >= maxBytes) {
                return true;
            }
            Part part = sources.get(nextSource);
            if (part.dead) {
                nextSource++;
                nextExtent = 0;
                continue;
            }
            if (nextExtent == 0) {
                join(part);
                nextExtent = part.skippedExtents;
            }
            if (nextExtent >= part.extentCount) {
                nextSource++;
                nextExtent = 0;
                continue;
            }
            copied += copy(part, nextExtent++);
        }
        finish();
        return false;
    }

    /** The part goes on where the one before ended, if nothing of its log lies between; otherwise a new stretch begins. */
    private void join(Part part) {
        Stretch before = current;
        if (before != null && before.log == part.log && follows(before.last(), part)) {
            before.sources.add(part);
            return;
        }
        closeStretch();
        current = new Stretch(part.log, new ArrayList<>(List.of(part)));
        rewriter.openPart(part.log);
    }

    private static boolean follows(Part before, Part part) {
        int place = part.log.firstEndingAfter(part.nextOffset - 1);
        return place > 0 && part.log.parts.get(place - 1) == before;
    }

    private void closeStretch() {
        Stretch done = current;
        if (done != null) {
            done.made = rewriter.closePart();
            stretches.add(done);
            current = null;
        }
    }

    private int copy(Part part, int extent) throws IOException {
        ExtentList extents = index.extents(part);
        int i = SegmentIndex.firstIndex(part) + extent;
        Released released = part.log.released;
        if (released != null && released.covers(extents.baseOffset(i), extents.nextOffset(i))) {
            return 0;
        }
        buffer.load(extents.extent(part.log.id, part.file, i));
        ByteBuffer memory = buffer.memory();
        for (int at = buffer.start(); at < buffer.end(); ) {
            int size = BatchHeader.sizeInBytes(memory, at);
            if (released == null
                    || !released.covers(BatchHeader.baseOffset(memory, at), BatchHeader.nextOffset(memory, at))) {
                rewriter.batch(memory, at, size);
            }
            at += size;
        }
        return buffer.end() - buffer.start();
    }

    private void finish() throws IOException {
        closeStretch();
        SegmentFile file = null;
        if (rewriter.bytes() == 0) {
            rewriter.abort();
        } else {
            file = rewriter.finish();
            rewriter.publish(file);
        }
        for (Stretch stretch : stretches) {
            Part made = stretch.made;
            if (made == null) {
                index.replace(stretch.log, stretch.sources, List.of());
            } else if (!made.dead) {
                index.replace(stretch.log, stretch.sources, List.of(made));
                releases.apply(stretch.log, made);
            }
        }
        if (file != null) {
            file.rewriteBelowBytes = wantedBytes / 2;
        }
        end();
    }

    @Override
    public void abort(boolean damaged) {
        rewriter.abort();
        if (damaged) {
            sources.forEach(part -> part.file.damaged = true);
        }
        end();
    }

    private void end() {
        sources = List.of();
        stretches.clear();
        current = null;
    }

    /** Parts that follow each other, and what becomes of them. */
    private static final class Stretch {
        final LogIndex log;
        final List<Part> sources;

        @Nullable
        Part made;

        Stretch(LogIndex log, List<Part> sources) {
            this.log = log;
            this.sources = sources;
        }

        Part last() {
            return sources.get(sources.size() - 1);
        }
    }
}
