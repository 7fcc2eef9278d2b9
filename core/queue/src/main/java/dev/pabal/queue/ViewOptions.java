package dev.pabal.queue;

/**
 * What a view is to do, worked out from arguments and policies. Immutable; a view takes new ones at any time.
 *
 * @param owner settled messages are of no use to anyone else (false: a shared view over a topic)
 * @param journaled acquisitions survive a crash exactly (SQS); otherwise only a mark ahead of them is kept (AMQP)
 * @param maxLength most ready messages, -1 = no limit
 * @param maxLengthBytes most bytes of ready messages' bodies, -1 = no limit
 * @param overflow what happens to the one too many; {@link Overflow#DROP_HEAD} is the view's work, rejecting is done before the append
 * @param messageTtlMs how long a message may wait, -1 = for ever
 * @param delayMs how long each message is held back from its append, 0 = not at all
 * @param maxPriority highest priority that makes a difference, 0 = none
 * @param deliveryLimit how often a message may fail before it is dead-lettered, -1 = no limit
 * @param deadLetters whether there is somewhere for dead messages to go; otherwise they are settled
 * @param retainMs how long a settled message can still be read by replaying readers, 0 = not at all, -1 = for ever
 * @param groups messages of one group are handed out in order, one holder at a time; excludes {@code fair}
 * @param dedupWindowMs how long an id is remembered, 0 = not at all
 * @param dedupLimit most ids that are remembered at once, at about 32 bytes each; beyond it nothing new is let in ({@link QueueView#claim})
 * @param deadLetterExpired whether expired messages are dead-lettered as others are; otherwise they are settled
 * @param fair messages of groups are handed out by groups in turn, any number at a time; a noisy group, that is one with 30 messages in flight and
 *     more than a tenth of all that are, waits until there is nothing else (SQS's fair queues)
 */
public record ViewOptions(
        boolean owner,
        boolean journaled,
        long maxLength,
        long maxLengthBytes,
        Overflow overflow,
        long messageTtlMs,
        long delayMs,
        int maxPriority,
        int deliveryLimit,
        boolean deadLetters,
        long retainMs,
        boolean groups,
        long dedupWindowMs,
        long dedupLimit,
        boolean deadLetterExpired,
        boolean fair) {
    /** Enough for 14,000 ids a second in a window of five minutes. */
    public static final long DEFAULT_DEDUP_LIMIT = 1 << 22;

    /** A plain queue: no limits, nothing expires. */
    public static final ViewOptions DEFAULT =
            new ViewOptions(true, false, -1, -1, Overflow.DROP_HEAD, -1, 0, 0, -1, false, 0, false, 0);

    /** Not fair, and with the limit of ids and the end of expired messages as they are by default. */
    public ViewOptions(
            boolean owner,
            boolean journaled,
            long maxLength,
            long maxLengthBytes,
            Overflow overflow,
            long messageTtlMs,
            long delayMs,
            int maxPriority,
            int deliveryLimit,
            boolean deadLetters,
            long retainMs,
            boolean groups,
            long dedupWindowMs) {
        this(
                owner,
                journaled,
                maxLength,
                maxLengthBytes,
                overflow,
                messageTtlMs,
                delayMs,
                maxPriority,
                deliveryLimit,
                deadLetters,
                retainMs,
                groups,
                dedupWindowMs,
                DEFAULT_DEDUP_LIMIT,
                true,
                false);
    }

    /** Whether groups make a difference. */
    public boolean grouping() {
        return groups || fair;
    }

    /** What happens when a queue is full. */
    public enum Overflow {
        DROP_HEAD,
        REJECT_PUBLISH,
        REJECT_PUBLISH_DLX
    }
}
