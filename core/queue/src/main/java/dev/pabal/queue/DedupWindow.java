package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ids that were used lately, each with the offset of the message that used it first; and ids that are claimed for
 * messages on their way. A claimed id counts as an id. Bounded: where the limit is reached, nothing more is taken until the oldest are out of the
 * window. About 32 bytes per id; an id costs the same however many there are.
 *
 * <p>Ids stand in {@link DedupChunk chunks} in the order in which they came; an id's number is its chunk's times {@link DedupChunk#SIZE}, plus its
 * place there. They go in the same order, so one with an earlier time than those before it takes room a little longer than it counts.
 */
final class DedupWindow {
    /** The id was not used within the window. */
    static final long ABSENT = QueueView.NEW;
    /** The id is claimed for a message on its way. */
    static final long CLAIMED = QueueView.UNDER_WAY;
    /** There are as many as there may be. */
    static final long FULL = QueueView.FULL;

    /** Old ids that go with each new one: room is made faster than it is used, and no call takes long. */
    private static final int DROPPED_AT_ONCE = 16;

    /** A ring, by number. */
    private @Nullable DedupChunk[] chunks = new DedupChunk[1];

    private final DedupIndex index = new DedupIndex(this);
    private long firstNumber;
    /** Numbers of chunks grow even where all went: a checkpoint takes a lower one for one that it has shown. */
    private long nextNumber;
    /** Ids of the first chunk before it are dropped. */
    private int head;

    private long size;
    private long forgottenTo;
    private long announcedTo;
    /** Chunks that were read and are not in their order yet. */
    private @Nullable TreeMap<Long, DedupChunk> read;

    /** Ids that are kept, with those that are out of the window and were not dropped yet. */
    long size() {
        return size;
    }

    /** The number of the oldest id that is kept. */
    long begin() {
        return firstNumber * DedupChunk.SIZE;
    }

    /** The chunk in which an id of that number stands. */
    DedupChunk chunk(long number) {
        DedupChunk chunk = chunks[(int) (number / DedupChunk.SIZE) & chunks.length - 1];
        if (chunk == null) {
            throw new IllegalStateException("no id has the number " + number);
        }
        return chunk;
    }

    /** The offset that is remembered for the id within the window, {@link #CLAIMED}, or {@link #ABSENT}. */
    long find(long high, long low, long nowMs, long windowMs) {
        long number = index.find(high, low);
        if (number < 0) {
            return ABSENT;
        }
        DedupChunk chunk = chunk(number);
        int at = DedupChunk.place(number);
        if (chunk.isClaimed(at)) {
            return CLAIMED;
        }
        return counts(chunk, at, nowMs, windowMs) ? chunk.offset(at) : ABSENT;
    }

    private boolean counts(DedupChunk chunk, int at, long nowMs, long windowMs) {
        return chunk.timeMs(at) + windowMs > nowMs && chunk.offset(at) >= forgottenTo;
    }

    /** Ids of messages below an offset may be used again; those that are claimed stay so. */
    void forget(long upTo) {
        forgottenTo = Math.max(forgottenTo, upTo);
        announcedTo = Math.max(announcedTo, upTo);
    }

    /** {@link #forget} will follow once that is durable: an id that was used again before would be a duplicate after a crash. */
    void announce(long upTo) {
        announcedTo = Math.max(announcedTo, upTo);
    }

    /** Ids of messages below it are forgotten, or will be. */
    long announcedTo() {
        return announcedTo;
    }

    /** As {@link #find}; what is absent is claimed where there is room, or the answer is {@link #FULL}. */
    long claim(long high, long low, long nowMs, long windowMs, long limit) {
        expire(nowMs, windowMs);
        long found = find(high, low, nowMs, windowMs);
        if (found != ABSENT) {
            return found;
        }
        if (isFull(nowMs, windowMs, limit)) {
            return FULL;
        }
        add(high, low, DedupChunk.CLAIMED, nowMs);
        return ABSENT;
    }

    /** A claimed id's message does not come: it may be claimed again. */
    void unclaim(long high, long low) {
        long number = index.find(high, low);
        if (number >= 0 && chunk(number).isClaimed(DedupChunk.place(number))) {
            chunk(number).drop(DedupChunk.place(number));
            index.remove(high, low, number);
        }
    }

    /**
     * A message with that id has come: remembers its offset, whether claimed or not.
     *
     * @return {@link #ABSENT}, or the offset of another message that used the id within the window: then nothing is remembered; or {@link #FULL}
     *     where there was neither a claim nor room
     */
    long remember(long high, long low, long offset, long timeMs, long windowMs, long limit) {
        expire(timeMs, windowMs);
        long number = index.find(high, low);
        if (number >= 0) {
            DedupChunk chunk = chunk(number);
            int at = DedupChunk.place(number);
            if (!chunk.isClaimed(at)) {
                long found = chunk.offset(at);
                if (found == offset || counts(chunk, at, timeMs, windowMs)) {
                    return found == offset ? ABSENT : found;
                }
            } else if (chunk.number() == lastNumber() && chunk.resolve(at, offset)) {
                return ABSENT;
            } else {
                // A checkpoint may have shown the chunk for the last time: the id is written down again, at the end.
                chunk.drop(at);
                add(high, low, offset, timeMs);
                return ABSENT;
            }
        }
        if (isFull(timeMs, windowMs, limit)) {
            return FULL;
        }
        add(high, low, offset, timeMs);
        return ABSENT;
    }

    /** What the journal says of an id: as it was then, whatever is known. */
    void replay(long high, long low, long offset, long timeMs, long windowMs) {
        expire(timeMs, windowMs);
        long number = index.find(high, low);
        if (number < 0 || chunk(number).offset(DedupChunk.place(number)) != offset) {
            add(high, low, offset, timeMs);
        }
    }

    private boolean isFull(long nowMs, long windowMs, long limit) {
        if (size >= limit) {
            // more are old than usual after a restart, or where the window has become shorter
            expire(nowMs, windowMs, DedupChunk.SIZE);
        }
        return size >= limit;
    }

    /** Drops the oldest where they are out of the window: some at a time. */
    private void expire(long nowMs, long windowMs) {
        expire(nowMs, windowMs, DROPPED_AT_ONCE);
    }

    private void expire(long nowMs, long windowMs, int most) {
        for (int i = 0; i < most && firstNumber < nextNumber; i++) {
            DedupChunk first = chunk(begin());
            if (first.timeMs(head) + windowMs > nowMs) {
                return;
            }
            dropFirst(first);
        }
    }

    /** When {@link #expireChunk} has something to do, {@link Long#MAX_VALUE} for never. */
    long dueMs(long windowMs) {
        return firstNumber == nextNumber ? Long.MAX_VALUE : chunk(begin()).lastMs() + windowMs;
    }

    /** Drops the first chunk where all of it is out of the window. */
    void expireChunk(long nowMs, long windowMs) {
        if (dueMs(windowMs) <= nowMs) {
            DedupChunk first = chunk(begin());
            for (int left = first.size() - head; left > 0; left--) {
                dropFirst(first);
            }
        }
    }

    void clear() {
        chunks = new DedupChunk[1];
        firstNumber = nextNumber;
        index.clear();
        head = 0;
        size = 0;
    }

    /** Number of the oldest chunk, -1 where there is none. */
    long firstNumber() {
        return firstNumber == nextNumber ? -1 : firstNumber;
    }

    /** The number of the chunk that grows, -1 where there is none. */
    private long lastNumber() {
        return firstNumber == nextNumber ? -1 : nextNumber - 1;
    }

    /** Shows chunks from a number on. What is claimed is not shown: after a crash the log says what became of it. */
    void write(long from, OffsetLine.ChunkVisitor visitor) {
        for (long number = Math.max(from, firstNumber); number < nextNumber; number++) {
            DedupChunk chunk = chunk(number * DedupChunk.SIZE);
            Bytes out = new Bytes(64 + chunk.size() * 24);
            chunk.write(out);
            visitor.chunk(number, out);
        }
    }

    /** Takes in a chunk, in any order; returns its number. They count with {@link #complete}. */
    long read(ByteBuffer in) {
        DedupChunk chunk = DedupChunk.read(in);
        if (read == null) {
            read = new TreeMap<>();
        }
        read.put(chunk.number(), chunk);
        return chunk.number();
    }

    /**
     * All chunks were read.
     *
     * @throws IllegalArgumentException where one is missing in between
     */
    void complete() {
        if (read == null) {
            return;
        }
        firstNumber = read.firstKey();
        nextNumber = firstNumber;
        for (DedupChunk chunk : read.values()) {
            if (chunk.number() != nextNumber) {
                throw new IllegalArgumentException("chunk " + nextNumber + " of the ids of a view is missing");
            }
            append(chunk);
            size += chunk.size();
            for (int at = 0; at < chunk.size(); at++) {
                if (!chunk.isDropped(at)) {
                    index.put(chunk.high(at), chunk.low(at), chunk.number() * DedupChunk.SIZE + at);
                }
            }
        }
        read = null;
    }

    private void add(long high, long low, long offset, long timeMs) {
        DedupChunk last = firstNumber == nextNumber ? null : chunk(lastNumber() * DedupChunk.SIZE);
        if (last == null || !last.takes(offset, timeMs)) {
            last = new DedupChunk(nextNumber, timeMs);
            append(last);
        }
        int at = last.add(high, low, offset, timeMs);
        index.put(high, low, last.number() * DedupChunk.SIZE + at);
        size++;
    }

    private void append(DedupChunk chunk) {
        if (nextNumber - firstNumber == chunks.length) {
            DedupChunk[] grown = new DedupChunk[chunks.length * 2];
            for (long number = firstNumber; number < nextNumber; number++) {
                grown[(int) number & grown.length - 1] = chunks[(int) number & chunks.length - 1];
            }
            chunks = grown;
        }
        chunks[(int) nextNumber++ & chunks.length - 1] = chunk;
    }

    private void dropFirst(DedupChunk first) {
        if (!first.isDropped(head)) {
            index.remove(first.high(head), first.low(head), begin() + head);
        }
        size--;
        if (++head == first.size()) {
            head = 0;
            chunks[(int) firstNumber & chunks.length - 1] = null;
            firstNumber++;
            if (firstNumber == nextNumber) {
                clear();
            }
        }
    }
}
