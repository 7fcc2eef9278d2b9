package dev.pabal.log.local;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest entries of one log that lie in memory, without a gap to the log's durable end; guarded by the log's lock. */
final class Tail {
    private static final TailEntry[] NONE = new TailEntry[0];

    /** A ring: its length is a power of two, or 0. */
    private TailEntry[] ring = NONE;

    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Base offset of the oldest entry; only where there is one. */
    long startOffset() {
        return entry(0).baseOffset();
    }

    void add(TailEntry entry) {
        if (size == ring.length) {
            TailEntry[] larger = new TailEntry[Math.max(4, size * 2)];
            for (int i = 0; i < size; i++) {
                larger[i] = entry(i);
            }
            ring = larger;
            head = 0;
        }
        ring[(head + size) & (ring.length - 1)] = entry;
        size++;
    }

    /** Drops what ends at or before {@code offset}. */
    void dropBefore(long offset) {
        while (pollBefore(offset) != null) {
            // each turn drops one
        }
    }

    /** Takes the oldest entry away if it ends at or before {@code offset}; null where none does. */
    @SuppressWarnings("NullAway") // an empty place of the ring is null; nobody looks there
    @Nullable
    TailEntry pollBefore(long offset) {
        if (size == 0 || entry(0).nextOffset() > offset) {
            return null;
        }
        TailEntry oldest = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        if (size == 0) {
            ring = NONE;
            head = 0;
        }
        return oldest;
    }

    /** The oldest entry; null where there is none. */
    @Nullable
    TailEntry oldest() {
        return size == 0 ? null : entry(0);
    }

    /** The newest entry; null where there is none. */
    @Nullable
    TailEntry newest() {
        return size == 0 ? null : entry(size - 1);
    }

    /** Puts {@code entry}, which holds more, in the place of the newest. */
    void replaceNewest(TailEntry entry) {
        ring[(head + size - 1) & (ring.length - 1)] = entry;
    }

    private TailEntry entry(int i) {
        return ring[(head + i) & (ring.length - 1)];
    }

