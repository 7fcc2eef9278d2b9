package dev.pabal.sqs.move;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message move task as it stands. Immutable.
 *
 * @param id never used again
 * @param sourceArn the dead-letter queue
 * @param destinationArn where all go; null = each back to where it came from
 * @param maxPerSecond messages per second, 1 to 500; 0 = as fast as may be
 * @param status how far it is
 * @param startedMs when it was started, wall ms
 * @param moved messages moved so far
 * @param toMove messages that were there at the start
 * @param failure why it failed, as SQS says it; null where it did not
 */
public record MoveTask(
        UUID id,
        String sourceArn,
        @Nullable String destinationArn,
        int maxPerSecond,
        Status status,
        long startedMs,
        long moved,
        long toMove,
        @Nullable String failure) {
    /** SQS's words. */
    public enum Status {
        RUNNING,
        COMPLETED,
        CANCELLING,
        CANCELLED,
        FAILED;

        /** Whether messages may still be moved. */
        public boolean active() {
            return this == RUNNING || this == CANCELLING;
        }
    }

    /** What clients cancel it by. */
    public String handle() {
        return new TaskHandle(id, sourceArn).encoded();
    }

    MoveTask with(Status now, @Nullable String why) {
        return new MoveTask(id, sourceArn, destinationArn, maxPerSecond, now, startedMs, moved, toMove, why);
    }

    MoveTask moved(int more) {
        return new MoveTask(
                id, sourceArn, destinationArn, maxPerSecond, status, startedMs, moved + more, toMove, failure);
    }

    /** How many it moves at most from here on: no more than were there when it began. */
    long left() {
        return Math.max(0, toMove - moved);
    }

    /** As it is kept in the catalog. */
    Map<String, Object> stored() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("source", sourceArn);
        if (destinationArn != null) {
            table.put("destination", destinationArn);
        }
        table.put("max-per-second", maxPerSecond);
        table.put("status", status.name());
        table.put("started", startedMs);
        table.put("moved", moved);
        table.put("to-move", toMove);
        if (failure != null) {
            table.put("failure", failure);
        }
        return table;
    }

    /** What {@link #stored} said, null where the table says something else. */
    static @Nullable MoveTask of(String name, Map<String, Object> table) {
        if (!(table.get("source") instanceof String source) || !(table.get("status") instanceof String word)) {
            return null;
        }
        try {
            return new MoveTask(
                    UUID.fromString(name),
                    source,
                    table.get("destination") instanceof String destination ? destination : null,
                    (int) number(table, "max-per-second"),
                    Status.valueOf(word),
                    number(table, "started"),
                    number(table, "moved"),
                    number(table, "to-move"),
                    table.get("failure") instanceof String why ? why : null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long number(Map<String, Object> table, String name) {
        return table.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
