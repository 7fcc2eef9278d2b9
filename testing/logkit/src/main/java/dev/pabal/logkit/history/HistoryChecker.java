package dev.pabal.logkit.history;

import dev.pabal.logkit.history.Attempt.Outcome;
import dev.pabal.logkit.history.History.Step;
import dev.pabal.logkit.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Convicts a history, or acquits it. Pure: the same history has the same verdict. The rules follow the Kafka workload of Jepsen; an attempt
 * without an answer may have happened or not, and either is fine.
 *
 * <p>Takes O(n log n) for n attempts and steps.
 */
public final class HistoryChecker {
    /** Where a value lies, as an acknowledgement or a consumer has said. */
    private record Place(String partition, long offset) {}

    private final History history;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Attempt> byValue = new HashMap<>();
    /** Where each value was first said to lie. */
    private final Map<String, Place> places = new HashMap<>();
    /** Each partition's values by offset, as acknowledged or seen. */
    private final Map<String, TreeMap<Long, String>> occupied = new HashMap<>();
    /** Values that somebody saw. */
    private final Map<String, Place> seen = new HashMap<>();

    private final Set<String> lost = new HashSet<>();

    private HistoryChecker(History history) {
        this.history = history;
    }

    /** Everything that is wrong with a history, nothing where nothing is. */
    public static List<Violation> check(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.readAttempts();
        checker.readSteps();
        checker.checkLost();
        checker.checkOrder();
        history.steps().forEach(checker::checkWalk);
        return List.copyOf(checker.violations);
    }

    private void convict(Kind kind, String partition, String message) {
        violations.add(new Violation(kind, partition, message));
    }

    private void readAttempts() {
        for (Attempt attempt : history.attempts()) {
            if (byValue.put(attempt.value, attempt) != null) {
                throw new IllegalArgumentException(
                        "the value " + attempt.value + " was sent twice: nothing can be said of such a history");
            }
            if (attempt.outcome == Outcome.ACKNOWLEDGED && attempt.offset >= 0) {
                occupy(attempt.partition, attempt.offset, attempt.value, "acknowledged");
                places.put(attempt.value, new Place(attempt.partition, attempt.offset));
            }
        }
    }

    private void readSteps() {
        for (List<Step> walk : history.steps()) {
            for (Step step : walk) {
                if (!step.isMove()) {
                    readStep(step);
                }
            }
        }
    }

    private void readStep(Step step) {
        Place place = new Place(step.partition(), step.offset());
        occupy(step.partition(), step.offset(), step.value(), "seen by " + step.consumer());
        checkGhost(step);
        checkPlace(step, place);
        seen.putIfAbsent(step.value(), place);
    }

    private void occupy(String partition, long offset, String value, String how) {
        String other = occupied.computeIfAbsent(partition, p -> new TreeMap<>()).putIfAbsent(offset, value);
        if (other != null && !other.equals(value)) {
            convict(
                    Kind.OFFSET_CLASH,
                    partition,
                    "offset " + offset + " held " + other + ", and " + value + " (" + how + ")");
        }
    }

    private void checkGhost(Step step) {
        Attempt attempt = byValue.get(step.value());
        String why = null;
        if (attempt == null) {
            why = "which nobody sent";
        } else if (attempt.outcome == Outcome.REFUSED) {
            why = "which was refused";
        } else if (!attempt.partition.equals(step.partition())) {
            why = "which was sent to " + attempt.partition;
        }
        if (why != null) {
            convict(
                    Kind.GHOST,
                    step.partition(),
                    step.consumer() + " saw " + step.value() + " at offset " + step.offset() + ", " + why);
        }
    }

    /** A value lies where it was seen first; where it was acknowledged first, a first sight elsewhere is a place of its own kind. */
    private void checkPlace(Step step, Place place) {
        Place known = places.putIfAbsent(step.value(), place);
        if (known == null || known.equals(place) || place.equals(seen.get(step.value()))) {
            return;
        }
        boolean twice = seen.containsKey(step.value());
        if (twice && !history.isIdempotent()) {
            return;
        }
        convict(
                twice ? Kind.DUPLICATE : Kind.MISPLACED,
                step.partition(),
                step.value() + " lies at " + known + " and was seen at offset " + step.offset());
    }

    /** After a drain all that was acknowledged must have been seen. Before one, only what a consumer passed over is missing for certain. */
    private void checkLost() {
        if (!history.isDrained()) {
            return;
        }
        for (Attempt attempt : history.attempts()) {
            boolean removed = attempt.offset >= 0 && attempt.offset < history.startOffset(attempt.partition);
            if (attempt.outcome == Outcome.ACKNOWLEDGED && !seen.containsKey(attempt.value) && !removed) {
                convictLost(attempt.value, attempt.partition, attempt.offset, "and never seen");
            }
        }
    }

    private void convictLost(String value, String partition, long offset, String how) {
        if (lost.add(value)) {
            convict(Kind.LOST, partition, value + " was acknowledged at offset " + offset + " " + how);
        }
    }

    private void checkOrder() {
        if (!history.isIdempotent()) {
            return;
        }
        Map<String, Attempt> last = new HashMap<>();
        for (Attempt attempt : history.attempts()) {
            long offset = offsetOf(attempt);
            if (offset < 0) {
                continue;
            }
            Attempt before = last.put(attempt.producer + "\n" + attempt.partition, attempt);
            if (before != null && offsetOf(before) > offset) {
                convict(
                        Kind.REORDERED,
                        attempt.partition,
                        attempt.producer + " sent " + before.value + " (offset " + offsetOf(before) + ") before "
                                + attempt.value + " (offset " + offset + ")");
            }
        }
    }

    /** The offset of an attempt in its own partition as far as anybody knows, or -1. */
    private long offsetOf(Attempt attempt) {
        Place place = places.get(attempt.value);
        return place != null && place.partition.equals(attempt.partition) ? place.offset : -1;
    }

    /** One consumer's way through one partition: upwards, and past nothing. */
    private void checkWalk(List<Step> walk) {
        long next = -1;
        for (Step step : walk) {
            if (step.isMove()) {
                next = step.offset();
                continue;
            }
            if (next >= 0 && step.offset() < next) {
                convict(
                        Kind.NONMONOTONIC,
                        step.partition(),
                        step.consumer() + " got offset " + step.offset() + " when it was at " + next);
            } else if (next >= 0) {
                checkSkip(step, next);
            }
            next = step.offset() + 1;
        }
    }

    private void checkSkip(Step step, long next) {
        long from = Math.max(next, history.startOffset(step.partition()));
        Map.@Nullable Entry<Long, String> there =
                occupied.getOrDefault(step.partition(), new TreeMap<>()).ceilingEntry(from);
        if (there == null || there.getKey() >= step.offset()) {
            return;
        }
        String way = step.consumer() + " went from offset " + next + " to " + step.offset() + ", past ";
        if (seen.containsKey(there.getValue())) {
            convict(Kind.SKIPPED, step.partition(), way + there.getValue() + " at offset " + there.getKey());
        } else {
            convictLost(there.getValue(), step.partition(), there.getKey(), "and never seen, though " + way + "it");
        }
    }
}
