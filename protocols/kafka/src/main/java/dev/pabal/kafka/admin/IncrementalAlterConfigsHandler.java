package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Configs;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Sets, deletes, and for lists appends to and subtracts from, single configs (KIP-339). */
final class IncrementalAlterConfigsHandler extends AdminHandler<IncrementalAlterConfigsRequestData> {
    private final Broker broker;

    IncrementalAlterConfigsHandler(Broker broker) {
        super(ApiKeys.INCREMENTAL_ALTER_CONFIGS, IncrementalAlterConfigsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<IncrementalAlterConfigsResponseData> serve(
            IncrementalAlterConfigsRequestData body, KafkaRequest request) {
        List<CompletableFuture<AlterConfigsResourceResponse>> results = new ArrayList<>();
        for (AlterConfigsResource resource : body.resources()) {
            results.add(alter(resource, body).handle((nothing, error) -> {
                Outcome outcome = Outcome.of(error);
                return new AlterConfigsResourceResponse()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(outcome.code())
                        .setErrorMessage(outcome.message());
            }));
        }
        return all(results).thenApply(done -> new IncrementalAlterConfigsResponseData().setResponses(done));
    }

    private CompletableFuture<?> alter(AlterConfigsResource resource, IncrementalAlterConfigsRequestData body) {
        try {
            if (body.resources()
                            .findAll(resource.resourceType(), resource.resourceName())
                            .size()
                    > 1) {
                throw Errors.INVALID_REQUEST.exception("Each resource must appear at most once.");
            }
            ConfigChanges changes = new ConfigChanges(listDefaults(resource));
            Set<String> keys = new HashSet<>();
            for (AlterableConfig config : resource.configs()) {
                if (!keys.add(config.name())) {
                    throw Errors.INVALID_REQUEST.exception("Error due to duplicate config keys");
                }
                OpType operation = OpType.forId(config.configOperation());
                if (operation == null) {
                    throw Errors.INVALID_REQUEST.exception("Unknown operation type " + config.configOperation());
                }
                if (operation != OpType.DELETE && config.value() == null) {
                    throw Errors.INVALID_REQUEST.exception("Null value not supported for : " + config.name());
                }
                changes.add(operation, config.name(), config.value());
            }
            UnaryOperator<Map<String, String>> change = changes::applyTo;
            return ConfigTargets.alter(
                    broker, resource.resourceType(), resource.resourceName(), change, body.validateOnly());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Configs of the resource's kind that are lists, with the value that holds while none is set. */
    private Map<String, String> listDefaults(AlterConfigsResource resource) {
        List<Configs.Entry> entries =
                switch (ConfigResource.Type.forId(resource.resourceType())) {
                    case TOPIC -> {
                        var topic = broker.catalog().topic(resource.resourceName());
                        yield topic == null
                                ? List.<Configs.Entry>of()
                                : broker.configs().topicEntries(topic.withConfigs(Map.of()));
                    }
                    case BROKER -> broker.configs().brokerEntries(Integer.toString(broker.nodeId()));
                    case GROUP, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> List.<Configs.Entry>of();
                };
        return ConfigChanges.lists(entries);
    }
}
