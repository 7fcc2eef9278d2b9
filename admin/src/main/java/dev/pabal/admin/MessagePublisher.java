package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.broker.queue.RecordIndex;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.FieldTableException;
import dev.pabal.message.KeyHash;
import dev.pabal.queue.IndexEntry;
import dev.pabal.routing.RouteSink;
import dev.pabal.routing.Routed;
import dev.pabal.routing.RoutingTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Publishes single messages to exchanges, as an AMQP client would. */
final class MessagePublisher {
    private final Broker broker;
    private final BatchMemory memory = new BatchMemory(0);

    MessagePublisher(Broker broker) {
        this.broker = broker;
    }

    /**
     * Publishes.
     *
     * @return completes when the message is durable wherever it went; whether it went anywhere
     */
    CompletableFuture<Boolean> publish(
            String vhost, String exchange, String routingKey, Map<String, Object> properties, byte[] body) {
        ByteBuffer raw = PropertyList.encode(properties);
        AmqpProperties list = new AmqpProperties().wrap(raw, 0, raw.limit());
        List<String> copies = new ArrayList<>(keys(list, "CC"));
        copies.addAll(keys(list, "BCC"));
        if (list.headerAt("BCC".getBytes(StandardCharsets.UTF_8)) >= 0) {
            // Nobody's business but the sender's.
            raw = list.edited(Collections.singletonMap("BCC", null), Set.of());
            list = new AmqpProperties().wrap(raw, 0, raw.limit());
        }
        Message message = new Message(exchange, routingKey, copies, list);
        Targets targets = new Targets(vhost, routingKey);
        if (exchange.isEmpty()) {
            targets.queue(routingKey);
            copies.forEach(targets::queue);
        } else {
            RoutingTable table = broker.topology().routes(vhost);
            if (table == null || table.exchange(exchange) == null) {
                throw ApiException.notFound();
            }
            table.route(message, ThreadLocalRandom.current(), targets);
        }
        List<CompletableFuture<?>> appended = new ArrayList<>();
        for (Map.Entry<Partition, @Nullable MessageQueue> target : targets.found.entrySet()) {
            appended.add(append(target.getKey(), target.getValue(), message, raw, body, targets.delayMs));
        }
        return CompletableFuture.allOf(appended.toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing -> !appended.isEmpty());
    }

    /** Copies of the message: keys of the headers CC and BCC. */
    private static List<String> keys(AmqpProperties list, String header) {
        byte[] name = header.getBytes(StandardCharsets.UTF_8);
        if (list.headerAt(name) < 0) {
            return List.of();
        }
        if (!(list.header(name) instanceof List<?> keys) || !keys.stream().allMatch(String.class::isInstance)) {
            throw ApiException.badRequest("The header '" + header + "' takes a list of routing keys.");
        }
        return keys.stream().map(String.class::cast).toList();
    }

    private CompletableFuture<?> append(
            Partition partition,
            @Nullable MessageQueue queue,
            Message message,
            ByteBuffer raw,
            byte[] body,
            long delayMs) {
        long nowMs = broker.clock().wallMs();
        AmqpBatch batch = new AmqpBatch(memory);
        batch.add(
                message.exchange.getBytes(StandardCharsets.UTF_8),
                message.routingKey.getBytes(StandardCharsets.UTF_8),
                raw,
                0,
                raw.limit(),
                ByteBuffer.wrap(body),
                0,
                body.length);
        ByteBuffer sealed = batch.seal(nowMs);
        if (queue == null) {
            return partition.produce(sealed, null);
        }
        List<IndexEntry> index = index(queue, message.properties, delayMs, nowMs);
        return queue.publish(new PublishBatch(sealed, 1, body.length, index, null));
    }

    private static List<IndexEntry> index(MessageQueue queue, AmqpProperties properties, long delayMs, long nowMs) {
        try {
            IndexEntry entry = RecordIndex.of(0, properties, queue.settings(), nowMs, delayMs);
            return entry == null ? List.of() : List.of(entry);
        } catch (FieldTableException e) {
            throw ApiException.badRequest("The property 'expiration' takes milliseconds as text.");
        }
    }

    /** Where the message goes: partitions, and the queues that they are. */
    private final class Targets implements RouteSink {
        private final Map<Partition, @Nullable MessageQueue> found = new LinkedHashMap<>();
        private final String vhost;
        private final String routingKey;
        private long delayMs;

        Targets(String vhost, String routingKey) {
            this.vhost = vhost;
            this.routingKey = routingKey;
        }

        @Override
        public void queue(String name) {
            Queue definition = broker.catalog().queue(vhost, name);
            if (definition == null) {
                return;
            }
            MessageQueue queue = broker.queues().find(definition.id());
            Partition partition = queue != null ? queue.partition() : broker.partition(definition.id(), 0);
            if (partition != null) {
                found.putIfAbsent(partition, queue);
            }
        }

        @Override
        public void topic(String name) {
            Topic topic = broker.catalog().topic(name);
            if (topic == null) {
                return;
            }
            byte[] key = routingKey.getBytes(StandardCharsets.UTF_8);
            Partition partition = broker.partition(topic.id(), KeyHash.partition(key, topic.partitions()));
            if (partition != null) {
                found.putIfAbsent(partition, null);
            }
        }

        @Override
        public void delay(long ms) {
            delayMs = ms;
        }
    }

    private record Message(String exchange, String routingKey, List<String> moreRoutingKeys, AmqpProperties properties)
            implements Routed {
        @Override
        public @Nullable Object header(String name) {
            return properties.header(name.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean hasHeader(String name) {
            return properties.headerAt(name.getBytes(StandardCharsets.UTF_8)) >= 0;
        }

        @Override
        public @Nullable String property(String name) {
            return properties.textOf(name);
        }
    }
}
