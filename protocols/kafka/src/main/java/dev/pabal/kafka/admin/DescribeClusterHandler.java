package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.AuthorizedOperations;
import dev.pabal.kafka.KafkaRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Tells who the cluster is: one node, which clients reach as the connection's listener says. */
final class DescribeClusterHandler extends AdminHandler<DescribeClusterRequestData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final Broker broker;

    DescribeClusterHandler(Broker broker) {
        super(ApiKeys.DESCRIBE_CLUSTER, DescribeClusterRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<DescribeClusterResponseData> serve(DescribeClusterRequestData body, KafkaRequest request) {
        DescribeClusterResponseData answer = new DescribeClusterResponseData().setEndpointType(body.endpointType());
        if (body.endpointType() != BROKERS) {
            Errors error = body.endpointType() == CONTROLLERS
                    ? Errors.MISMATCHED_ENDPOINT_TYPE
                    : Errors.UNSUPPORTED_ENDPOINT_TYPE;
            return CompletableFuture.completedFuture(
                    answer.setErrorCode(error.code()).setErrorMessage(error.message()));
        }
        answer.setClusterId(broker.clusterId()).setControllerId(broker.nodeId());
        answer.brokers()
                .add(new DescribeClusterBroker()
                        .setBrokerId(broker.nodeId())
                        .setHost(request.connection().advertisedHost())
                        .setPort(request.connection().advertisedPort()));
        if (body.includeClusterAuthorizedOperations()) {
            answer.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return CompletableFuture.completedFuture(answer);
    }
}
