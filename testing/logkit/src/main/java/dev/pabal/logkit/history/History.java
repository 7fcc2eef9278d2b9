package dev.pabal.logkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients did and saw, as they saw it, for {@link HistoryChecker} to judge. Every value is produced once only: a value names its
 * attempt. May be written by any threads; the calls of one producer, and of one consumer, are made in its own order.
 */
public final class History {
    /** One step of a consumer: a record it got, or (with a null value) a move of its position. */
    record Step(String consumer, String partition, long offset, String value) {
        /** Marks a move: no record. */
        static final String MOVED = new String("moved");

        @SuppressWarnings("ReferenceEquality") // The marker is one object, whatever values say.
        boolean isMove() {
            return value == MOVED;
        }
    }

    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, List<Step>> steps = new LinkedHashMap<>();
    private final Map<String, Long> starts = new LinkedHashMap<>();
    private boolean drained;
    private boolean idempotent = true;

    /**
     * A producer is about to send a value. Its attempts to one partition are in the order of these calls.
     *
     * @param value unlike any other value of this history
     */
    public synchronized Attempt sent(String producer, String partition, String value) {
        Attempt attempt = new Attempt(producer, partition, value);
        attempts.add(attempt);
        return attempt;
    }

    /** The broker acknowledged it; {@code offset} is -1 where the acknowledgement does not say. */
    public void acknowledged(Attempt attempt, long offset) {
        attempt.offset = offset;
        attempt.outcome = Attempt.Outcome.ACKNOWLEDGED;
    }

    /** The broker said that it is not stored. Not to be called for a timeout or a lost connection: that is a maybe. */
    public void refused(Attempt attempt) {
        attempt.outcome = Attempt.Outcome.REFUSED;
    }

    /** A consumer got a record. */
    public synchronized void consumed(String consumer, String partition, long offset, String value) {
        step(new Step(consumer, partition, offset, value));
    }

    /** A consumer's next record is the first at or after {@code offset}: an assignment, a seek, a restart. */
    public synchronized void moved(String consumer, String partition, long offset) {
        step(new Step(consumer, partition, offset, Step.MOVED));
    }

    private void step(Step step) {
        steps.computeIfAbsent(step.consumer + "\n" + step.partition, k -> new ArrayList<>())
                .add(step);
    }

    /** Records before {@code startOffset} were removed, or may have been, as was asked: nobody needs to see them. */
    public synchronized void trimmed(String partition, long startOffset) {
        starts.merge(partition, startOffset, Math::max);
    }

    /** After the last attempt somebody read every partition to its end: from here on what was not seen is lost. */
    public synchronized void drained() {
        drained = true;
    }

    /** Producers repeat without idempotence: a value may be stored twice and out of order. */
    public synchronized void duplicatesAllowed() {
        idempotent = false;
    }

    /** What was done, in figures, to see that a run was one. */
    public synchronized Summary summary() {
        long acknowledged = count(Attempt.Outcome.ACKNOWLEDGED);
        long refused = count(Attempt.Outcome.REFUSED);
        long consumed = steps.values().stream()
                .flatMap(List::stream)
                .filter(s -> !s.isMove())
                .count();
        return new Summary(attempts.size(), acknowledged, refused, attempts.size() - acknowledged - refused, consumed);
    }

    private long count(Attempt.Outcome outcome) {
        return attempts.stream().filter(a -> a.outcome == outcome).count();
    }

    synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** Steps of each consumer in each partition, in order. */
    synchronized List<List<Step>> steps() {
        return steps.values().stream().map(List::copyOf).toList();
    }

    synchronized long startOffset(String partition) {
        return starts.getOrDefault(partition, 0L);
    }

    synchronized boolean isDrained() {
        return drained;
    }

    synchronized boolean isIdempotent() {
        return idempotent;
    }

    /**
     * Counts of a history.
     *
     * @param attempts values sent
     * @param acknowledged of these, acknowledged
     * @param refused of these, refused for certain
     * @param maybe of these, without a certain answer
     * @param consumed records that consumers got
     */
    public record Summary(long attempts, long acknowledged, long refused, long maybe, long consumed) {}
}
