package dev.pabal.log.segment;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The latest offset of each key, in bounded memory: keys are known by the first 128 bits of their SHA-256, for two keys taken for one would
 * cost a record, and keys come from clients who may look for such a pair. Open addressing in one array of longs: two for the key, one for the
 * offset. One thread.
 */
final class KeyMap {
    private static final int ENTRY_LONGS = 3;
    private static final int FIRST_SLOTS = 1_024;

    private final MessageDigest digest;
    private final int maxSlots;
    private long[] slots;
    private int slotCount;
    private int size;

    private long high;
    private long low;

    /** @param limitBytes memory for the entries; a map that grows holds half as much again for a moment */
    KeyMap(int limitBytes) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        maxSlots = Math.max(FIRST_SLOTS, limitBytes / (ENTRY_LONGS * Long.BYTES));
        slotCount = FIRST_SLOTS;
        slots = new long[slotCount * ENTRY_LONGS];
    }

    int size() {
        return size;
    }

    /** Notes the offset if it is the key's latest so far. False where there is no room for another key: nothing is noted then. */
    boolean put(ByteBuffer key, long offset) {
        hash(key);
        int slot = slot(slots, slotCount, high, low);
        if (slots[slot + 2] != 0) {
            slots[slot + 2] = Math.max(slots[slot + 2], offset + 1);
            return true;
        }
        if ((size + 1) * 4L > slotCount * 3L) {
            if (slotCount == maxSlots) {
                return false;
            }
            grow();
            slot = slot(slots, slotCount, high, low);
        }
        slots[slot] = high;
        slots[slot + 1] = low;
        slots[slot + 2] = offset + 1;
        size++;
        return true;
    }

    /** The key's latest offset, -1 where it is unknown. */
    long latest(ByteBuffer key) {
        hash(key);
        return slots[slot(slots, slotCount, high, low) + 2] - 1;
    }

    private void hash(ByteBuffer key) {
        digest.update(key.duplicate());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        high = hash.getLong();
        low = hash.getLong();
    }

    /** Where the key is, or the free slot where it would go. An entry is free while its third long is 0. */
    private static int slot(long[] in, int count, long high, long low) {
        int slot = (int) (((high >>> 32) * count) >>> 32);
        while (true) {
            int at = slot * ENTRY_LONGS;
            if (in[at + 2] == 0 || (in[at] == high && in[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == count ? 0 : slot + 1;
        }
    }

    private void grow() {
        int larger = (int) Math.min(maxSlots, slotCount * 2L);
        long[] to = new long[larger * ENTRY_LONGS];
        for (int at = 0; at < slots.length; at += ENTRY_LONGS) {
            if (slots[at + 2] != 0) {
                int slot = slot(to, larger, slots[at], slots[at + 1]);
                System.arraycopy(slots, at, to, slot, ENTRY_LONGS);
            }
        }
        slots = to;
        slotCount = larger;
    }
}
