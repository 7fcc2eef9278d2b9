package dev.pabal.log.local;

/**
 * Whole batches of one log that lie one behind the other in a slab.
 *
 * @param log whose they are
 * @param slab where they lie
 * @param position first byte in the slab
 * @param sizeInBytes bytes of all batches
 * @param baseOffset the first batch's base offset
 * @param nextOffset the offset after the last batch
 * @param maxTimestampMs largest timestamp among them
 */
record TailEntry(
        LocalLog log, Slab slab, int position, int sizeInBytes, long baseOffset, long nextOffset, long maxTimestampMs)
        implements Change {
    /** Appends are put together in one entry up to this size: what a search in an entry has to walk through at most, large batches aside. */
    static final int MAX_BYTES = 64 << 10;
}
