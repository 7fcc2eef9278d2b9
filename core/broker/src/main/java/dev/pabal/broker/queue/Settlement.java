package dev.pabal.broker.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is to happen to messages of one queue, gathered by a protocol and handed over at once. For one thread until it is handed over. */
public final class Settlement {
    private static final int FIRST_CAPACITY = 16;

    private final Outcome outcome;
    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private int size;
    private int credit;
    private MessageQueue.@Nullable Subscription creditTo;

    public Settlement(Outcome outcome) {
        this.outcome = outcome;
    }

    public Settlement add(long offset, int generation) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, size * 2);
            generations = Arrays.copyOf(generations, size * 2);
        }
        offsets[size] = offset;
        generations[size++] = generation;
        return this;
    }

    /** In the same step gives a subscription credit for {@code messages} more. */
    public Settlement credit(MessageQueue.Subscription subscription, int messages) {
        this.creditTo = subscription;
        this.credit = messages;
        return this;
    }

    public Outcome outcome() {
        return outcome;
    }

    public int size() {
        return size;
    }

    public long offset(int index) {
        return offsets[index];
    }

    public int generation(int index) {
        return generations[index];
    }

    public int credit() {
        return credit;
    }

    public MessageQueue.@Nullable Subscription creditTo() {
        return creditTo;
    }

    /** What happens to a message that was in flight. */
    public enum Outcome {
        /** Done with. */
        ACK,
        /** basic.nack or recover with requeue: comes back, only its acquisitions count. */
        RELEASE,
        /** basic.reject with requeue: comes back, and counts towards the delivery limit. */
        FAIL,
        /** Rejected for good: dead-lettered or settled. */
        DISCARD
    }
}
