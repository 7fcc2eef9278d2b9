package dev.pabal.broker.queue;

import dev.pabal.queue.ViewOptions;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a queue: its arguments, its policy and the operator's policy together.
 *
 * @param view what the view is to do
 * @param deadLetterExchange where dead messages are published, null = nowhere
 * @param deadLetterRoutingKey the routing key they get there, null = their own
 * @param singleActive only one consumer at a time is served
 * @param expiresMs the queue goes when nobody used it for so long, -1 = never
 * @param consumerTimeoutMs how long a delivered message may stay unsettled, -1 = for ever
 * @param retryMinMs delay before the first redelivery of a failed message, 0 = none
 * @param retryMaxMs bound of that delay, which grows with each failure
 * @param normalPriority the priority that a message has which says none; those below it count as it
 * @param policy name of the policy in force, null = none
 * @param operatorPolicy name of the operator's policy in force, null = none
 */
public record QueueSettings(
        ViewOptions view,
        @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey,
        boolean singleActive,
        long expiresMs,
        long consumerTimeoutMs,
        long retryMinMs,
        long retryMaxMs,
        int normalPriority,
        @Nullable String policy,
        @Nullable String operatorPolicy) {
    /** Where a message of that priority stands in the view: 0 = with those that say none. */
    public int level(int priority) {
        return Math.max(0, Math.min(priority - normalPriority, view.maxPriority()));
    }

    /** Whether publishers are refused what is too much, instead of older messages making room. */
    public boolean rejects() {
        return Admission.rejects(view);
    }
}
