package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * For one log: which offsets are settled, in flight, returned, delayed. At and above the cursor all is untouched and costs no memory.
 *
 * <pre>
 *   log start      settled floor            cursor                 end (durable)
 *       |  settled      |  touched: settled,   |  untouched: ready,    |
 *       |  and gone     |  in flight, returned,|  no memory; beyond the|
 *       |               |  parked, dead        |  mark: not handed out |
 * </pre>
 *
 * <p>Pure: time comes in as an argument (wall clock, ms), wishes go out to {@link ViewEffects}. For one thread only: the shard's. Every
 * mutation is written to the view's journal, save acquisitions of views that are not {@link ViewOptions#journaled}: for those a mark is
 * written ahead, and nothing at or above the durable mark is handed out; after a crash what lies below it counts as redelivered.
 */
public interface QueueView {
    /**
     * The holder of all that is held by receipt: nobody's connection, so it outlives the process where the view is journaled. When its
     * deadline passes, the delivery counts as failed. What others hold comes back with {@link Return#RELEASED}, then and after a restart.
     */
    int RECEIVERS = 0;

    /**
     * A view that knows nothing yet. For a new queue, call {@link #recovered} and {@link #flush} at once, so that the first message need not
     * wait for a mark; for one that was there before, call {@link #restore}, {@link #replay} and {@link #recovered} first.
     *
     * @param startOffset where the log starts
     */
    static QueueView create(ViewOptions options, ViewEffects effects, long startOffset) {
        return new LogView(options, effects, startOffset);
    }

    // ---- what the log says

    /**
     * One record that is out of the ordinary; comes before {@link #appended} covers it, in offset order. Journaled as INDEX.
     *
     * <p>Where it has an id ({@link IndexEntry#dedup}) that another message has used within the window, it is settled at once, and never handed
     * out; otherwise the id is remembered with its offset, whether it was claimed or not.
     */
    void index(IndexEntry entry);

    /**
     * All records below {@code end} are durable now.
     *
     * @param bodyBytes bytes of the bodies of the new ones, -1 where nobody knows: they say nothing about the size of others then
     * <p>After {@link #recovered} the first call says where the log ends, even if it is empty; what may have been handed out before a crash is
     * worked out from that.
     *
     * @param appendedAtMs wall time of the append, for queue TTL and fixed delays (records between two calls share one time)
     */
    void appended(long end, long bodyBytes, long appendedAtMs);

    /** The log now starts at {@code startOffset}: whatever was before is gone (shared views, DeleteRecords). */
    void logStart(long startOffset, long nowMs);

    /** New options hold from now on. */
    void configure(ViewOptions options, long nowMs);

    // ---- handing out

    /** The offset that {@link #acquire} would hand out now, or -1: to bring its bytes into memory first. Skips nothing, changes nothing. */
    long nextReady(long nowMs);

    /**
     * Hands out the next message.
     *
     * @param holder who holds it from now on, for {@link #releaseHolder}; not negative
     * @param deadlineMs wall time at which it comes back by itself, {@link Long#MAX_VALUE} = never; as failed where the holder is
     *     {@link #RECEIVERS}, otherwise as released
     * @return false where nothing may be handed out now
     */
    boolean acquire(int holder, long deadlineMs, long nowMs, Acquired out);

    /**
     * With groups in order: hands out the next message of the group that {@code out} names by its offset, which the same holder has in flight; so one
     * holder may have several of a group at once, in order. False where the group has no more.
     */
    boolean acquireOfGroup(int holder, long deadlineMs, long nowMs, Acquired out);

    /** The offset that {@link #acquireOfGroup} would hand out after that one, or -1. */
    long nextReadyOfGroup(long offset);

    /** As {@link #acquire}, of a message that is settled in the same moment: no acknowledgement will come (at most once). */
    boolean take(long nowMs, Acquired out);

    /** The size of the body of the message in flight, once the runtime has seen it: for limits by bytes. */
    void bodySize(long offset, int bytes);

