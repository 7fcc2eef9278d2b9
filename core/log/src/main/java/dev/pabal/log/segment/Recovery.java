package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Map;

/**
 * Brings the segments back to what a durable manifest says. What was written after it is cut off or removed, for the journal still holds it.
 * A file with a lower number than the manifest's next one that it does not name is removed too: nothing drops a file from the manifest but
 * the end of all that was in it, and this manifest is durable.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final FileStore store;
    private final SegmentIndex index;
    private final OpenFiles files;
    private final ExtentTables tables;

    Recovery(FileStore store, SegmentIndex index, OpenFiles files, ExtentTables tables) {
        this.store = store;
        this.index = index;
        this.files = files;
        this.tables = tables;
    }

    void load(ByteBuffer manifest) throws IOException {
        if (manifest.hasRemaining()) {
            Map<LogIndex, Manifest.Skipped> skipped = Manifest.decode(manifest, index);
            for (SegmentFile file : index.files.values()) {
                try {
                    restore(file);
                } catch (LogException e) {
                    refuse(file, e);
                }
            }
            for (LogIndex log : index.logs()) {
                restore(log, skipped.getOrDefault(log, new Manifest.Skipped(0, 0)));
            }
        }
        removeUnnamed();
    }

    /** Damage in a log's own segment is that log's alone; in a shared one nobody can say whose it is, so the store stays closed. */
    private void refuse(SegmentFile file, LogException damage) {
        LogIndex owner = file.owner() == null ? null : index.log(file.owner());
        if (owner == null) {
            throw damage;
        }
        file.quarantined = true;
        owner.refusal = damage;
        LOG.log(
                System.Logger.Level.ERROR,
                "{0} cannot be read and is kept as it is: {1}",
                owner.id,
                damage.getMessage());
    }

    private void restore(SegmentFile file) throws IOException {
        if (!store.exists(file.name())) {
            throw Corruption.of(file.name(), 0, "the file is missing");
        }
        FileStore.File handle = files.acquire(file);
        if (handle == null) {
            throw new IOException(file + " cannot be opened");
        }
        try {
            long size = handle.size();
            if (size < file.length) {
                throw Corruption.of(file.name(), size, "the file ends there; it should have " + file.length + " bytes");
            }
            if (size > file.length && !file.sealed) {
                handle.truncate(file.length);
            }
        } finally {
            files.release(file);
        }
        if (file.sealed) {
            restoreSealed(file);
        } else if (file.owner() == null) {
            index.shared = file;
        } else {
            LogIndex owner = index.log(file.owner());
            if (owner != null) {
                owner.ownSegment = file;
            }
        }
    }

    private void restoreSealed(SegmentFile file) throws IOException {
        Footer.Contents contents = tables.read(file, false);
        if (contents == null) {
            throw new IOException(file + " cannot be read");
        }
        file.extentCount = contents.extentCount();
        for (int i = 0; i < contents.parts().size(); i++) {
            Footer.PartEntry entry = contents.parts().get(i);
            LogIndex log = index.log(entry.log());
            if (file.deadParts.get(i)) {
                continue;
            }
            if (log == null) {
                throw Corruption.of(file.name(), file.footerPosition, "it holds a log unknown to the manifest");
            }
            Part part = new Part(log, file, entry.baseOffset());
            part.nextOffset = entry.nextOffset();
            part.firstExtent = entry.firstExtent();
            part.footerIndex = i;
            part.extentCount = entry.extentCount();
            part.totalBytes = entry.sizeInBytes();
            part.maxTimestamp = entry.maxTimestamp();
            part.maxTimestampOffset = entry.maxTimestampOffset();
            index.attach(part);
            log.parts.add(part);
            file.liveBytes += part.totalBytes;
        }
    }

    private static void restore(LogIndex log, Manifest.Skipped skipped) {
        log.parts.sort(Comparator.comparingLong(part -> part.baseOffset));
        if (!log.parts.isEmpty()) {
            Part first = log.parts.get(0);
            first.skippedExtents = skipped.extents();
            first.skippedBytes = skipped.bytes();
            first.file.liveBytes -= skipped.bytes();
        }
        for (Part part : log.parts) {
            log.sizeInBytes += part.liveBytes();
        }
    }

    private void removeUnnamed() throws IOException {
        boolean removed = false;
        for (String name : store.list()) {
            long number = SegmentFile.numberOf(name);
            if (number >= 0 && !index.files.containsKey(number)) {
                store.delete(name);
                index.nextNumber = Math.max(index.nextNumber, number + 1);
                removed = true;
            }
        }
        if (removed) {
            store.syncDirectory();
        }
    }
}
