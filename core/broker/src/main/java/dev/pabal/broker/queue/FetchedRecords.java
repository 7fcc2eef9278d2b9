package dev.pabal.broker.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Copies of records that lay scattered in a log, found by their offsets: added in the order of their offsets, taken in any. A message costs no
 * object. For the shard's thread.
 *
 * <pre>
 *   in a piece of memory:  | base timestamp ms (8) | record | base timestamp ms (8) | record | ...
 * </pre>
 */
final class FetchedRecords implements FoundRecord {
    /** A larger record is better read when its turn comes: its extent is read for a good part of it. */
    private static final int MAX_RECORD_BYTES = FetchMemory.PIECE_BYTES / 4;

    private static final int FIRST_CAPACITY = 64;

    private final FetchMemory memory;
    private final int limitBytes;
    private final long untilMs;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private final RetainedMemory retained;
    private int size;
    /** In order. */
    private long[] offsets = new long[FIRST_CAPACITY];
    /** Where their base timestamps are, counted through all pieces. */
    private int[] places = new int[FIRST_CAPACITY];

    private int end;
    private int found;

    /**
     * @param limitBytes bound of all copies
     * @param untilMs the messages were due up to this time
     */
    FetchedRecords(FetchMemory memory, int limitBytes, long untilMs) {
        this.memory = memory;
        this.limitBytes = limitBytes;
        this.untilMs = untilMs;
        this.retained = new RetainedMemory(() -> memory.release(pieces));
    }

    /** Copies a record; false where there is no more room. One that is too large is passed over. */
    boolean add(long offset, FoundRecord record) {
        int bytes = Long.BYTES + record.sizeInBytes();
        if (bytes > MAX_RECORD_BYTES) {
            return true;
        }
        int inPiece = end % FetchMemory.PIECE_BYTES;
        if (inPiece + bytes > FetchMemory.PIECE_BYTES) {
            end += FetchMemory.PIECE_BYTES - inPiece;
        }
        if (end + bytes > limitBytes || end + bytes > pieces.size() * FetchMemory.PIECE_BYTES && !grow()) {
            return false;
        }
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, size * 2);
            places = Arrays.copyOf(places, size * 2);
        }
        ByteBuffer piece = pieces.get(end / FetchMemory.PIECE_BYTES);
        int at = end % FetchMemory.PIECE_BYTES;
        piece.putLong(at, record.baseTimestampMs());
        piece.put(at + Long.BYTES, record.buffer(), record.position(), record.sizeInBytes());
        offsets[size] = offset;
        places[size++] = end;
        end += bytes;
        return true;
    }

    private boolean grow() {
        ByteBuffer piece = memory.acquire();
        if (piece == null) {
            return false;
        }
        pieces.add(piece);
        return true;
    }

    boolean contains(long offset) {
        return Arrays.binarySearch(offsets, 0, size, offset) >= 0;
    }

    /** Goes to the record of that offset; false where it is not here. */
    boolean find(long offset) {
        int at = Arrays.binarySearch(offsets, 0, size, offset);
        if (at < 0) {
            return false;
        }
        found = places[at];
        return true;
    }

    int size() {
        return size;
    }

    long untilMs() {
        return untilMs;
    }

    /** Bytes that a record takes here, on average. */
    int meanBytes() {
        return end / Math.max(1, size);
    }

    @Override
    public ByteBuffer buffer() {
        return pieces.get(found / FetchMemory.PIECE_BYTES);
    }

    @Override
    public int position() {
        return found % FetchMemory.PIECE_BYTES + Long.BYTES;
    }

    @Override
    public int sizeInBytes() {
        int at = position();
        return RecordBytes.next(buffer(), at, FetchMemory.PIECE_BYTES) - at;
    }

    @Override
    public long baseTimestampMs() {
        return buffer().getLong(found % FetchMemory.PIECE_BYTES);
    }

    @Override
    public RetainedMemory retained() {
        return retained;
    }
}
