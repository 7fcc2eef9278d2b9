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
    private static final long DEFAULT_DEDUP_LIMIT = 1 << 22;

    /** A plain queue: no limits, nothing expires. */
    public static final ViewOptions DEFAULT = builder().build();

    /** Those of a plain queue, to be changed. */
    public static Builder builder() {
        return new Builder();
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

    /** What differs from {@link #DEFAULT}; the components of {@link ViewOptions} say what is what. */
    public static final class Builder {
        private boolean owner = true;
        private boolean journaled;
        private long maxLength = -1;
        private long maxLengthBytes = -1;
        private Overflow overflow = Overflow.DROP_HEAD;
        private long messageTtlMs = -1;
        private long delayMs;
        private int maxPriority;
        private int deliveryLimit = -1;
        private boolean deadLetters;
        private long retainMs;
        private boolean groups;
        private long dedupWindowMs;
        private long dedupLimit = DEFAULT_DEDUP_LIMIT;
        private boolean deadLetterExpired = true;
        private boolean fair;

        private Builder() {}

        public Builder owner(boolean owner) {
            this.owner = owner;
            return this;
        }

        public Builder journaled(boolean journaled) {
            this.journaled = journaled;
            return this;
        }

        public Builder maxLength(long maxLength) {
            this.maxLength = maxLength;
            return this;
        }

        public Builder maxLengthBytes(long maxLengthBytes) {
            this.maxLengthBytes = maxLengthBytes;
            return this;
        }

        public Builder overflow(Overflow overflow) {
            this.overflow = overflow;
            return this;
        }

        public Builder messageTtlMs(long messageTtlMs) {
            this.messageTtlMs = messageTtlMs;
            return this;
        }

        public Builder delayMs(long delayMs) {
            this.delayMs = delayMs;
            return this;
        }

        public Builder maxPriority(int maxPriority) {
            this.maxPriority = maxPriority;
            return this;
        }

        public Builder deliveryLimit(int deliveryLimit) {
            this.deliveryLimit = deliveryLimit;
            return this;
        }

        public Builder deadLetters(boolean deadLetters) {
            this.deadLetters = deadLetters;
            return this;
        }

        public Builder retainMs(long retainMs) {
            this.retainMs = retainMs;
            return this;
        }

        public Builder groups(boolean groups) {
            this.groups = groups;
            return this;
        }

        public Builder dedupWindowMs(long dedupWindowMs) {
            this.dedupWindowMs = dedupWindowMs;
            return this;
        }

        public Builder dedupLimit(long dedupLimit) {
            this.dedupLimit = dedupLimit;
            return this;
        }

        public Builder deadLetterExpired(boolean deadLetterExpired) {
            this.deadLetterExpired = deadLetterExpired;
            return this;
        }

        public Builder fair(boolean fair) {
            this.fair = fair;
            return this;
        }

        public ViewOptions build() {
            return new ViewOptions(
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
                    dedupLimit,
                    deadLetterExpired,
                    fair);
        }
    }
}
