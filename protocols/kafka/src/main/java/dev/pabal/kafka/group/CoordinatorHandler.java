package dev.pabal.kafka.group;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaRequest;
import org.apache.kafka.common.protocol.ApiKeys;

/** Waits for the coordinator, makes the call and answers the request with what comes of it. */
final class CoordinatorHandler implements ApiHandler {
    private final ApiKeys apiKey;
    private final CoordinatorHost host;
    private final CoordinatorCall call;

    CoordinatorHandler(ApiKeys apiKey, CoordinatorHost host, CoordinatorCall call) {
        this.apiKey = apiKey;
        this.host = host;
        this.call = call;
    }

    @Override
    public ApiKeys apiKey() {
        return apiKey;
    }

    @Override
    public void handle(KafkaRequest request) {
        host.coordinator()
                .thenCompose(coordinator -> call.serve(request, coordinator))
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        request.fail(failure);
                    } else {
                        request.respond(response);
                    }
                });
    }
}
