package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The one node leads every partition: no election is ever needed. */
final class ElectLeadersHandler extends AdminHandler<ElectLeadersRequestData> {
    private final Broker broker;

    ElectLeadersHandler(Broker broker) {
        super(ApiKeys.ELECT_LEADERS, ElectLeadersRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<ElectLeadersResponseData> serve(ElectLeadersRequestData body, KafkaRequest request) {
        ElectLeadersResponseData answer = new ElectLeadersResponseData();
        try {
            ElectionType.valueOf(body.electionType());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(answer.setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        if (body.topicPartitions() != null) {
            for (TopicPartitions topic : body.topicPartitions()) {
                List<PartitionResult> partitions = new ArrayList<>();
                topic.partitions().forEach(index -> partitions.add(result(topic.topic(), index)));
                answer.replicaElectionResults()
                        .add(new ReplicaElectionResult().setTopic(topic.topic()).setPartitionResult(partitions));
            }
        }
        return CompletableFuture.completedFuture(answer);
    }

    private PartitionResult result(String topic, int index) {
        Errors error =
                broker.partition(topic, index) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.ELECTION_NOT_NEEDED;
        return new PartitionResult()
                .setPartitionId(index)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
