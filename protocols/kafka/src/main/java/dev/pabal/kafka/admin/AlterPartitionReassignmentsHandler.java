package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** On one node a partition can be assigned to where it is, and nowhere else. */
final class AlterPartitionReassignmentsHandler extends AdminHandler<AlterPartitionReassignmentsRequestData> {
    private final Broker broker;

    AlterPartitionReassignmentsHandler(Broker broker) {
        super(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, AlterPartitionReassignmentsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<AlterPartitionReassignmentsResponseData> serve(
            AlterPartitionReassignmentsRequestData body, KafkaRequest request) {
        AlterPartitionReassignmentsResponseData answer = new AlterPartitionReassignmentsResponseData()
                .setErrorMessage(null)
                .setAllowReplicationFactorChange(body.allowReplicationFactorChange());
        for (ReassignableTopic topic : body.topics()) {
            List<ReassignablePartitionResponse> partitions = new ArrayList<>();
            for (ReassignablePartition partition : topic.partitions()) {
                Outcome outcome = outcome(topic.name(), partition);
                partitions.add(new ReassignablePartitionResponse()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(outcome.code())
                        .setErrorMessage(outcome.message()));
            }
            answer.responses()
                    .add(new ReassignableTopicResponse().setName(topic.name()).setPartitions(partitions));
        }
        return CompletableFuture.completedFuture(answer);
    }

    private Outcome outcome(String topic, ReassignablePartition partition) {
        if (broker.partition(topic, partition.partitionIndex()) == null) {
            return Outcome.bad(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "Unable to find a topic named " + topic + " with partition " + partition.partitionIndex() + ".");
        }
        if (partition.replicas() == null) {
            return Outcome.bad(Errors.NO_REASSIGNMENT_IN_PROGRESS, Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
        }
        try {
            ReplicaAssignments.check(partition.replicas(), broker.nodeId());
            return Outcome.GOOD;
        } catch (BrokerException e) {
            return Outcome.of(e);
        }
    }
}
