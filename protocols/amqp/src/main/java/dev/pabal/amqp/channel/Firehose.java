package dev.pabal.amqp.channel;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.KeyPartition;
import dev.pabal.routing.RouteSink;
import dev.pabal.routing.Routed;
import dev.pabal.routing.RoutingTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of what a channel publishes and is delivered, while its virtual host is traced: published to {@code amq.rabbitmq.trace} with the
 * routing keys {@code publish.EXCHANGE} and {@code deliver.QUEUE} and headers that say where the message was seen
 * ({@code rabbit_trace:tap_in}, {@code tap_out}). Nobody waits for a copy, and one that is refused is gone. On the event loop.
 */
final class Firehose {
    private static final Logger LOG = LoggerFactory.getLogger(Firehose.class);
    private static final String EXCHANGE = "amq.rabbitmq.trace";
    private static final ByteBuffer NO_PROPERTIES = ByteBuffer.allocate(2);
    private static final BatchMemory MEMORY = new BatchMemory(1 << 20);

    private final ServerChannel channel;
    private final Link link;

    Firehose(ServerChannel channel) {
        this.channel = channel;
        this.link = channel.link();
    }

    /** Whether copies are wanted at all. */
    boolean on() {
        return link.traced();
    }

    /** A message was routed. */
    void published(
            Route to, String[] moreKeys, AmqpProperties properties, ByteBuffer body, int bodyAt, int bodyLength) {
        List<String> keys = new ArrayList<>(List.of(moreKeys));
        keys.add(0, to.routingKeyText);
        Map<String, @Nullable Object> headers = headers(to.exchangeName, keys, properties);
        headers.put("routed_queues", to.targets.stream().map(Target::name).toList());
        send("publish." + to.exchangeName, headers, body, bodyAt, bodyLength);
    }

    /** A queue's message goes to the client. */
    void delivered(MessageQueue queue, boolean redelivered, AmqpRecord record) {
        String exchange = record.exchange();
        if (exchange.equals(EXCHANGE)) {
            return;
        }
        AmqpProperties properties = record.properties(new AmqpProperties());
        Map<String, @Nullable Object> headers = headers(exchange, List.of(record.routingKey()), properties);
        headers.put("redelivered", redelivered ? 1 : 0);
        send(
                "deliver." + queue.definition().name(),
                headers,
                record.buffer(),
                record.bodyAt(),
                Math.max(0, record.bodyLength()));
    }

    private Map<String, @Nullable Object> headers(String exchange, List<String> keys, AmqpProperties properties) {
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        headers.put("exchange_name", exchange);
        headers.put("routing_keys", keys);
        headers.put("properties", table(properties));
        headers.put("node", "pabal@" + link.broker().nodeId());
        headers.put("vhost", link.vhost());
        headers.put("connection", link.name());
        headers.put("channel", channel.number());
        headers.put("user", link.user().name());
        return headers;
    }

    private static Map<String, Object> table(AmqpProperties properties) {
        Map<String, Object> table = new LinkedHashMap<>();
        for (Property property : Property.values()) {
            if (properties.has(property)) {
                Object value =
                        switch (property) {
                            case HEADERS -> properties.headers();
                            case DELIVERY_MODE, PRIORITY -> properties.octet(property, 0);
                            case TIMESTAMP -> properties.timestampSeconds(0);
                            default -> String.valueOf(properties.text(property));
                        };
                table.put(property.word().replace('-', '_'), value);
            }
        }
        return table;
    }

    private void send(String key, Map<String, @Nullable Object> headers, ByteBuffer body, int bodyAt, int bodyLength) {
        RoutingTable table = link.broker().topology().routes(link.vhost());
        if (table == null) {
            return;
        }
        ByteBuffer properties = new AmqpProperties().wrap(NO_PROPERTIES, 0, 2).edited(headers, Set.of());
        Copy copy = new Copy(link.broker(), link.vhost(), key, headers, properties, body, bodyAt, bodyLength);
        table.route(copy, ThreadLocalRandom.current(), copy);
    }

    /** One copy on its way: appended wherever it is routed to. */
    private record Copy(
            Broker broker,
            String vhost,
            String routingKey,
            Map<String, @Nullable Object> headers,
            ByteBuffer properties,
            ByteBuffer body,
            int bodyAt,
            int bodyLength)
            implements Routed, RouteSink {
        @Override
        public String exchange() {
            return EXCHANGE;
        }

        @Override
        public @Nullable Object header(String name) {
            return headers.get(name);
        }

        @Override
        public boolean hasHeader(String name) {
            return headers.containsKey(name);
        }

        @Override
        public @Nullable String property(String name) {
            return null;
        }

        @Override
        public void queue(String name) {
            MessageQueue queue = broker.queues().find(vhost, name);
            if (queue != null) {
                ByteBuffer sealed = sealed();
                watch(queue.publish(new PublishBatch(sealed, 1, bodyLength, List.of(), () -> MEMORY.giveBack(sealed))));
                return;
            }
            Queue stream = broker.catalog().queue(vhost, name);
            produce(stream == null ? null : broker.partition(stream.id(), 0));
        }

        @Override
        public void topic(String name) {
            Topic topic = broker.catalog().topic(name);
            if (topic != null && !topic.internal()) {
                byte[] key = routingKey.getBytes(StandardCharsets.UTF_8);
                produce(broker.partition(topic.id(), KeyPartition.of(key, topic.partitions())));
            }
        }

        @Override
        public void delay(long delayMs) {
            // What was seen now is told now.
        }

        private void produce(@Nullable Partition partition) {
            if (partition != null) {
                ByteBuffer sealed = sealed();
                watch(partition.produce(sealed, () -> MEMORY.giveBack(sealed)));
            }
        }

        private ByteBuffer sealed() {
            AmqpBatch batch = new AmqpBatch(MEMORY);
            batch.add(
                    EXCHANGE.getBytes(StandardCharsets.UTF_8),
                    fitting(routingKey),
                    properties,
                    0,
                    properties.limit(),
                    body,
                    bodyAt,
                    bodyLength);
            return batch.seal(broker.clock().wallMs());
        }

        /** The prefix may make a long name longer than a routing key can be. */
        private static byte[] fitting(String key) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            return bytes.length <= 255 ? bytes : Arrays.copyOf(bytes, 255);
        }

        private static void watch(CompletableFuture<?> appended) {
            appended.whenComplete((nothing, error) -> {
                if (error != null) {
                    LOG.debug("a copy for the trace exchange was refused and is gone: {}", error.getMessage());
                }
            });
        }
    }
}
