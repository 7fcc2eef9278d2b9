package dev.pabal.queue;

import java.util.Locale;

/** Why a message is dead, by RabbitMQ's words in {@code x-death}. */
public enum DeadReason {
    EXPIRED,
    REJECTED,
    MAXLEN,
    DELIVERY_LIMIT,
    /** The record cannot be decoded. */
    CORRUPT;

    /** The word in {@code x-death}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
