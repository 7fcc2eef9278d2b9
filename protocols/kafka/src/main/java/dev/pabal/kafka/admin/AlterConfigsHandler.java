package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The old way to change configs: what the request holds replaces all that was set before. */
final class AlterConfigsHandler extends AdminHandler<AlterConfigsRequestData> {
    private final Broker broker;

    AlterConfigsHandler(Broker broker) {
        super(ApiKeys.ALTER_CONFIGS, AlterConfigsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<AlterConfigsResponseData> serve(AlterConfigsRequestData body, KafkaRequest request) {
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
        return all(results).thenApply(done -> new AlterConfigsResponseData().setResponses(done));
    }

    private CompletableFuture<?> alter(AlterConfigsResource resource, AlterConfigsRequestData body) {
        if (body.resources()
                        .findAll(resource.resourceType(), resource.resourceName())
                        .size()
                > 1) {
            return CompletableFuture.failedFuture(
                    Errors.INVALID_REQUEST.exception("Each resource must appear at most once."));
        }
        Map<String, String> configs = new HashMap<>();
        for (AlterableConfig config : resource.configs()) {
            if (config.value() == null) {
                return CompletableFuture.failedFuture(
                        Errors.INVALID_REQUEST.exception("Null value not supported for : " + config.name()));
            }
            configs.put(config.name(), config.value());
        }
        return ConfigTargets.alter(
                broker, resource.resourceType(), resource.resourceName(), before -> configs, body.validateOnly());
    }
}
