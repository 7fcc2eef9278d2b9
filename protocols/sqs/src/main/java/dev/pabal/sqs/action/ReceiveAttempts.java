package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.log.seam.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What receivers of FIFO queues that name their attempt ({@code ReceiveRequestAttemptId}) were given lately: who asks again under the same name
 * within five minutes gets the same messages with the same handles, as long as none of them was deleted or changed. At most
 * {@value #MAX_BYTES} bytes of records are kept; where they do not suffice, the oldest attempts are forgotten. Any thread.
 */
final class ReceiveAttempts {
    private static final long MAX_AGE_NS = 300_000_000_000L;
    private static final long MAX_BYTES = 32 << 20;

    private final Clock clock;
    private final Map<Name, Attempt> attempts = new LinkedHashMap<>();
    private final Map<Message, Name> messages = new HashMap<>();
    private long bytes;
    /** Spares the others the lock: mostly there is nothing. */
    private volatile boolean empty = true;

    private record Name(UUID queue, String attempt) {}

    private record Message(UUID queue, long offset) {}

    /**
     * An attempt's outcome.
     *
     * @param messages copies of them
     * @param receivedMs when, wall ms
     */
    record Attempt(KeptDeliveries messages, long receivedMs, long madeNs) {}

    ReceiveAttempts(Clock clock) {
        this.clock = clock;
    }

    /** What was given out under that name, null for nothing that holds still. */
    @Nullable
    Attempt find(UUID queue, String attempt) {
        if (empty) {
            return null;
        }
        synchronized (this) {
            forgetOld();
            return attempts.get(new Name(queue, attempt));
        }
    }

    /** Remembers what was given out. Fails with IllegalArgumentException where one of the records is none; then it remembers nothing. */
    void keep(String attempt, Deliveries given, long receivedMs) {
        KeptDeliveries kept = new KeptDeliveries(given);
        Attempt made = new Attempt(kept, receivedMs, clock.monotonicNs());
        Name name = new Name(given.queue().id(), attempt);
        synchronized (this) {
            forget(name);
            attempts.put(name, made);
            bytes += kept.windowBytes();
            for (int i = 0; i < kept.size(); i++) {
                messages.put(new Message(name.queue, kept.offset(i)), name);
            }
            empty = false;
            forgetOld();
        }
    }

    /** A message was deleted, or its visibility changed: whoever asks again gets what there is then. */
    void touched(UUID queue, long offset) {
        if (empty) {
            return;
        }
        synchronized (this) {
            Name name = messages.get(new Message(queue, offset));
            if (name != null) {
                forget(name);
            }
        }
    }

    /** Forgets an attempt whose messages are not what they were. */
    synchronized void forget(UUID queue, String attempt) {
        forget(new Name(queue, attempt));
    }

    private void forget(Name name) {
        Attempt gone = attempts.remove(name);
        if (gone != null) {
            removed(name, gone);
        }
    }

    private void removed(Name name, Attempt gone) {
        bytes -= gone.messages.windowBytes();
        for (int i = 0; i < gone.messages.size(); i++) {
            messages.remove(new Message(name.queue, gone.messages.offset(i)), name);
        }
        empty = attempts.isEmpty();
    }

    private void forgetOld() {
        long oldestNs = clock.monotonicNs() - MAX_AGE_NS;
        Iterator<Map.Entry<Name, Attempt>> eldest = attempts.entrySet().iterator();
        while (eldest.hasNext()) {
            Map.Entry<Name, Attempt> entry = eldest.next();
            if (bytes <= MAX_BYTES && entry.getValue().madeNs - oldestNs > 0) {
                return;
            }
            eldest.remove();
            removed(entry.getKey(), entry.getValue());
        }
    }
}
