package dev.pabal.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What publishers and consumers of queues did and saw, and what of it breaks the broker's word.
 *
 * <p>An AMQP ack has no answer. It counts as durable when the broker was killed later than this: the broker answered a question on the same
 * channel (it hands over what was settled before it answers), and after that a message was published, no sooner than {@link #GRACE_NS}
 * later, whose confirm came. All settlements and messages go through one journal in one order, so what was in it before that message is on
 * the disk.
 */
final class QueueHistory {
    /**
     * From the hand-over of a settlement to its place in the journal: a few ms of gathering and one turn of a loop, which a busy machine may let
     * stand still while others go on.
     */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(3);

    private final Map<String, Message> messages = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong confirms = new AtomicLong();
    private final AtomicLong settles = new AtomicLong();
    private final AtomicLong durableSettles = new AtomicLong();
    private final AtomicLong redeliveries = new AtomicLong();
    /** When the youngest message was published that is confirmed. */
    private final AtomicLong lastConfirmedNs = new AtomicLong(Long.MIN_VALUE);

    /** One message; guarded by itself. */
    private static final class Message {
        final long publishedNs = System.nanoTime();
        boolean confirmed;
        int deliveries;
        boolean settling;
        long settledNs = Long.MAX_VALUE;
        boolean durablySettled;
    }

    String publishing(int queue) {
        String id = queue + "-" + numbers.incrementAndGet();
        messages.put(id, new Message());
        return id;
    }

    void confirmed(String id) {
        Message message = message(id);
        synchronized (message) {
            message.confirmed = true;
        }
        lastConfirmedNs.accumulateAndGet(message.publishedNs, Math::max);
        confirms.incrementAndGet();
    }

    /** Returns how often the message has come by now. */
    int delivered(String id, boolean redelivered) {
        Message message = messages.get(id);
        if (message == null) {
            violation("message " + id + " came out of nowhere");
            return 1;
        }
        synchronized (message) {
            message.deliveries++;
            if (message.deliveries > 1) {
                redeliveries.incrementAndGet();
                if (!redelivered) {
                    violation("message " + id + " came for the " + message.deliveries
                            + ". time and says it is the first");
                }
            }
            if (message.durablySettled) {
                violation("message " + id + " was settled, durably, and came back");
            }
            return message.deliveries;
        }
    }

    /** The consumer does not settle the message in this connection. */
    void kept(String id) {
        Message message = message(id);
        synchronized (message) {
            message.settling = false;
        }
    }

    void settling(String id) {
        Message message = message(id);
        synchronized (message) {
            message.settling = true;
        }
        settles.incrementAndGet();
    }

    /** The broker was told of these and has answered a question since. */
    void settled(List<String> ids) {
        long nowNs = System.nanoTime();
        for (String id : ids) {
            Message message = message(id);
            synchronized (message) {
                message.settledNs = Math.min(message.settledNs, nowNs);
            }
        }
    }

    /** Whether a kill would find settlements that are known to be durable and were not at the last one. */
    boolean hasDurableSettles() {
        long boundNs = lastConfirmedNs.get();
        return messages.values().stream().anyMatch(message -> isDurablySettledAnew(message, boundNs));
    }

    /** The broker is dead: what was durable by then must hold from now on. */
    void killed() {
        long boundNs = lastConfirmedNs.get();
        for (Message message : messages.values()) {
            synchronized (message) {
                if (isDurablySettledAnew(message, boundNs)) {
                    message.durablySettled = true;
                    durableSettles.incrementAndGet();
                }
            }
        }
    }

    private static boolean isDurablySettledAnew(Message message, long confirmedNs) {
        synchronized (message) {
            return !message.durablySettled
                    && confirmedNs != Long.MIN_VALUE
                    && message.settledNs != Long.MAX_VALUE
                    && confirmedNs - message.settledNs > GRACE_NS;
        }
    }

    private Message message(String id) {
        Message message = messages.get(id);
        if (message == null) {
            throw new IllegalStateException("unknown message " + id);
        }
        return message;
    }

    private synchronized void violation(String what) {
        violations.add(what);
    }

    /** After the queues were emptied: all that is wrong. */
    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        messages.forEach((id, message) -> {
            synchronized (message) {
                if (message.confirmed && message.deliveries == 0) {
                    all.add("message " + id + " was confirmed and never came");
                } else if (message.confirmed && !message.settling) {
                    all.add("message " + id + " was given back and never came again");
                }
            }
        });
        return all;
    }

    long confirms() {
        return confirms.get();
    }

    long settles() {
        return settles.get();
    }

    long durableSettles() {
        return durableSettles.get();
    }

    long redeliveries() {
        return redeliveries.get();
    }

    @Override
    public String toString() {
        return numbers + " published, " + confirms + " confirmed, " + settles + " settled, " + durableSettles
                + " of them known to be durable at a kill, " + redeliveries + " redelivered";
    }
}
