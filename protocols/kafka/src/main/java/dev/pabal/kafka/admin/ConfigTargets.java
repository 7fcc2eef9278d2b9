package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Topic;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** What configs can be changed on: topics, this broker or all brokers, groups. */
final class ConfigTargets {
    private ConfigTargets() {}

    /** Changes the configs of a resource as Kafka names it by type and name. */
    static CompletableFuture<?> alter(
            Broker broker, byte type, String name, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        try {
            return switch (ConfigResource.Type.forId(type)) {
                case TOPIC -> {
                    Topic topic = broker.catalog().topic(name);
                    if (topic == null) {
                        throw Errors.UNKNOWN_TOPIC_OR_PARTITION.exception("The topic '" + name + "' does not exist.");
                    }
                    yield broker.topics().alterConfigs(topic.id(), change, validateOnly);
                }
                case BROKER -> {
                    checkBroker(name, broker.nodeId());
                    yield broker.topics().alterBrokerConfigs(name, change, validateOnly);
                }
                case GROUP -> broker.topics().alterGroupConfigs(name, change, validateOnly);
                case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> throw unsupported(type);
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The empty name stands for all brokers. */
    static void checkBroker(String name, int nodeId) {
        if (!name.isEmpty()) {
            checkNode(name, nodeId);
        }
    }

    static void checkNode(String name, int nodeId) {
        if (!name.equals(Integer.toString(nodeId))) {
            throw Errors.INVALID_REQUEST.exception(
                    "Unexpected broker id, expected " + nodeId + ", but received " + name);
        }
    }

    static ApiException unsupported(byte type) {
        ConfigResource.Type known = ConfigResource.Type.forId(type);
        return Errors.INVALID_REQUEST.exception(
                "Unsupported resource type: " + (known == ConfigResource.Type.UNKNOWN ? Byte.toString(type) : known));
    }
}
