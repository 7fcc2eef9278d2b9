package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The memory of cold reads: aligned slabs that hold the largest usual extent, made when first needed and used again for ever. A small extent
 * takes a sixteenth of a slab. A single batch larger than a slab gets memory of its own on the heap, which counts too. Any thread may call.
 */
final class ReadMemory {
    /** A whole extent and the blocks that it shares with its neighbours. */
    static final int SLAB_BYTES = ExtentHeader.MAX_EXTENT_BYTES + 2 * FileStore.ALIGNMENT;

    private static final int CHUNKS = 16;
    private static final int CHUNK_BYTES = 64 << 10;

    private final long limitBytes;
    private final ArrayDeque<Slab> freeSlabs = new ArrayDeque<>();
    /** Slabs cut into chunks of which some are free. */
    private final ArrayDeque<Slab> cutSlabs = new ArrayDeque<>();

    private long allocatedBytes;
    private long heapBytes;
    private long copiedBytes;

    ReadMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Memory for {@code bytes}, or null where there is none just now. */
    synchronized @Nullable Piece acquire(int bytes) {
        if (bytes <= CHUNK_BYTES) {
            return chunk();
        }
        if (bytes > SLAB_BYTES) {
            return large(bytes);
        }
        Slab slab = slab();
        return slab == null ? null : new Piece(slab, -1, slab.memory);
    }

    /** Room for a copy beside the pieces: as much again as the bound in all, so that a read that finds no piece can go on with one batch. */
    synchronized boolean reserveCopy(int bytes) {
        if (copiedBytes > 0 && copiedBytes + bytes > limitBytes) {
            return false;
        }
        copiedBytes += bytes;
        return true;
    }

    synchronized void releaseCopy(int bytes) {
        copiedBytes -= bytes;
    }

    synchronized void release(Piece piece) {
        Slab slab = piece.slab;
        if (slab == null) {
            heapBytes -= piece.memory.capacity();
        } else if (piece.chunk < 0) {
            freeSlabs.push(slab);
        } else {
            if (slab.freeChunks == 0) {
                cutSlabs.push(slab);
            }
            slab.freeChunks |= 1 << piece.chunk;
            if (slab.freeChunks == Slab.ALL_FREE) {
                cutSlabs.remove(slab);
                freeSlabs.push(slab);
            }
        }
    }

    /** Whether less than half of the bound is in use: then a read may take more than it needs at once. */
    synchronized boolean plenty() {
        long free = (long) freeSlabs.size() * SLAB_BYTES;
        return (allocatedBytes - free + heapBytes) * 2 < limitBytes;
    }

    /** Gives back to the system what is not in use. */
    synchronized void shrink() {
        allocatedBytes -= (long) freeSlabs.size() * SLAB_BYTES;
        freeSlabs.clear();
    }

    private @Nullable Piece chunk() {
        Slab slab = cutSlabs.peek();
        if (slab == null) {
            slab = slab();
            if (slab == null) {
                return null;
            }
            slab.freeChunks = Slab.ALL_FREE;
            cutSlabs.push(slab);
        }
        int chunk = Integer.numberOfTrailingZeros(slab.freeChunks);
        slab.freeChunks &= ~(1 << chunk);
        if (slab.freeChunks == 0) {
            cutSlabs.remove(slab);
        }
        return new Piece(slab, chunk, slab.memory.slice(chunk * CHUNK_BYTES, CHUNK_BYTES));
    }

    private @Nullable Slab slab() {
        Slab slab = freeSlabs.poll();
        if (slab == null && allocatedBytes + heapBytes + SLAB_BYTES <= limitBytes) {
            slab = new Slab(AlignedMemory.allocate(SLAB_BYTES));
            allocatedBytes += SLAB_BYTES;
        }
        return slab;
    }

    /** One large batch at least is always possible, whatever the bound: it could not be read otherwise. */
    private @Nullable Piece large(int bytes) {
        if (heapBytes > 0 && allocatedBytes + heapBytes + bytes > limitBytes) {
            return null;
        }
        heapBytes += bytes;
        return new Piece(null, -1, ByteBuffer.allocate(bytes));
    }

    /** Memory in use by one extent, to be given back once. */
    static final class Piece {
        private final @Nullable Slab slab;
        private final int chunk;
        final ByteBuffer memory;

        private Piece(@Nullable Slab slab, int chunk, ByteBuffer memory) {
            this.slab = slab;
            this.chunk = chunk;
            this.memory = memory;
        }

        boolean aligned() {
            return slab != null;
        }
    }

    private static final class Slab {
        static final int ALL_FREE = (1 << CHUNKS) - 1;

        final ByteBuffer memory;
        int freeChunks;

        Slab(ByteBuffer memory) {
            this.memory = memory;
        }
    }
}
