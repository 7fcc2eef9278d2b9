package dev.pabal.amqp.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection publishes while the store refuses writes: kept in its order until the store takes writes again, so that
 * {@code connection.blocked} stops publishes only. First come the batches that the store has refused, the one by which the refusal became
 * known among them; then the messages that came after. Bounded by {@link dev.pabal.amqp.AmqpLimits#maxUnstoredBytes()} for a connection and
 * by {@link SharedMemory#heldBytes} for all; beyond either the socket is not read. On the connection's event loop.
 */
final class Held {
    private static final Logger LOG = LoggerFactory.getLogger(Held.class);

    private final Link link;
    private final Runnable flush;
    private final TreeMap<Long, Batch> batches = new TreeMap<>();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private final List<CompletableFuture<Boolean>> waiting = new ArrayList<>(0);
    private boolean holding;
    private boolean suspended;
    private boolean closed;
    private long bytes;

    /** @param flush appends what publishing messages has gathered */
    Held(Link link, Runnable flush) {
        this.link = link;
        this.flush = flush;
    }

    /** A message that came while nothing was taken. */
    interface Message {
        ServerChannel channel();

        /** Size in memory. */
        int sizeInBytes();

        /** Publishes it; false where its channel fails by it: what follows on that channel is ignored, as the protocol says. */
        boolean publish();
    }

    /** A batch that the store had no room for. */
    interface Batch {
        /** Its place among all batches of the connection. */
        long number();

        /** How many messages are in it. */
        int records();

        /** Size in memory. */
        int sizeInBytes();

        /** Appends it once more; {@link Held#add(Batch)} is called where it is refused again. */
        void again();

        /** Gives its memory back: nobody waits for it any more. */
        void drop();
    }

    /** Whether messages are to be held. */
    boolean holding() {
        return holding;
    }

    /** Whether batches are held, so that no other may overtake them. */
    boolean holdsBatches() {
        return !batches.isEmpty();
    }

    /** Whether nothing is held. */
    boolean isEmpty() {
        return batches.isEmpty() && messages.isEmpty();
    }

    /** Holds from now on what is published. */
    void hold() {
        holding = true;
    }

    void add(Message message) {
        messages.add(message);
        grow(message.sizeInBytes());
    }

    /** The store has no room for the batch: from now on everything is held. */
    void add(Batch batch) {
        if (closed) {
            // It was on its way when the connection ended.
            batch.drop();
            return;
        }
        holding = true;
        batches.put(batch.number(), batch);
        grow(batch.sizeInBytes());
    }

    private void grow(int size) {
        bytes += size;
        Budget all = link.memory().heldBytes();
        all.overdraw(size);
        if (!suspended && (bytes > link.limits().maxUnstoredBytes() || all.isOverdrawn())) {
            suspended = true;
            link.suspend();
        }
    }

    private void shrink(int size) {
        bytes -= size;
        link.memory().heldBytes().giveBack(size);
    }

    /** Publishes everything in its order; from now on nothing is held, unless the store refuses again. */
    void release() {
        holding = false;
        // The store may refuse again on the way: what is left then goes on waiting.
        while (!holding && !batches.isEmpty()) {
            Map.Entry<Long, Batch> first = batches.pollFirstEntry();
            shrink(first.getValue().sizeInBytes());
            first.getValue().again();
        }
        Set<ServerChannel> failed = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!holding && !messages.isEmpty()) {
            Message message = messages.poll();
            shrink(message.sizeInBytes());
            if (!failed.contains(message.channel()) && !message.publish()) {
                failed.add(message.channel());
            }
        }
        flush.run();
        if (isEmpty()) {
            ended();
        }
    }

    /** The connection has ended: what it held is gone with it, as what lies in a blocked socket would be. */
    void drop() {
        if (!isEmpty()) {
            LOG.warn(
                    "connection {} ended while the store refused writes: {} messages that it had published and that were not confirmed are gone",
                    link.name(),
                    messages.size()
                            + batches.values().stream().mapToInt(Batch::records).sum());
        }
        closed = true;
        link.memory().heldBytes().giveBack(bytes);
        bytes = 0;
        messages.clear();
        batches.values().forEach(Batch::drop);
        batches.clear();
        holding = false;
        ended();
    }

    private void ended() {
        List<CompletableFuture<Boolean>> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(one -> one.complete(true));
        if (suspended) {
            suspended = false;
            link.resume();
        }
    }

    /** Completes when nothing of the channel is held any more. */
    CompletableFuture<Boolean> gone(ServerChannel channel) {
        boolean held = !batches.isEmpty() || messages.stream().anyMatch(m -> m.channel() == channel);
        return held ? gone() : CompletableFuture.completedFuture(true);
    }

    /** Completes when nothing is held any more. */
    CompletableFuture<Boolean> gone() {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        if (isEmpty()) {
            gone.complete(true);
        } else {
            waiting.add(gone);
        }
        return gone;
    }

    /** Completes when the store takes what is published. */
    CompletableFuture<Boolean> room() {
        if (!holding) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        waiting.add(room);
        return room;
    }
}
