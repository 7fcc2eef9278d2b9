package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.broker.queue.QueueStatus;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Queues with the field names that RabbitMQ's API has. */
final class QueueShape {
    private final Broker broker;
    private final Figures figures;
    private final String node;

    QueueShape(Broker broker, Figures figures, String node) {
        this.broker = broker;
        this.figures = figures;
        this.node = node;
    }

    /** As declared, as definitions carry it. */
    static Map<String, Object> declared(Queue q) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", q.name());
        map.put("vhost", q.vhost());
        map.put("type", q.type().word());
        map.put("durable", q.durable());
        map.put("auto_delete", q.autoDelete());
        map.put("arguments", Json.shown(q.arguments()));
        return map;
    }

    /** Without figures: costs no question to the queue. */
    Map<String, Object> still(Queue q) {
        Map<String, Object> map = declared(q);
        map.put("exclusive", q.exclusiveTo() != null);
        map.put("node", node);
        map.put("state", "running");
        if (q.topic() != null) {
            map.put("kafka_topic", q.topic());
        }
        MessageQueue running = broker.queues().find(q.id());
        if (running != null) {
            policies(map, q, running.settings());
        }
        return map;
    }

    private void policies(Map<String, Object> map, Queue q, QueueSettings settings) {
        Map<String, Object> effective = new LinkedHashMap<>();
        for (Policy policy : broker.catalog().policies(q.vhost())) {
            String inForce = policy.operator() ? settings.operatorPolicy() : settings.policy();
            if (policy.name().equals(inForce)) {
                effective.putAll(Json.shown(policy.definition()));
            }
        }
        if (settings.policy() != null) {
            map.put("policy", settings.policy());
        }
        if (settings.operatorPolicy() != null) {
            map.put("operator_policy", settings.operatorPolicy());
        }
        map.put("effective_policy_definition", effective);
    }

    CompletableFuture<Map<String, Object>> withFigures(Queue q) {
        return figures.of(q).thenApply(status -> {
            Map<String, Object> map = still(q);
            put(map, q, status);
            return map;
        });
    }

    /** Also who consumes. */
    CompletableFuture<Map<String, Object>> whole(Queue q) {
        return figures.of(q).thenApply(status -> {
            Map<String, Object> map = still(q);
            put(map, q, status);
            map.put("consumer_details", consumers(q, status));
            return map;
        });
    }

    private void put(Map<String, Object> map, Queue q, QueueStatus s) {
        Figures.Rates rates = figures.rates(q.id(), s);
        long ready = s.ready() + s.delayed();
        Shapes.count(map, "messages", ready + s.inFlight(), rates.ready() + rates.unacknowledged());
        Shapes.count(map, "messages_ready", ready, rates.ready());
        Shapes.count(map, "messages_unacknowledged", s.inFlight(), rates.unacknowledged());
        map.put("messages_delayed", s.delayed());
        map.put("message_bytes_ready", s.readyBytes());
        map.put("consumers", s.consumers().size());
        tag(s, each -> each.options().exclusive()).ifPresent(tag -> map.put("exclusive_consumer_tag", tag));
        if (singleActive(q)) {
            tag(s, QueueStatus.Consumer::active).ifPresent(tag -> map.put("single_active_consumer_tag", tag));
        }
        Map<String, Object> stats = new LinkedHashMap<>();
        Shapes.count(stats, "publish", s.published(), rates.publish());
        Shapes.count(stats, "deliver_get", s.delivered(), rates.deliver());
        Shapes.count(stats, "ack", s.acknowledged(), rates.acknowledge());
        stats.put("redeliver", s.redelivered());
        map.put("message_stats", stats);
    }

    private boolean singleActive(Queue q) {
        MessageQueue running = broker.queues().find(q.id());
        return running != null && running.settings().singleActive();
    }

    private static Optional<String> tag(QueueStatus status, Predicate<QueueStatus.Consumer> which) {
        return status.consumers().stream()
                .filter(which)
                .map(each -> each.options().tag())
                .findFirst();
    }

    /** The consumers of a queue, as {@code /api/consumers} shows them. */
    static List<Map<String, Object>> consumers(Queue q, QueueStatus status) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (QueueStatus.Consumer each : status.consumers()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("consumer_tag", each.options().tag());
            map.put("queue", Map.of("name", q.name(), "vhost", q.vhost()));
            map.put("channel_details", Map.of("connection_name", each.options().connection()));
            map.put("ack_required", !each.options().noAck());
            map.put("exclusive", each.options().exclusive());
            map.put("active", each.active());
            map.put("activity_status", each.active() ? "up" : "waiting");
            map.put("unacknowledged", each.unsettled());
            map.put("arguments", Map.of("x-priority", each.options().priority()));
            all.add(map);
        }
        return all;
    }
}
