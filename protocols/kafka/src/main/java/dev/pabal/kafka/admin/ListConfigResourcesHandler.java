package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Lists what has configs (KIP-1142). Version 0 asks for client metrics only, of which there are none. */
final class ListConfigResourcesHandler extends AdminHandler<ListConfigResourcesRequestData> {
    private static final List<ConfigResource.Type> ALL = List.of(
            ConfigResource.Type.TOPIC,
            ConfigResource.Type.BROKER,
            ConfigResource.Type.BROKER_LOGGER,
            ConfigResource.Type.CLIENT_METRICS,
            ConfigResource.Type.GROUP);

    private final Broker broker;

    ListConfigResourcesHandler(Broker broker) {
        super(ApiKeys.LIST_CONFIG_RESOURCES, ListConfigResourcesRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<ListConfigResourcesResponseData> serve(
            ListConfigResourcesRequestData body, KafkaRequest request) {
        ListConfigResourcesResponseData answer = new ListConfigResourcesResponseData();
        if (request.version() == 0) {
            return CompletableFuture.completedFuture(answer);
        }
        List<ConfigResource.Type> wanted = body.resourceTypes().isEmpty()
                ? ALL
                : body.resourceTypes().stream()
                        .map(ConfigResource.Type::forId)
                        .distinct()
                        .toList();
        for (ConfigResource.Type type : wanted) {
            switch (type) {
                case TOPIC ->
                    broker.catalog().topics().stream().map(Topic::name).forEach(name -> add(answer, type, name));
                case BROKER, BROKER_LOGGER -> add(answer, type, Integer.toString(broker.nodeId()));
                case GROUP -> broker.catalog().groupsWithConfigs().forEach(name -> add(answer, type, name));
                case CLIENT_METRICS -> {}
                case UNKNOWN -> {
                    return CompletableFuture.completedFuture(
                            new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
                }
            }
        }
        return CompletableFuture.completedFuture(answer);
    }

    private static void add(ListConfigResourcesResponseData answer, ConfigResource.Type type, String name) {
        answer.configResources()
                .add(new ListConfigResourcesResponseData.ConfigResource()
                        .setResourceType(type.id())
                        .setResourceName(name));
    }
}
