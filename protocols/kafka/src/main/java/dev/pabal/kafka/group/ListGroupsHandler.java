package dev.pabal.kafka.group;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaRequest;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Lists groups. On a broker that never had one the answer is known, and nothing is started to give it. */
final class ListGroupsHandler implements ApiHandler {
    private final CoordinatorHost host;
    private final ApiHandler listing;

    ListGroupsHandler(CoordinatorHost host) {
        this.host = host;
        this.listing = new CoordinatorHandler(
                ApiKeys.LIST_GROUPS,
                host,
                (request, coordinator) ->
                        coordinator.listGroups(request.context(), (ListGroupsRequestData) request.body()));
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public void handle(KafkaRequest request) {
        if (host.storesGroups()) {
            listing.handle(request);
        } else {
            request.respond(new ListGroupsResponseData());
        }
    }
}
