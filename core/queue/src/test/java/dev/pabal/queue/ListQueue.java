package dev.pabal.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** A queue as one would write it without thinking of cost: a list of messages and their states. The model that views are compared with. */
final class ListQueue {
    final List<Message> messages = new ArrayList<>();
    final ViewOptions options;
    /** Dead ones of this step, to be told by the view as well. */
    final List<String> deaths = new ArrayList<>();
    /** The entry of the journal that is being written. */
    long entry = 1;

    ListQueue(ViewOptions options) {
        this.options = options;
    }

    enum Place {
        UNTOUCHED,
        LANE,
        DUE,
        FLIGHT,
        HIDDEN,
        DEAD,
        SETTLED
    }

    static final class Message {
        long offset;
        Place place = Place.UNTOUCHED;
        int priority;
        long expiresAtMs = Long.MAX_VALUE;
        long dueAtMs;
        long visibleAtMs;
        /** As its publisher wanted it. */
        int wantedPriority;

        long wantedDueAtMs;
        long wantedExpiresAtMs;
        /** In which entry of the journal its append was noted. */
        long bornIn;

        int acquired;
        int failed;
        int generation;
        int holder;
        long deadlineMs;
        DeadReason reason;
        /** Counts may be higher than these after a crash. */
        boolean uncertain;
        /** Was ever handed out. */
        boolean seen;
        /** In which entry of the journal it was settled, died; after which it is hidden until when. */
        long settledIn = Long.MAX_VALUE;

        long deadIn = Long.MAX_VALUE;
        /** In which entry it was hidden as one that nobody has seen, although it was handed out. */
        long unseenIn = Long.MAX_VALUE;

        final TreeMap<Long, Long> hiddenIn = new TreeMap<>();
        final TreeMap<Long, Integer> failedIn = new TreeMap<>();

        boolean isReady(long nowMs) {
            return place == Place.LANE || place == Place.DUE || place == Place.UNTOUCHED && visibleAtMs <= nowMs;
        }

        /** Whether somebody has it, or has had it, as far as the first entries tell. */
        boolean isSeen(long kept) {
            return seen && unseenIn > kept;
        }

        boolean isUnsettled() {
            return place != Place.SETTLED;
        }
    }

    List<Message> ready(long nowMs) {
        List<Message> ready = new ArrayList<>();
        for (Message message : messages) {
            if (message.isReady(nowMs)) {
                ready.add(message);
            }
        }
        ready.sort(Comparator.<Message>comparingInt(m -> -m.priority)
                .thenComparingInt(m -> m.priority > 0 ? 0 : m.place == Place.LANE ? 0 : m.place == Place.DUE ? 1 : 2)
                .thenComparingLong(m -> m.priority == 0 && m.place == Place.DUE ? m.dueAtMs : 0)
                .thenComparingLong(m -> m.offset));
        return ready;
    }

    long count(Place place) {
        return messages.stream().filter(m -> m.place == place).count();
    }

    long delayed(long nowMs) {
        return messages.stream()
                .filter(m -> m.place == Place.HIDDEN || m.place == Place.UNTOUCHED && m.visibleAtMs > nowMs)
                .count();
    }

    void tick(long nowMs) {
        for (Message message : messages) {
            if (message.place == Place.FLIGHT && message.deadlineMs <= nowMs) {
                boolean failed = message.holder == QueueView.RECEIVERS;
                comeBack(message, failed ? Return.FAILED : Return.RELEASED, 0, nowMs);
            }
        }
        for (Message message : messages) {
            if (message.place == Place.HIDDEN && message.dueAtMs <= nowMs) {
                message.place = message.acquired > 0 || message.priority > 0 ? Place.LANE : Place.DUE;
            }
        }
        for (Message message : messages) {
            boolean waits = message.place == Place.UNTOUCHED
                    || message.place == Place.LANE
                    || message.place == Place.DUE
                    || message.place == Place.HIDDEN;
            if (waits && message.expiresAtMs <= nowMs) {
                die(message, DeadReason.EXPIRED);
            }
        }
    }

