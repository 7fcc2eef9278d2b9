package dev.pabal.queue;

/**
 * What may stand in a view's journal: {@link JournalWriter} writes it, {@link JournalReader} reads it, {@link Replay} applies it.
 *
 * <pre>
 *   entry:  version (1 byte, 1) | item | item | ... to the end of the entry
 *   item:   code (1 byte) | fields; v = varint ({@link Bytes}), 8 = 8 bytes big-endian
 *
 *    1 SETTLE    first v | count v
 *    2 RETURN    first v | count v | acquired v | failed v
 *    3 PARK      offset v | acquired v | failed v | due time v
 *    4 MARK      lane v | offset, for the lane of delayed messages a time v
 *    5 PURGE     number v | up to v | time v | number of ranges v | per range: gap after the one before v, length v
 *    6 DEAD      first v | count v | reason v
 *    7 INDEX     offset v | fields that follow (1 byte) | priority v | expiry v | due time v | group 8 | dedup 8 8 and sent v
 *    8 INDEXED   up to v
 *    9 CLEAN     cursor v
 *   10 START     offset v
 *   11 ACQUIRE   first v | count v | generation of the first v | holder v | deadline v | time v
 *   12 EXTEND    offset v | generation v | deadline v
 *   14 APPENDED  end v | time v
 *   15 SUSPECT   up to v
 *   17 FORGET    up to v
 * </pre>
 *
 * <p>All of an entry holds or none of it. Every item but PURGE may be applied again to a state that has seen it.
 */
interface JournalItems {
    int SETTLE = 1;
    int RETURN = 2;
    int PARK = 3;
    int MARK = 4;
    int PURGE = 5;
    int DEAD = 6;
    int INDEX = 7;
    int INDEXED = 8;
    int CLEAN = 9;
    int START = 10;
    int ACQUIRE = 11;
    int EXTEND = 12;
    int APPENDED = 14;
    int SUSPECT = 15;
    int FORGET = 17;

    /** All from {@code from} to before {@code to} are settled. */
    void settled(long from, long to);

    /** They came back and are ready, with these counts now. */
    void returned(long from, long to, int acquired, int failed);

    /** It came back and is hidden until it is due. */
    void parked(long offset, int acquired, int failed, long dueAtMs);

    /** Messages of that lane below {@code value} may be handed out from now on. */
    void mark(int lane, long value);

    /**
     * All ready ones below {@code upTo} were settled; those in flight or dead, which {@code kept} lists, and those not due at that time were not.
     * The one item that may not be applied twice: which were due is not known later, so purges are numbered, and the head knows the last.
     */
    void purged(long number, long upTo, long nowMs, OffsetSet kept);

    /** They wait to be dead-lettered. */
    void dead(long from, long to, DeadReason reason);

    /** What {@link QueueView#index} was told. */
    void indexed(IndexEntry entry);

    /** All that is out of the ordinary below {@code upTo} is known. */
    void indexedTo(long upTo);

    /** The process stopped in order; nothing at or above {@code cursor} was handed out, and what is unsettled was given back. */
    void clean(long cursor);

    /** All below is gone from the log. */
    void started(long offset);

    /** They are in flight, with generations that grow by one from message to message. */
    void acquired(long from, long to, int firstGeneration, int holder, long deadlineMs, long nowMs);

    void extended(long offset, int generation, long deadlineMs);

    /** The ids of messages below {@code upTo} may be used again. */
    void forgotten(long upTo);

    /** Untouched messages below may have been handed out before a crash. */
    void suspected(long upTo);

    /** Where the age of messages matters: all from the last such item to before {@code end} were appended then. */
    void appended(long end, long timeMs);
}
