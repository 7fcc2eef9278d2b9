package dev.pabal.message;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Names that are computed from where a message lies, so that nothing need be stored, and hashes of the names that clients give. Pure; any
 * thread. None of it may ever change: clients keep message ids, and the hashes stand in stored views.
 */
public final class MessageIds {
    private static final long RANDOM_1 = 0x9e3779b97f4a7c15L;
    private static final long RANDOM_2 = 0xd1b54a32d192ed03L;
    private static final long RANDOM_3 = 0x8cb92ba72f3d8dd7L;
    private static final long LOW_62 = (1L << 62) - 1;
    private static final long VARIANT = 1L << 63;
    private static final long VERSION = 4L << 12;
    private static final long VERSION_MASK = 0xf000L;
    /** 10^19: a sequence number has twenty digits, whatever the offset. */
    private static final long FIRST_SEQUENCE = -8_446_744_073_709_551_616L;

    private MessageIds() {}

    /**
     * The id of the message at an offset of a queue, in the form of a UUID of version 4. Within a queue no two offsets below 2^62 share one (the
     * lower half is a bijection of the offset); between queues all 122 bits tell them apart.
     */
    public static UUID messageId(UUID queue, long offset) {
        long key = mix(queue.getMostSignificantBits() ^ mix(queue.getLeastSignificantBits() + RANDOM_1));
        long low = permute(offset + key & LOW_62);
        long high = mix(key + RANDOM_2 ^ mix(offset + RANDOM_3));
        return new UUID(high & ~VERSION_MASK | VERSION, low | VARIANT);
    }

    /** The sequence number of the message at an offset: 20 digits, increasing. */
    public static String sequenceNumber(long offset) {
        return Long.toUnsignedString(FIRST_SEQUENCE + offset);
    }

    /** The hash of a group's name: 0 for the empty name alone. */
    public static long groupHash(ByteBuffer in, int at, int length) {
        if (length == 0) {
            return 0;
        }
        long hash = hash(in, at, length, RANDOM_1);
        return hash == 0 ? 1 : hash;
    }

    /**
     * The first half of the hash of a deduplication id.
     *
     * @param scope {@link #groupHash} of the group that it counts in, 0 for the whole queue
     */
    public static long dedupHigh(long scope, ByteBuffer in, int at, int length) {
        return hash(in, at, length, mix(scope + RANDOM_2));
    }

    /** The second half of the hash of a deduplication id, as {@link #dedupHigh}. */
    public static long dedupLow(long scope, ByteBuffer in, int at, int length) {
        return hash(in, at, length, mix(scope + RANDOM_3));
    }

    private static long hash(ByteBuffer in, int at, int length, long seed) {
        long hash = seed ^ mix(length + RANDOM_2);
        int next = at;
        int end = at + length;
        for (; next + 8 <= end; next += 8) {
            hash = fold(hash, bigEndian(in, next, 8));
        }
        return mix(fold(hash, bigEndian(in, next, end - next)));
    }

    private static long bigEndian(ByteBuffer in, int at, int bytes) {
        long word = 0;
        for (int i = 0; i < bytes; i++) {
            word = word << 8 | in.get(at + i) & 0xff;
        }
        return word;
    }

    private static long fold(long hash, long word) {
        long mixed = mix(word + RANDOM_3);
        return mix(hash ^ mixed) + RANDOM_1 * mixed;
    }

    /** The finalizer of SplitMix64: a bijection in which each bit of the input moves half of the output's. */
    private static long mix(long value) {
        long v = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        v = (v ^ v >>> 27) * 0x94d049bb133111ebL;
        return v ^ v >>> 31;
    }

    /** A bijection of 62 bits: multiplication with odd numbers and shifts that are undone from the top. */
    private static long permute(long value) {
        long v = (value ^ value >>> 31) * RANDOM_1 & LOW_62;
        v = (v ^ v >>> 29) * RANDOM_2 & LOW_62;
        return v ^ v >>> 32;
    }
}
