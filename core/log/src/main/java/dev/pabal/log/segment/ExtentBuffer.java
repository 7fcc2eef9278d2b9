package dev.pabal.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One extent at a time in memory, for upkeep: verified batches from {@link #start} to {@link #end}. One thread. */
final class ExtentBuffer {
    private final ExtentIo io;
    private @Nullable ByteBuffer slab;
    private ByteBuffer memory = ByteBuffer.allocate(0);
    private int start;
    private int end;

    ExtentBuffer(ExtentIo io) {
        this.io = io;
    }

    /** Brings in an extent in place of the one before. */
    void load(Extent extent) throws IOException {
        int span = ExtentIo.spanBytes(extent);
        boolean usual = span <= ReadMemory.SLAB_BYTES;
        if (usual) {
            if (slab == null) {
                slab = AlignedMemory.allocate(ReadMemory.SLAB_BYTES);
            }
            memory = slab;
        } else {
            memory = ByteBuffer.allocate(span);
        }
        try {
            start = io.read(extent, memory, usual);
        } catch (ExtentIo.Removed e) {
            throw new IOException(extent.file() + " was removed while upkeep needed it", e);
        }
        end = start + extent.sizeInBytes();
    }

    ByteBuffer memory() {
        return memory;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Lets the memory go until the next load. */
    void free() {
        slab = null;
        memory = ByteBuffer.allocate(0);
    }
}
