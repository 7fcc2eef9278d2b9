package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.topology.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who consumes on a channel, by tag, and who got messages one by one. On the event loop. */
final class Consumers {
    /** Queues that a channel got messages from are remembered up to that many, and twice as many as it holds messages of. */
    private static final int MAX_IDLE_GETTERS = 64;

    private final ServerChannel channel;
    private final Map<String, Consumer> byTag = new LinkedHashMap<>(2);
    private final Map<String, AmqpChannel.ForeignConsumer> foreign = new HashMap<>(0);
    private final Map<MessageQueue, Getter> getters = new IdentityHashMap<>(0);
    /** Those that deliver no more but may hold messages. */
    private final List<Consumer> cancelled = new ArrayList<>(0);

    private int sweepGettersAt = MAX_IDLE_GETTERS;
    private int prefetch;

    private final SharedLimit shared;

    Consumers(ServerChannel channel) {
        this.channel = channel;
        this.shared = new SharedLimit(channel);
    }

    int prefetch() {
        return prefetch;
    }

    /** The bound that all consumers share, 0 = none. */
    int sharedPrefetch() {
        return shared.limit();
    }

    /** {@code basic.qos}. */
    void qos(int count, boolean forAll) {
        if (forAll) {
            shared.limit(count);
            byTag.values().forEach(consumer -> consumer.raise(shared));
        } else {
            prefetch = count;
        }
    }

    /** How many messages a new consumer may hold. */
    int credit(boolean noAck) {
        return shared.within(noAck ? Integer.MAX_VALUE : own());
    }

    /** How many messages a new consumer may hold as far as it goes for itself. */
    int own() {
        return prefetch == 0 ? Integer.MAX_VALUE : prefetch;
    }

    SharedLimit shared() {
        return shared;
    }

    int size() {
        return byTag.size() + foreign.size();
    }

    boolean has(String tag) {
        return byTag.containsKey(tag) || foreign.containsKey(tag);
    }

    String newTag() {
        return Names.generated("amq.ctag");
    }

    void add(Consumer consumer) {
        byTag.put(consumer.tag(), consumer);
    }

    void add(String tag, AmqpChannel.ForeignConsumer consumer) {
        foreign.put(tag, consumer);
    }

    @Nullable
    Consumer remove(String tag) {
        return byTag.remove(tag);
    }

    @Nullable
    Consumer find(String tag) {
        return byTag.get(tag);
    }

    AmqpChannel.@Nullable ForeignConsumer removeForeign(String tag) {
        return foreign.remove(tag);
    }

    Getter getter(MessageQueue queue) {
        if (getters.size() >= sweepGettersAt && !getters.containsKey(queue)) {
            sweepGetters();
        }
        return getters.computeIfAbsent(queue, q -> new Getter(channel.link(), q));
    }

    /** Queues that messages were got from, as far as they are remembered. */
    int getters() {
        return getters.size();
    }

    /** Forgets those of whose messages none is unsettled. */
    private void sweepGetters() {
        getters.values().removeIf(getter -> {
            boolean free = !channel.unsettled().holds(getter);
            if (free) {
                getter.close();
            }
            return free;
        });
        sweepGettersAt = Math.max(MAX_IDLE_GETTERS, 2 * getters.size());
    }

    /** The client consumes no more by this one; what it holds it may still settle. */
    void cancelled(Consumer consumer) {
        byTag.remove(consumer.tag());
        consumer.stop();
        shared.cancelled(consumer);
        cancelled.removeIf(earlier -> {
            boolean free = !channel.unsettled().holds(earlier);
            if (free) {
                earlier.close();
            }
            return free;
        });
        cancelled.add(consumer);
    }

    /** Gives everything back; completes when the queues have taken note. */
    CompletableFuture<?> close() {
        shared.clear();
        Set<MessageQueue> touched = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Consumer consumer : byTag.values()) {
            consumer.close();
            touched.add(consumer.queue());
        }
        byTag.clear();
        for (Consumer consumer : cancelled) {
            consumer.close();
            touched.add(consumer.queue());
        }
        cancelled.clear();
        for (Getter getter : getters.values()) {
            getter.close();
            touched.add(getter.queue());
        }
        getters.clear();
        List<AmqpChannel.ForeignConsumer> others = new ArrayList<>(foreign.values());
        foreign.clear();
        others.forEach(AmqpChannel.ForeignConsumer::cancel);
        CompletableFuture<?>[] noted = touched.stream()
                .map(queue -> queue.status().handle((status, failure) -> true))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(noted);
    }
}
