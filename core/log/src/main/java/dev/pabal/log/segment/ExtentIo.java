package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/** Reads whole extents and verifies every byte of them before anybody sees one. Any thread that may wait for the disk. */
final class ExtentIo {
    private final OpenFiles files;
    private final LongAdder corruptions = new LongAdder();

    ExtentIo(OpenFiles files) {
        this.files = files;
    }

    /** Extents found damaged since the start, as often as they were found. */
    long corruptions() {
        return corruptions.sum();
    }

    /** Bytes of memory that {@link #read} fills: the extent and the rest of its first and last block. */
    static int spanBytes(Extent extent) {
        long from = AlignedMemory.down(extent.position(), FileStore.ALIGNMENT);
        return (int) (AlignedMemory.up(extent.position() + extent.storedBytes(), FileStore.ALIGNMENT) - from);
    }

    /**
     * Reads an extent into the start of {@code memory}.
     *
     * @param aligned whether the memory is as direct I/O wants it; otherwise the bytes take a detour
     * @return where in {@code memory} the first batch starts
     * @throws Removed where the file went away since the extent was looked up
     * @throws dev.pabal.log.LogException CORRUPT where the bytes are not what was written
     */
    int read(Extent extent, ByteBuffer memory, boolean aligned) throws IOException, Removed {
        FileStore.File file = files.acquire(extent.file());
        if (file == null) {
            throw new Removed();
        }
        long from = AlignedMemory.down(extent.position(), FileStore.ALIGNMENT);
        ByteBuffer to = memory.duplicate().clear().limit(spanBytes(extent));
        int read;
        try {
            read = aligned ? file.read(to, from) : readLarge(file, to, from);
        } finally {
            files.release(extent.file());
        }
        int headerAt = (int) (extent.position() - from);
        String wrong = read < to.limit()
                ? "the file ends before the extent does"
                : ExtentHeader.mismatch(memory, headerAt, extent);
        if (wrong != null) {
            corruptions.increment();
            throw Corruption.of(extent, wrong);
        }
        return headerAt + ExtentHeader.BYTES;
    }

    /** Through one aligned buffer, a piece at a time, into memory that is not aligned. */
    private static int readLarge(FileStore.File file, ByteBuffer to, long from) throws IOException {
        ByteBuffer buffer = AlignedMemory.allocate(ExtentHeader.MAX_EXTENT_BYTES);
        while (to.hasRemaining()) {
            buffer.clear().limit(Math.min(buffer.capacity(), to.remaining()));
            int wanted = buffer.remaining();
            int read = file.read(buffer, from + to.position());
            to.put(buffer.flip());
            if (read < wanted) {
                break;
            }
        }
        return to.position();
    }

    /** The extent's file was removed between the look-up and the read: look it up again. */
    static final class Removed extends Exception {
        private static final long serialVersionUID = 1L;

        Removed() {
            super("the segment was removed", null, false, false);
        }
    }
}
