package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Ends a segment with its footer: from then on it describes itself and its table need not stay in memory. Flusher only. */
final class Sealer {
    private static final Comparator<Part> BY_LOG = Comparator.<Part, LogId>comparing(
                    part -> part.log.id, Sealer::compare)
            .thenComparingLong(p -> p.baseOffset);

    private final SegmentIndex index;
    private final OpenFiles files;
    private final ExtentTables tables;
    private final ExtentWriter writer;

    Sealer(SegmentIndex index, OpenFiles files, ExtentTables tables, ExtentWriter writer) {
        this.index = index;
        this.files = files;
        this.tables = tables;
        this.writer = writer;
    }

    /** Writes the footer behind the extents. Where that fails the segment stays as it was. */
    void seal(SegmentFile file) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Part part : file.parts) {
            if (!part.dead) {
                parts.add(part);
            }
        }
        parts.sort(BY_LOG);
        ExtentList extents = new ExtentList(file.extentCount);
        List<Footer.PartEntry> entries = new ArrayList<>(parts.size());
        for (Part part : parts) {
            entries.add(new Footer.PartEntry(
                    part.log.id,
                    part.baseOffset,
                    part.nextOffset,
                    part.totalBytes,
                    part.maxTimestamp,
                    part.maxTimestampOffset,
                    extents.size(),
                    part.extentCount));
            extents.addAll(Objects.requireNonNull(part.extents), 0, part.extentCount);
        }
        ByteBuffer footer = Footer.encode(file, entries, extents, file.length);
        FileStore.File handle = files.acquireForWrite(file);
        long length;
        try {
            length = writer.writeRaw(handle, footer, file.length);
        } finally {
            files.release(file);
        }
        sealed(file, length, parts, entries, extents);
    }

    private void sealed(
            SegmentFile file, long length, List<Part> parts, List<Footer.PartEntry> entries, ExtentList extents) {
        file.footerPosition = file.length;
        file.sealed = true;
        file.parts.clear();
        file.parts.addAll(parts);
        index.grown(file, length);
        tables.keep(file, extents);
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            synchronized (part.log) {
                part.footerIndex = i;
                part.firstExtent = entries.get(i).firstExtent();
                part.extents = null;
            }
        }
        index.closed(file);
    }

    static int compare(LogId a, LogId b) {
        int byOwner = a.owner().compareTo(b.owner());
        return byOwner != 0 ? byOwner : Integer.compare(a.index(), b.index());
    }
}
