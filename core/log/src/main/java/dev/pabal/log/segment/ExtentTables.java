package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extent tables of sealed segments, read from their footers when they are needed and kept within a bound of memory. Any thread may call;
 * only {@link #resident} never waits for the disk.
 */
final class ExtentTables {
    private static final int SCRATCH_BYTES = 64 << 10;

    private final OpenFiles files;
    private final long limitBytes;
    private final Map<Long, ExtentList> tables = new LinkedHashMap<>(16, 0.75f, true);
    private final Object loading = new Object();
    private @Nullable ByteBuffer scratch;
    private long bytes;

    ExtentTables(OpenFiles files, long limitBytes) {
        this.files = files;
        this.limitBytes = limitBytes;
    }

    /** The table if it is in memory. */
    @Nullable
    ExtentList resident(SegmentFile file) {
        synchronized (tables) {
            return tables.get(file.number());
        }
    }

    /** The table; null where the file was removed meanwhile. */
    @Nullable
    ExtentList table(SegmentFile file) throws IOException {
        ExtentList table = resident(file);
        if (table != null) {
            return table;
        }
        synchronized (loading) {
            table = resident(file);
            if (table != null) {
                return table;
            }
            Footer.Contents contents = read(file, true);
            if (contents == null) {
                return null;
            }
            keep(file, contents.extents());
            return contents.extents();
        }
    }

    /** Keeps a table that is known already. */
    void keep(SegmentFile file, ExtentList table) {
        synchronized (tables) {
            ExtentList before = tables.put(file.number(), table);
            bytes += bytesOf(table) - (before == null ? 0 : bytesOf(before));
            for (Iterator<ExtentList> i = tables.values().iterator(); bytes > limitBytes && tables.size() > 1; ) {
                bytes -= bytesOf(i.next());
                i.remove();
            }
        }
    }

    void forget(SegmentFile file) {
        synchronized (tables) {
            ExtentList table = tables.remove(file.number());
            if (table != null) {
                bytes -= bytesOf(table);
            }
        }
    }

    /** Reads and verifies a footer; null where the file was removed meanwhile. */
    Footer.@Nullable Contents read(SegmentFile file, boolean withExtents) throws IOException {
        FileStore.File handle = files.acquire(file);
        if (handle == null) {
            return null;
        }
        try {
            return Footer.decode(file, readTail(file, handle), withExtents);
        } finally {
            files.release(file);
        }
    }

    private ByteBuffer readTail(SegmentFile file, FileStore.File handle) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate((int) (file.length - file.footerPosition));
        synchronized (loading) {
            ByteBuffer buffer = scratch == null ? AlignedMemory.allocate(SCRATCH_BYTES) : scratch;
            scratch = buffer;
            while (tail.hasRemaining()) {
                long position = file.footerPosition + tail.position();
                buffer.clear().limit(Math.min(SCRATCH_BYTES, tail.remaining()));
                int wanted = buffer.remaining();
                if (handle.read(buffer, position) != wanted) {
                    throw Corruption.of(file.name(), position, "the file ends within its footer");
                }
                tail.put(buffer.flip());
            }
        }
        return tail.flip();
    }

    private static long bytesOf(ExtentList table) {
        return 64L + (long) table.size() * ExtentList.ENTRY_BYTES;
    }
}
