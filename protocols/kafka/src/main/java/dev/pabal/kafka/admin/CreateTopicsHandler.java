package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Configs;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Creates topics; all of a request in one append of the catalog's log. */
final class CreateTopicsHandler extends AdminHandler<CreateTopicsRequestData> {
    private static final int BROKERS_CHOICE = -1;

    private final Broker broker;

    CreateTopicsHandler(Broker broker) {
        super(ApiKeys.CREATE_TOPICS, CreateTopicsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<CreateTopicsResponseData> serve(CreateTopicsRequestData body, KafkaRequest request) {
        Set<String> twice = body.topics().stream()
                .map(CreatableTopic::name)
                .filter(name -> body.topics().findAll(name).size() > 1)
                .collect(Collectors.toSet());
        List<CompletableFuture<CreatableTopicResult>> results = new ArrayList<>();
        twice.forEach(name -> results.add(CompletableFuture.completedFuture(
                failed(name, Outcome.bad(Errors.INVALID_REQUEST, "Duplicate topic name.")))));
        for (CreatableTopic topic : body.topics()) {
            if (!twice.contains(topic.name())) {
                results.add(create(topic, body.validateOnly(), body.timeoutMs()));
            }
        }
        return all(results).thenApply(done -> {
            CreateTopicsResponseData answer = new CreateTopicsResponseData();
            done.forEach(answer.topics()::add);
            return answer;
        });
    }

    private CompletableFuture<CreatableTopicResult> create(CreatableTopic topic, boolean validateOnly, int timeoutMs) {
        CompletableFuture<Topic> created;
        try {
            created = within(
                    broker.topics().create(topic.name(), partitions(topic), configs(topic), validateOnly), timeoutMs);
        } catch (BrokerException e) {
            created = CompletableFuture.failedFuture(e);
        }
        return created.handle(
                (made, error) -> error == null ? succeeded(made) : failed(topic.name(), Outcome.of(error)));
    }

    /** Number of partitions asked for, once it is clear that one node can hold them as asked. */
    private int partitions(CreatableTopic topic) {
        if (topic.assignments().isEmpty()) {
            checkReplicas(topic.replicationFactor());
            return topic.numPartitions();
        }
        if (topic.replicationFactor() != BROKERS_CHOICE) {
            throw new BrokerException(
                    Refusal.INVALID_REQUEST,
                    "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (topic.numPartitions() != BROKERS_CHOICE) {
            throw new BrokerException(
                    Refusal.INVALID_REQUEST,
                    "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        int count = topic.assignments().size();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            ReplicaAssignments.check(assignment.brokerIds(), broker.nodeId());
            if (assignment.partitionIndex() < 0 || assignment.partitionIndex() >= count) {
                throw new BrokerException(
                        Refusal.INVALID_ASSIGNMENT, "partitions should be a consecutive 0-based integer sequence");
            }
        }
        return count;
    }

    private static void checkReplicas(int count) {
        if (count == 0 || count < BROKERS_CHOICE) {
            throw new BrokerException(
                    Refusal.INVALID_REPLICATION,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (count > 1) {
            throw new BrokerException(
                    Refusal.INVALID_REPLICATION,
                    "Unable to replicate the partition " + count + " time(s): The target replication factor of " + count
                            + " cannot be reached because only 1 broker(s) are registered.");
        }
    }

    private static Map<String, String> configs(CreatableTopic topic) {
        Map<String, String> configs = new HashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            if (config.value() == null) {
                throw new BrokerException(
                        Refusal.INVALID_CONFIG, "Null value not supported for topic configs: " + config.name());
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }

    private CreatableTopicResult succeeded(Topic topic) {
        CreatableTopicResult result = new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(KafkaIds.kafkaId(topic.id()))
                .setNumPartitions(topic.partitions())
                .setReplicationFactor((short) 1)
                .setErrorMessage(null);
        for (Configs.Entry entry : broker.configs().topicEntries(topic)) {
            result.configs()
                    .add(new CreatableTopicConfigs()
                            .setName(entry.name())
                            .setValue(entry.value())
                            .setReadOnly(entry.readOnly())
                            .setConfigSource(ConfigCodes.of(entry.source()))
                            .setIsSensitive(entry.sensitive()));
        }
        return result;
    }

    private static CreatableTopicResult failed(String name, Outcome outcome) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(outcome.code())
                .setErrorMessage(outcome.message());
    }
}
