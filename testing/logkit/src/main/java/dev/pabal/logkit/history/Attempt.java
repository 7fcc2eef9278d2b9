package dev.pabal.logkit.history;

/**
 * One try to produce one value, and how it ended. An attempt without an answer stays a maybe: it counts neither as done nor as failed.
 * Only {@link History} writes to it.
 */
public final class Attempt {
    /** How an attempt ended. */
    public enum Outcome {
        /** No answer, or one that leaves it open (a timeout, a lost connection). */
        MAYBE,
        /** The broker has acknowledged it. */
        ACKNOWLEDGED,
        /** The broker has said that it is not stored, and never will be. */
        REFUSED
    }

    final String producer;
    final String partition;
    final String value;
    volatile Outcome outcome = Outcome.MAYBE;
    volatile long offset = -1;

    Attempt(String producer, String partition, String value) {
        this.producer = producer;
        this.partition = partition;
        this.value = value;
    }

    public String partition() {
        return partition;
    }

    public String value() {
        return value;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The offset that the acknowledgement named, or -1. */
    public long offset() {
        return offset;
    }
}