    /** What has become of the message since it was handed out in that generation. */
    Standing standing(long offset, int generation);

    /** The generation in which {@link #RECEIVERS} have the message in flight now, -1 where they do not. */
    int receivedGeneration(long offset);

    // ---- settling and coming back; false where the offset is not in flight with that generation: then nothing
    // happened

    boolean settle(long offset, int generation, long nowMs);

    /** Settles what is {@link Standing#HELD} or {@link Standing#RETURNED}. Says how it stood. */
    Standing settleByReceipt(long offset, int generation, long nowMs);

    /** Gives back; hidden until {@code dueAtMs} where that is later than now. Beyond the delivery limit it dies instead. */
    boolean giveBack(long offset, int generation, Return how, long dueAtMs, long nowMs);

    /** Will never be delivered again: dead-lettered where there is somewhere to go, settled otherwise. */
    boolean discard(long offset, int generation, DeadReason reason, long nowMs);

    /** Moves the time at which it comes back by itself. */
    boolean extend(long offset, int generation, long deadlineMs, long nowMs);

    /** Gives back all that a holder has in flight, in order. */
    int releaseHolder(int holder, Return how, long nowMs);

    /** The runtime has appended the dead message to its targets, durably: settle it. */
    void deadLettered(long offset, long nowMs);

    /** The first message at or after {@code from} that is dead and waits for {@link #deadLettered}, -1 for none. */
    long nextDead(long from);

    /** What a message died of that waits for {@link #deadLettered}, null where it is no such message. */
    @Nullable
    DeadReason deadReason(long offset);

    // ---- the whole queue

    /** Settles all that is ready (not what is in flight, delayed or dead), at a cost that does not grow with untouched messages; journaled. Returns how many. */
    long purge(long nowMs);

    /** Settles everything, also what is in flight, delayed or dead, at once; journaled. Returns what {@link #cleared} is to be told when that is durable. */
    long clear(long nowMs);

    /** A {@link #clear} is durable: the ids of what was cleared may be used again. */
    void cleared(long upTo);

    /** Does what is due: expiry, deadlines, delays. To be called at {@link #nextDueMs}, and may be called at any time. */
    void tick(long nowMs);

    /** Wall time at which {@link #tick} has something to do, {@link Long#MAX_VALUE} for nothing. */
    long nextDueMs();

    // ---- messages that are to be taken once

    /** The id was not used within the window, and is claimed now. */
    long NEW = -1;
    /** The id is claimed: its message is on its way. */
    long UNDER_WAY = -2;
    /** The id is new, and the window has as many as {@link ViewOptions#dedupLimit} allows. */
    long FULL = -3;

    /**
     * Asks, before a message is appended, whether its id was used within {@link ViewOptions#dedupWindowMs}, and claims it where not. So a sender
     * learns of a duplicate without an append:
     *
     * <pre>
     *   NEW        append it, its id in the record, so that an {@link IndexEntry#dedup} can be made of the record at any time; on failure {@link #unclaim}
     *   an offset  a duplicate of the message there: answer with that one's identity; it is durable
     *   UNDER_WAY  a duplicate of one that is being appended: ask again once that is covered by {@link #appended} or unclaimed
     *   FULL       refuse it; nothing was claimed. There is room again as ids fall out of the window
     * </pre>
     *
     * <p>The window counts from the claim, goes on after the message is settled, and survives a crash: what the claim leads to is journaled with
     * the record's INDEX, and where that is lost the record is shown again by {@link #index}. A claim itself is not kept. So an answer need wait
     * for the append only, not for the view's journal. Without a window every id is new.
     *
     * <p>Whoever appends without a claim (other protocols) is held to the window all the same, after the append, by {@link #index}; when the window
     * is full such a message is handed out, and its id is not remembered.
     */
    long claim(IndexEntry.Dedup id, long nowMs);

