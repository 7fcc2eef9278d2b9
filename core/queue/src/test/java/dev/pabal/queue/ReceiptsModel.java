package dev.pabal.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A FIFO queue of receivers as one would write it without thinking of cost: a list of messages, and the ids with their times. */
final class ReceiptsModel {
    static final long WINDOW_MS = 60;

    final List<Message> messages = new ArrayList<>();
    /** The first message of each id, and when it was sent. */
    private final Map<Integer, long[]> ids = new HashMap<>();

    private final int deliveryLimit;

    ReceiptsModel(int deliveryLimit) {
        this.deliveryLimit = deliveryLimit;
    }

    static final class Message {
        final long offset;
        final int group;
        final int id;
        final long sentMs;
        boolean settled;
        boolean inFlight;
        long deadlineMs;
        int count;
        int generation;
        long firstMs;

        Message(long offset, int group, int id, long sentMs) {
            this.offset = offset;
            this.group = group;
            this.id = id;
            this.sentMs = sentMs;
        }

        Message copy() {
            Message copy = new Message(offset, group, id, sentMs);
            copy.settled = settled;
            copy.inFlight = inFlight;
            copy.deadlineMs = deadlineMs;
            copy.count = count;
            copy.generation = generation;
            copy.firstMs = firstMs;
            return copy;
        }
    }

    /** What a process would know that was killed now. */
    ReceiptsModel copy() {
        ReceiptsModel copy = new ReceiptsModel(deliveryLimit);
        messages.forEach(message -> copy.messages.add(message.copy()));
        copy.ids.putAll(ids);
        return copy;
    }

    /** The offset of the message that used the id within the window, -1 for none. */
    long duplicateOf(int id, long nowMs) {
        long[] used = ids.get(id);
        return used != null && nowMs - used[1] < WINDOW_MS ? used[0] : -1;
    }

    void append(Message message) {
        messages.add(message);
        ids.put(message.id, new long[] {message.offset, message.sentMs});
    }

    void clear() {
        messages.forEach(this::settle);
        ids.clear();
    }

    void tick(long nowMs) {
        for (Message message : messages) {
            if (message.inFlight && message.deadlineMs <= nowMs) {
                fail(message);
            }
        }
    }

    /** It comes back, and that counts. */
    void fail(Message message) {
        message.inFlight = false;
        message.count++;
        message.settled = deliveryLimit >= 0 && message.count > deliveryLimit;
    }

    /** The messages that may be handed out next: the first of each group, unless it is in flight. */
    List<Message> next() {
        Set<Integer> passed = new HashSet<>();
        List<Message> next = new ArrayList<>();
        for (Message message : messages) {
            if (!message.settled && passed.add(message.group) && !message.inFlight) {
                next.add(message);
            }
        }
        return next;
    }

    /** The message that follows another within its group and may be handed out with it, null where none does. */
    Message nextOf(int group, long after) {
        return messages.stream()
                .filter(message -> message.group == group && message.offset > after && !message.settled)
                .findFirst()
                .filter(message -> !message.inFlight)
                .orElse(null);
    }

    Standing standing(long offset, int generation) {
        Message message = messages.get((int) offset);
        if (message.settled) {
            return Standing.GONE;
        }
        if (message.generation != generation) {
            return Standing.SUPERSEDED;
        }
        return message.inFlight ? Standing.HELD : Standing.RETURNED;
    }

    void settle(Message message) {
        message.settled = true;
        message.inFlight = false;
    }

    long ready() {
        return messages.stream()
                .filter(message -> !message.settled && !message.inFlight)
                .count();
    }

    long inFlight() {
        return messages.stream().filter(message -> message.inFlight).count();
    }
}
