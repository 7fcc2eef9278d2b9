package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * When the records of a log were appended: ranges of offsets with a time, first in, first out, in two to five bytes each. Times do not go back:
 * an earlier one is taken for the one before.
 *
 * <pre>
 *   chunk: first offset | time before | per range: records v | ms after the one before v
 * </pre>
 */
final class OffsetLine {
    private static final int CHUNK_BYTES = 4096;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long nextSequence;

    /** The last range; it may still grow. */
    private long lastFrom;

    private long lastEnd = -1;
    private long lastMs;

    /** The first range. */
    private long headEnd;

    private long headMs;
    private boolean headRead;

    /** All from the last end (at first: {@code from}) to before {@code end} were appended at {@code timeMs}. */
    void add(long from, long end, long timeMs) {
        if (lastEnd < 0) {
            lastFrom = from;
            lastEnd = from;
            lastMs = timeMs;
        }
        if (end <= lastEnd) {
            return;
        }
        if (timeMs > lastMs && lastEnd > lastFrom) {
            write();
        }
        lastMs = Math.max(lastMs, timeMs);
        lastEnd = end;
    }

    boolean isEmpty() {
        return chunks.isEmpty() && lastEnd <= lastFrom;
    }

    /** Where the first range ends. */
    long firstEnd() {
        readHead();
        return headEnd;
    }

    /** The time of the first range, {@link Long#MAX_VALUE} where there is none. */
    long firstMs() {
        if (isEmpty()) {
            return Long.MAX_VALUE;
        }
        readHead();
        return headMs;
    }

    void removeFirst() {
        readHead();
        headRead = false;
        Chunk chunk = chunks.peekFirst();
        if (chunk == null) {
            lastFrom = lastEnd;
            return;
        }
        chunk.readFrom = headEnd;
        chunk.readMs = headMs;
        if (chunk.readAt == chunk.bytes.size()) {
            chunks.removeFirst();
        }
    }

    void clear() {
        chunks.clear();
        lastEnd = -1;
        lastFrom = 0;
        headRead = false;
    }

    /** Forgets all from an offset on; what is left has chunks of new numbers. */
    void cut(long end) {
        if (lastEnd <= end) {
            return;
        }
        OffsetLine kept = new OffsetLine();
        long from = chunks.isEmpty() ? lastFrom : chunks.getFirst().readFrom;
        while (!isEmpty() && from < end) {
            long to = Math.min(end, firstEnd());
            kept.add(from, to, firstMs());
            from = firstEnd();
            removeFirst();
        }
        kept.close();
        clear();
        for (Chunk chunk : kept.chunks) {
            Chunk renumbered = new Chunk(nextSequence++, chunk.firstOffset, chunk.firstMs);
            renumbered.bytes.put(chunk.bytes.view());
            chunks.add(renumbered);
        }
        complete();
    }

    /** Shows chunks as a checkpoint does: those from {@code from} on, a number that grows. */
    void write(long from, ChunkVisitor visitor) {
        for (Chunk chunk : chunks) {
            if (chunk.sequence >= from) {
                Bytes out = new Bytes(CHUNK_BYTES + 64);
                out.putVar(chunk.sequence);
                out.putVar(chunk.firstOffset);
                out.putVar(chunk.firstMs);
                out.put(chunk.bytes.view());
                visitor.chunk(chunk.sequence, out);
            }
        }
    }

    /** Takes in a chunk; returns its number. */
    long read(ByteBuffer in) {
        Chunk chunk = new Chunk(Bytes.readVar(in), Bytes.readVar(in), Bytes.readVar(in));
        chunk.bytes.put(in);
        chunks.add(chunk);
        nextSequence = Math.max(nextSequence, chunk.sequence + 1);
        return chunk.sequence;
    }

    /** All chunks were read, in any order: continue after the last. */
    void complete() {
        if (chunks.isEmpty()) {
            return;
        }
        Chunk[] sorted = chunks.toArray(new Chunk[0]);
        java.util.Arrays.sort(sorted, (a, b) -> Long.compare(a.sequence, b.sequence));
        chunks.clear();
        for (Chunk chunk : sorted) {
            chunks.add(chunk);
        }
        Chunk chunk = sorted[sorted.length - 1];
        ByteBuffer in = chunk.bytes.view();
        lastEnd = chunk.firstOffset;
        lastMs = chunk.firstMs;
        while (in.hasRemaining()) {
            lastEnd += Bytes.readVar(in);
            lastMs += Bytes.readVar(in);
        }
        lastFrom = lastEnd;
        chunk.lastMs = lastMs;
    }

    /** Number of the first chunk that is kept. */
    long firstSequence() {
        return chunks.isEmpty() ? nextSequence : chunks.peekFirst().sequence;
    }

    /** Closes the last range, so that {@link #write} shows it. */
    void close() {
        if (lastEnd > lastFrom) {
            write();
        }
    }

    private void write() {
        Chunk chunk = chunks.peekLast();
        if (chunk == null || chunk.bytes.size() >= CHUNK_BYTES) {
            chunk = new Chunk(nextSequence++, lastFrom, lastMs);
            chunks.addLast(chunk);
        }
        chunk.bytes.putVar(lastEnd - lastFrom);
        chunk.bytes.putVar(Math.max(0, lastMs - chunk.lastMs));
        chunk.lastMs = Math.max(chunk.lastMs, lastMs);
        lastFrom = lastEnd;
    }

    private void readHead() {
        if (headRead) {
            return;
        }
        Chunk chunk = chunks.peekFirst();
        if (chunk == null) {
            headEnd = lastEnd;
            headMs = lastMs;
            return;
        }
        ByteBuffer in = chunk.bytes.view();
        in.position(chunk.readAt);
        headEnd = chunk.readFrom + Bytes.readVar(in);
        headMs = chunk.readMs + Bytes.readVar(in);
        chunk.readAt = in.position();
        headRead = true;
    }

    /** Sees a chunk. */
    @FunctionalInterface
    interface ChunkVisitor {
        void chunk(long sequence, Bytes bytes);
    }

    /** Some of the ranges. */
    private static final class Chunk {
        private final long sequence;
        private final long firstOffset;
        private final long firstMs;
        private final Bytes bytes = new Bytes(64);
        private long lastMs;
        private int readAt;
        private long readFrom;
        private long readMs;

        Chunk(long sequence, long firstOffset, long firstMs) {
            this.sequence = sequence;
            this.firstOffset = firstOffset;
            this.firstMs = firstMs;
            this.lastMs = firstMs;
            this.readFrom = firstOffset;
            this.readMs = firstMs;
        }
    }
}