    /** The append of a claimed id's message has failed: the id may be claimed again. */
    void unclaim(IndexEntry.Dedup id);

    /** As {@link #claim} would answer, but claims nothing; never {@link #FULL}. */
    long duplicateOf(IndexEntry.Dedup id, long nowMs);

    /** Shows up to {@code limit} ready offsets in the order in which they would be handed out; with groups one group after the other. */
    void peek(int limit, long nowMs, LongConsumer visitor);

    /** When messages are due that are held back, for those who prepare for that; always the same object. */
    DueTimes dueTimes();

    long ready();

    long inFlight();

    long delayed();

    /** How many messages a holder has in flight; takes time for each. For people. */
    int inFlight(int holder);

    /** How often the delivery of a message failed so far. */
    int failures(long offset);

    /** Whether the message counts as handed out before. */
    boolean redelivered(long offset);

    /**
     * Bytes of the bodies of ready messages: where a limit by bytes is set, as exact as {@link #appended} is (messages of one call share its bytes
     * evenly, until {@link #bodySize} tells more); otherwise estimated.
     */
    long readyBytes();

    /** All below it are settled. */
    long settledFloor();

    /** Shows every maximal range of settled offsets that touches [{@code from}, {@code to}), in order. */
    void settledRanges(long from, long to, RangeVisitor visitor);

    /** Wall time at which what was settled at {@code offset} may go, for {@link ViewOptions#retainMs}; 0 = now. */
    long retainedUntilMs(long offset);

    // ---- durability

    /**
     * The end of one turn of the shard's loop: what was done since the last call goes to {@link ViewEffects#journal}, as one entry where it fits
     * (neighbouring settlements are one range), and limits are enforced: what arrived in this turn and could not be handed out is dropped
     * where the queue is too long, or expires where it may not wait at all. So the order within a turn is: {@link #tick}, settlements,
     * {@link #index} and {@link #appended}, {@link #acquire}, and this. Nothing is durable, and no mark is asked for, without it. Costs
     * nothing where nothing happened.
     */
    void flush(long nowMs);

    /** Entries up to this number are durable. */
    void journalDurable(long number);

    /** Whether a mark is on its way to the journal: what is handed out next may have to wait for it. */
    boolean awaitsMark();

    /**
     * Shows what has changed since the last call as keyed pieces (the head and dirty blocks), each to replace what was stored under its key;
     * an empty value removes the key. To be stored together, all or none; and not before the entries that were journaled up to now.
     */
    void checkpoint(PieceVisitor visitor);

    /** Takes back one piece of a checkpoint, before any {@link #replay}. */
    void restore(int key, ByteBuffer piece);

    /** Applies one entry that {@link ViewEffects#journal} was given; repeating entries that a checkpoint has already seen does no harm. */
    void replay(ByteBuffer entry);

    /**
     * The replay is over. The runtime then shows what is out of the ordinary from {@link #indexedTo} on by {@link #index}, and calls
     * {@link #appended}, in as many steps as it likes; with the step that reaches {@code end} the view is as it was.
     *
     * @param cleanStop false where what lies below the marks must count as handed out
     * @param end the log's end as the process before left it
     */
    void recovered(boolean cleanStop, long end, long nowMs);

    /** The same where all that the log holds is shown in one step. */
    default void recovered(boolean cleanStop, long nowMs) {
        recovered(cleanStop, 0, nowMs);
    }

    /** Below this offset everything out of the ordinary is known. */
    long indexedTo();

    /** The process stops in order: journal the exact cursor so that nothing counts as redelivered that was not. */
    void stop(long nowMs);

    /** Sees a piece of a checkpoint. */
    @FunctionalInterface
    interface PieceVisitor {
        /** @param piece valid during the call only */
        void piece(int key, ByteBuffer piece);
    }

    /** Sees a range of offsets. */
    @FunctionalInterface
    interface RangeVisitor {
        /** @param to exclusive */
        void range(long from, long to);
    }
}
