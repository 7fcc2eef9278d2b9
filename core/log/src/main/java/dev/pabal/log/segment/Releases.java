package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes released offsets out of what is wanted: parts of which nothing is wanted go, wherever they lie, and with the last of them their file;
 * of others it is counted how much is wanted, about, so that upkeep can tell what a rewrite would free. Nothing of this outlives
 * the process, save for the parts that went. Flusher only.
 */
final class Releases {
    private static final System.Logger LOG = System.getLogger(Releases.class.getName());

    private final SegmentIndex index;

    Releases(SegmentIndex index) {
        this.index = index;
    }

    /** Looks at what is new since the last call. */
    void apply(LogIndex log, Released released) {
        log.released = released;
        long[] look = released.takeLook();
        apply(log, released, Math.max(look[0], log.startOffset), look[1]);
    }

    /** Looks at a part that a rewrite made while offsets were released. */
    void apply(LogIndex log, Part made) {
        Released released = log.released;
        if (released != null && !made.dead) {
            apply(log, released, Math.max(made.baseOffset, log.startOffset), made.nextOffset);
        }
    }

    private void apply(LogIndex log, Released released, long from, long to) {
        List<Part> gone = new ArrayList<>();
        for (int i = log.firstEndingAfter(from); i < log.parts.size() && log.parts.get(i).baseOffset < to; i++) {
            Part part = log.parts.get(i);
            boolean all = released.covers(Math.max(part.baseOffset, log.startOffset), part.nextOffset);
            if (!all) {
                count(log, part);
            }
            if (all || part.liveBytes() <= 0) {
                gone.add(part);
            }
        }
        if (gone.isEmpty()) {
            return;
        }
        synchronized (log) {
            for (Part part : gone) {
                log.sizeInBytes -= part.liveBytes();
                index.kill(part);
            }
            log.parts.removeIf(part -> part.dead);
        }
    }

    private void count(LogIndex log, Part part) {
        ExtentList extents;
        try {
            extents = index.extents(part);
        } catch (IOException | LogException e) {
            // Its bytes go on counting; reading, which says what is wrong with the file, is none of this method's
            // business.
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}", part.file, e.getMessage());
            return;
        }
        synchronized (log) {
            count(log, part, extents);
        }
    }

    /** Under the log's monitor: counts what of a part is released, anew. */
    static void count(LogIndex log, Part part, ExtentList extents) {
        Released released = log.released;
        if (released == null) {
            return;
        }
        int first = SegmentIndex.firstIndex(part);
        long bytes = 0;
        for (int i = first + part.skippedExtents; i < first + part.extentCount; i++) {
            long base = extents.baseOffset(i);
            long offsets = extents.nextOffset(i) - base;
            long start = Math.min(Math.max(base, log.startOffset), extents.nextOffset(i));
            long gone = start - base + released.count(start, extents.nextOffset(i));
            // An extent may be large, and so may its offsets be: a fraction does not overflow.
            bytes += gone == offsets
                    ? extents.sizeInBytes(i)
                    : (long) (extents.sizeInBytes(i) * ((double) gone / offsets));
        }
        long more = bytes - part.releasedBytes;
        part.releasedBytes = bytes;
        part.file.releasedBytes += more;
        part.file.liveBytes -= more;
        log.sizeInBytes -= more;
    }
}
