package dev.pabal.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What senders and receivers over SQS did and saw, and what of it breaks the broker's word. Each call of SQS has an answer, so a send counts
 * as accepted and a delete as done once it was answered; what was not answered may have happened or not.
 *
 * <p>Any thread; calls wait for each other.
 */
final class SqsHistory {
    private final Map<String, Message> standard = new ConcurrentHashMap<>();
    private final Map<String, TreeMap<Integer, Message>> groups = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private int sends;
    private int deletes;

    /** One body that was sent. */
    private static final class Message {
        boolean accepted;
        boolean deleting;
        /** Nothing that is asked after this may show it; in {@link System#nanoTime}. */
        long deletedNs = Long.MAX_VALUE;

        boolean received;
        final Set<String> ids = new HashSet<>();
    }

    synchronized void sending(String body) {
        message(body);
    }

    synchronized void accepted(String body) {
        message(body).accepted = true;
        sends++;
    }

    /**
     * What one receive returned, in its order.
     *
     * @param askedNs when it was asked, in {@link System#nanoTime}
     */
    synchronized void received(long askedNs, List<String> bodies, List<String> ids) {
        Set<String> before = new HashSet<>();
        for (int i = 0; i < bodies.size(); i++) {
            String body = bodies.get(i);
            Message message = message(body);
            message.received = true;
            message.ids.add(ids.get(i));
            if (askedNs > message.deletedNs) {
                violations.add(body + " was received after its delete was answered");
            }
            if (message.ids.size() > 1) {
                violations.add(body + " is there under several ids: " + message.ids);
            }
            if (isOfGroup(body)) {
                checkOrder(body, before);
            }
            before.add(body);
        }
    }

    /** Whatever was sent to the group before must have been deleted, or stand before it in the same answer. */
    private void checkOrder(String body, Set<String> before) {
        String group = groupOf(body);
        groups.get(group).headMap(numberOf(body)).forEach((number, earlier) -> {
            if (!earlier.deleting && !before.contains(group + "-" + number)) {
                violations.add(body + " was received before " + group + "-" + number + " was deleted");
            }
        });
    }

    synchronized void deleting(String body) {
        message(body).deleting = true;
    }

    synchronized void deleted(String body) {
        Message message = message(body);
        message.deletedNs = Math.min(message.deletedNs, System.nanoTime());
        deletes++;
    }

    synchronized int sends() {
        return sends;
    }

    synchronized int deletes() {
        return deletes;
    }

    /** Everything that was wrong, once the queues are empty. */
    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        standard.forEach((body, message) -> addLost(all, body, message));
        groups.forEach((group, messages) ->
                messages.forEach((number, message) -> addLost(all, group + "-" + number, message)));
        return all;
    }

    private static void addLost(List<String> violations, String body, Message message) {
        if (message.accepted && !message.received) {
            violations.add(body + " was accepted and is lost");
        }
    }

    /** Bodies of FIFO queues are {@code g<group>-<number>}, others {@code s<sender>-<number>}. */
    private static boolean isOfGroup(String body) {
        return body.startsWith("g");
    }

    static String groupOf(String body) {
        return body.substring(0, body.indexOf('-'));
    }

    private static int numberOf(String body) {
        return Integer.parseInt(body.substring(body.indexOf('-') + 1));
    }

    private Message message(String body) {
        if (isOfGroup(body)) {
            return groups.computeIfAbsent(groupOf(body), group -> new TreeMap<>())
                    .computeIfAbsent(numberOf(body), number -> new Message());
        }
        return standard.computeIfAbsent(body, key -> new Message());
    }

    @Override
    public synchronized String toString() {
        return sends + " sends and " + deletes + " deletes were answered";
    }
}
