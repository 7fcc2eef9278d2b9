package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import dev.pabal.log.seam.FileStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One segment file: a sequence of pieces, each starting at a multiple of {@link FileStore#ALIGNMENT} and written at once by direct I/O; in a
 * piece, extents at multiples of {@link ExtentHeader#ALIGNMENT}, then zeros up to the next piece. A sealed file ends with a {@link Footer}.
 *
 * <pre>
 *   0            64n                          4096n                       4096n
 *  +--------+---+--------+-------------+----+--------+-- ... --+-------+-+------------------+
 *  | extent | 0 | extent | extent      | 0  | extent | extents |       |0| footer, if sealed|
 *  +--------+---+--------+-------------+----+--------+-- ... --+-------+-+------------------+
 *  |<------------- piece ------------------>|<------- piece ------------>|
 * </pre>
 *
 * A file holds the extents of one log (its own segment) or of many (a shared one). What was written is never written over.
 *
 * <p>Everything but the descriptor (see {@link OpenFiles}) belongs to the flusher.
 */
final class SegmentFile {
    private static final String PREFIX = "segment-";

    private final long number;
    private final @Nullable LogId owner;
    private final int level;
    private final long createdMs;

    /** Bytes from the start of the file that are valid, footer included. */
    long length;

    boolean sealed;
    /** Bytes of batches in all extents and in those that are still part of a log. */
    long contentBytes;

    long liveBytes;
    /** Bytes of released records in parts that are still wanted, about. */
    long releasedBytes;
    /** Made by a rewrite: not worth another one before so little of it is wanted. A batch stays as a whole while one of its records is wanted. */
    long rewriteBelowBytes = Long.MAX_VALUE;

    int extentCount;
    /** Parts, dead ones among them. */
    final List<Part> parts = new ArrayList<>();

    int liveParts;
    /** Of a sealed file: where its footer lies and which parts in it are wanted no more. */
    long footerPosition;

    final BitSet deadParts = new BitSet();

    /** Damaged when the store was opened: it stays on the disk until its log is deleted. */
    boolean quarantined;
    /** Upkeep found damage in it: it is never rewritten. */
    boolean damaged;

    /** Guarded by {@link OpenFiles}. */
    FileStore.@Nullable File handle;

    int users;
    boolean dirty;
    boolean removed;

    /**
     * @param number names the file for ever
     * @param owner the one log of an own segment; null for a shared one
     * @param level how often the content of a shared segment was merged
     * @param createdMs wall clock time of creation
     */
    SegmentFile(long number, @Nullable LogId owner, int level, long createdMs) {
        this.number = number;
        this.owner = owner;
        this.level = level;
        this.createdMs = createdMs;
    }

    long number() {
        return number;
    }

    @Nullable
    LogId owner() {
        return owner;
    }

    int level() {
        return level;
    }

    long createdMs() {
        return createdMs;
    }

    String name() {
        return name(number);
    }

    static String name(long number) {
        return PREFIX + number;
    }

    /** The number in a segment's name; -1 where it is no segment's name. */
    static long numberOf(String name) {
        if (!name.startsWith(PREFIX) || name.length() > PREFIX.length() + 18) {
            return -1;
        }
        for (int i = PREFIX.length(); i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return -1;
            }
        }
        return name.length() == PREFIX.length() ? -1 : Long.parseLong(name.substring(PREFIX.length()));
    }

    @Override
    public String toString() {
        return name();
    }
}
