package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.nio.ByteBuffer;

/** Memory and lengths as direct I/O wants them. */
final class AlignedMemory {
    private AlignedMemory() {}

    /** A direct buffer of {@code bytes} (a multiple of the alignment) at an aligned address. */
    static ByteBuffer allocate(int bytes) {
        ByteBuffer aligned =
                ByteBuffer.allocateDirect(bytes + FileStore.ALIGNMENT).alignedSlice(FileStore.ALIGNMENT);
        return aligned.slice(0, bytes);
    }

    /** The next multiple of {@code alignment}, a power of two. */
    static long up(long value, int alignment) {
        return (value + alignment - 1) & -alignment;
    }

    /** The multiple of {@code alignment}, a power of two, at or before {@code value}. */
    static long down(long value, int alignment) {
        return value & -alignment;
    }

    /** Fills {@code buffer} with zeros from {@code from} to before {@code to}. */
    static void zero(ByteBuffer buffer, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            buffer.putLong(at, 0L);
        }
        for (; at < to; at++) {
            buffer.put(at, (byte) 0);
        }
    }
}
