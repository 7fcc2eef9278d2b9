package dev.pabal.kafka.group;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients where the coordinator of a group is: here, once it is ready. Coordinators of transactions and share groups are not served;
 * asking for one gets {@code INVALID_REQUEST}, Kafka's answer to a key type that it does not serve, which clients do not retry.
 */
final class FindCoordinatorHandler implements ApiHandler {
    private static final int NO_NODE = -1;

    private final CoordinatorHost host;
    private final int nodeId;

    FindCoordinatorHandler(CoordinatorHost host, int nodeId) {
        this.host = host;
        this.nodeId = nodeId;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public void handle(KafkaRequest request) {
        FindCoordinatorRequestData data = (FindCoordinatorRequestData) request.body();
        if (data.keyType() != CoordinatorType.GROUP.id()) {
            request.respond(response(request, data, Errors.INVALID_REQUEST, refusal(data.keyType())));
            return;
        }
        host.coordinator().whenComplete((coordinator, failure) -> {
            if (failure == null) {
                request.respond(response(request, data, Errors.NONE, null));
            } else {
                request.respond(response(request, data, KafkaErrors.of(failure), KafkaErrors.message(failure)));
            }
        });
    }

    private static String refusal(byte keyType) {
        if (keyType == CoordinatorType.TRANSACTION.id()) {
            return "transactions are not served by this broker";
        }
        if (keyType == CoordinatorType.SHARE.id()) {
            return "share groups are not served by this broker";
        }
        return "unknown coordinator type " + keyType;
    }

    private FindCoordinatorResponseData response(
            KafkaRequest request, FindCoordinatorRequestData data, Errors error, @Nullable String message) {
        boolean found = error == Errors.NONE;
        int node = found ? nodeId : NO_NODE;
        String hostName = found ? request.connection().advertisedHost() : "";
        int port = found ? request.connection().advertisedPort() : NO_NODE;
        if (request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            return new FindCoordinatorResponseData()
                    .setErrorCode(error.code())
                    .setErrorMessage(found ? error.message() : message)
                    .setNodeId(node)
                    .setHost(hostName)
                    .setPort(port);
        }
        List<FindCoordinatorResponseData.Coordinator> coordinators =
                new ArrayList<>(data.coordinatorKeys().size());
        for (String key : data.coordinatorKeys()) {
            coordinators.add(new FindCoordinatorResponseData.Coordinator()
                    .setKey(key)
                    .setErrorCode(error.code())
                    .setErrorMessage(message)
                    .setNodeId(node)
                    .setHost(hostName)
                    .setPort(port));
        }
        return new FindCoordinatorResponseData().setCoordinators(coordinators);
    }
}