    /** Index of the first entry that ends after {@code offset}. */
    private int find(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entry(middle).nextOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whole batches from the one that holds {@code offset}, as {@link dev.pabal.log.Log#read} says. Holds the slabs. */
    LogRead read(long offset, long upTo, int maxBytes) {
        int i = find(offset);
        if (i == size) {
            return LogRead.EMPTY;
        }
        int at = batchAt(entry(i), offset);
        if (i + 1 == size) {
            return readOne(entry(i), at, upTo, maxBytes);
        }
        TailReadBuilder read = new TailReadBuilder();
        while (i < size && read.sizeInBytes() < maxBytes) {
            TailEntry entry = entry(i);
            int end = endOfRead(entry, at, upTo, maxBytes - read.sizeInBytes(), read.isEmpty());
            if (end > at) {
                read.add(entry.slab(), at, end);
            }
            if (end < entry.position() + entry.sizeInBytes()) {
                break;
            }
            i++;
            if (i < size) {
                at = entry(i).position();
            }
        }
        return read.build();
    }

    private static LogRead readOne(TailEntry entry, int from, long upTo, int maxBytes) {
        int end = endOfRead(entry, from, upTo, maxBytes, true);
        if (end <= from) {
            return LogRead.EMPTY;
        }
        Slab slab = entry.slab();
        slab.hold();
        return new TailRead(List.of(slab.slice(from, end)), end - from, List.of(slab));
    }

    /** Position in the slab of the entry's first batch that ends after {@code offset}. */
    private static int batchAt(TailEntry entry, long offset) {
        ByteBuffer memory = entry.slab().memory();
        int at = entry.position();
        while (BatchHeader.nextOffset(memory, at) <= offset) {
            at += BatchHeader.sizeInBytes(memory, at);
        }
        return at;
    }

    private static int endOfRead(TailEntry entry, int from, long upTo, int room, boolean first) {
        int entryEnd = entry.position() + entry.sizeInBytes();
        if (entry.nextOffset() <= upTo && entryEnd - from <= room) {
            return entryEnd;
        }
        ByteBuffer memory = entry.slab().memory();
        int at = from;
        while (at < entryEnd && BatchHeader.baseOffset(memory, at) < upTo) {
            int size = BatchHeader.sizeInBytes(memory, at);
            boolean fits = at + size - from <= room || (first && at == from);
            if (!fits) {
                break;
            }
            at += size;
        }
        return at;
    }

    /** Base offset of the first batch at or after {@code from} with a timestamp at or after {@code timestampMs}; -1 where none. */
    long batchByTimestamp(long from, long timestampMs) {
        for (int i = find(from); i < size; i++) {
            if (entry(i).maxTimestampMs() >= timestampMs) {
                long found = batchByTimestamp(entry(i), from, timestampMs);
                if (found >= 0) {
                    return found;
                }
            }
        }
        return -1;
    }

    private static long batchByTimestamp(TailEntry entry, long from, long timestampMs) {
        ByteBuffer memory = entry.slab().memory();
        int end = entry.position() + entry.sizeInBytes();
        for (int at = entry.position(); at < end; at += BatchHeader.sizeInBytes(memory, at)) {
            if (BatchHeader.nextOffset(memory, at) > from && BatchHeader.maxTimestamp(memory, at) >= timestampMs) {
                return BatchHeader.baseOffset(memory, at);
            }
        }
        return -1;
    }

    /** The largest timestamp of what lies at or after {@code from}; {@link Long#MIN_VALUE} where nothing does. */
    long maxTimestampMs(long from) {
        long max = Long.MIN_VALUE;
        for (int i = find(from); i < size; i++) {
            max = Math.max(max, entry(i).maxTimestampMs());
        }
        return max;
    }

    /** Collects slices of slabs, and copies them together where they are small. */
    private static final class TailReadBuilder {
        private static final int SMALL = 4096;

        private final List<ByteBuffer> buffers = new ArrayList<>();
        private final List<Slab> slabs = new ArrayList<>();
        private int lastEnd = -1;
        private int lastStart;
        private int sizeInBytes;

        boolean isEmpty() {
            return sizeInBytes == 0;
        }

        int sizeInBytes() {
            return sizeInBytes;
        }

        void add(Slab slab, int from, int to) {
            int last = slabs.size() - 1;
            if (last >= 0 && slabs.get(last) == slab && lastEnd == from) {
                buffers.set(last, slab.slice(lastStart, to));
            } else {
                slab.hold();
                slabs.add(slab);
                buffers.add(slab.slice(from, to));
                lastStart = from;
            }
            lastEnd = to;
            sizeInBytes += to - from;
        }

        LogRead build() {
            if (buffers.isEmpty()) {
                return LogRead.EMPTY;
            }
            if (buffers.size() == 1 || sizeInBytes / buffers.size() >= SMALL) {
                return new TailRead(List.copyOf(buffers), sizeInBytes, List.copyOf(slabs));
            }
            ByteBuffer copy = ByteBuffer.allocate(sizeInBytes);
            buffers.forEach(copy::put);
            slabs.forEach(Slab::release);
            return new TailRead(List.of(copy.flip().asReadOnlyBuffer()), sizeInBytes, List.of());
        }
    }

    /** What was read holds its slabs until it is closed. */
    private static final class TailRead implements LogRead {
        private final List<ByteBuffer> buffers;
        private final int sizeInBytes;
        private List<Slab> slabs;

        TailRead(List<ByteBuffer> buffers, int sizeInBytes, List<Slab> slabs) {
            this.buffers = buffers;
            this.sizeInBytes = sizeInBytes;
            this.slabs = slabs;
        }

        @Override
        public List<ByteBuffer> buffers() {
            return buffers;
        }

        @Override
        public int sizeInBytes() {
            return sizeInBytes;
        }

        @Override
        public void close() {
            List<Slab> held = slabs;
            slabs = List.of();
            held.forEach(Slab::release);
        }
    }
}