    void enforce(long nowMs) {
        List<Message> ready = ready(nowMs);
        for (int i = 0; options.maxLength() >= 0 && i < ready.size() - options.maxLength(); i++) {
            die(ready.get(i), DeadReason.MAXLEN);
        }
    }

    void comeBack(Message message, Return how, long dueAtMs, long nowMs) {
        if (how != Return.UNTOUCHED) {
            message.acquired++;
        }
        if (how == Return.FAILED) {
            message.failed++;
            message.failedIn.put(entry, message.failed);
        }
        if (how == Return.FAILED && options.deliveryLimit() >= 0 && message.failed > options.deliveryLimit()) {
            die(message, DeadReason.DELIVERY_LIMIT);
        } else if (message.expiresAtMs <= nowMs) {
            die(message, DeadReason.EXPIRED);
        } else if (dueAtMs > nowMs) {
            message.place = Place.HIDDEN;
            message.dueAtMs = dueAtMs;
            message.hiddenIn.put(entry, dueAtMs);
            message.unseenIn = message.acquired == 0 ? entry : Long.MAX_VALUE;
        } else {
            message.place = Place.LANE;
            if (how != Return.UNTOUCHED || options.journaled()) {
                message.hiddenIn.put(entry, 0L);
            }
        }
    }

    void die(Message message, DeadReason reason) {
        if (!options.deadLetters() || reason == DeadReason.EXPIRED && !options.deadLetterExpired()) {
            settle(message);
            return;
        }
        message.place = Place.DEAD;
        message.reason = reason;
        message.deadIn = entry;
        deaths.add(message.offset + " " + reason + " " + message.failed);
    }

    void settle(Message message) {
        message.place = Place.SETTLED;
        message.settledIn = entry;
    }

    void purge(long nowMs) {
        ready(nowMs).forEach(this::settle);
    }

    /** Takes in a message that was appended at a time. */
    void describe(Message message, long atMs) {
        message.bornIn = entry;
        message.visibleAtMs = atMs + options.delayMs();
        message.priority = Math.min(message.wantedPriority, options.maxPriority());
        message.expiresAtMs = message.wantedExpiresAtMs;
        message.dueAtMs = message.wantedDueAtMs;
        boolean apart = message.priority > 0 || message.dueAtMs > 0;
        if (apart && options.delayMs() > 0) {
            message.dueAtMs = Math.max(message.dueAtMs, atMs + options.delayMs());
        }
        if (message.dueAtMs > 0) {
            message.place = Place.HIDDEN;
            message.hiddenIn.put(0L, message.dueAtMs);
        } else {
            message.place = apart ? Place.LANE : Place.UNTOUCHED;
        }
        if (options.messageTtlMs() >= 0) {
            long from = Math.max(atMs, message.dueAtMs);
            message.expiresAtMs = Math.min(message.expiresAtMs, from + options.messageTtlMs());
        }
    }

    /** What is left when all entries after {@code durable} are lost. */
    void crash(long durable, long nowMs) {
        entry = durable + 1;
        for (Message message : messages) {
            if (message.settledIn <= durable) {
                continue;
            }
            message.settledIn = Long.MAX_VALUE;
            if (message.deadIn <= durable) {
                message.place = Place.DEAD;
                continue;
            }
            message.deadIn = Long.MAX_VALUE;
            if (message.bornIn > durable) {
                describe(message, nowMs);
            }
            var hidden = message.hiddenIn.floorEntry(durable);
            message.hiddenIn.tailMap(durable, false).clear();
            message.failedIn.tailMap(durable, false).clear();
            message.failed = message.failedIn.isEmpty()
                    ? 0
                    : message.failedIn.lastEntry().getValue();
            message.seen = message.isSeen(durable);
            message.unseenIn = Long.MAX_VALUE;
            message.acquired = message.seen ? 1 : 0;
            message.uncertain = true;
            if (hidden != null && hidden.getValue() > 0) {
                message.place = Place.HIDDEN;
                message.dueAtMs = hidden.getValue();
            } else {
                boolean apart = hidden != null || message.priority > 0 || message.visibleAtMs <= nowMs;
                message.place = apart ? Place.LANE : Place.UNTOUCHED;
            }
        }
        deaths.clear();
        tick(nowMs);
    }
}
