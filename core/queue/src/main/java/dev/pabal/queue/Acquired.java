package dev.pabal.queue;

/** One message handed out; filled in by {@link QueueView#acquire}, to be reused by the caller. */
public final class Acquired {
    /** Its offset. */
    public long offset;
    /** Distinguishes this acquisition from others of the same message; a settlement must name it. */
    public int generation;
    /** How often it was acquired before this time. */
    public int acquiredBefore;
    /** How often a delivery of it failed. */
    public int failedDeliveries;
    /** It may have been seen before: never false where it was. */
    public boolean redelivered;
    /** Wall time of its first handing out, as far as anybody remembers ({@link QueueView#RECEIVERS}); otherwise of this one. */
    public long firstAcquiredMs;
    /** Its priority, 0 for ordinary ones. */
    public int priority;
}
