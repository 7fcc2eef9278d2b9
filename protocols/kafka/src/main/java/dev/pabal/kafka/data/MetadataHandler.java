package dev.pabal.kafka.data;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.AuthorizedOperations;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Says which topics and partitions there are and who serves them. Makes topics that are asked for where both sides allow it, and answers
 * when they are there, so that the client need not ask again.
 */
final class MetadataHandler implements ApiHandler {
    /** In version 0 an empty list means all topics; later that is said by null. */
    private static final short FIRST_WITH_NULL_TOPICS = 1;

    private static final short FIRST_WITH_AUTO_CREATE_FLAG = 4;
    /** Before this version a topic is asked for by name alone, though the id has a field since 10 (KIP-516). */
    private static final short FIRST_BY_ID = 12;

    private static final int NO_LEADER = -1;
    private static final String AUTO_CREATE = "auto.create.topics.enable";

    private final Broker broker;

    MetadataHandler(Broker broker) {
        this.broker = broker;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.METADATA;
    }

    @Override
    public void handle(KafkaRequest request) {
        MetadataRequestData asked = (MetadataRequestData) request.body();
        MetadataResponseData response =
                new MetadataResponseData().setClusterId(broker.clusterId()).setControllerId(broker.nodeId());
        response.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(broker.nodeId())
                        .setHost(request.connection().advertisedHost())
                        .setPort(request.connection().advertisedPort()));
        if (asked.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        if (wantsAll(asked, request.version())) {
            broker.catalog().topics().forEach(topic -> response.topics().add(describe(topic, asked)));
            request.respond(response);
            return;
        }
        List<CompletableFuture<MetadataResponseTopic>> answers = new ArrayList<>();
        for (MetadataRequestTopic topic : asked.topics()) {
            answers.add(answer(topic, asked, request.version()));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).whenComplete((none, failure) -> {
            if (failure != null) {
                request.fail(failure);
                return;
            }
            answers.forEach(topic -> response.topics().add(topic.join()));
            request.respond(response);
        });
    }

    private static boolean wantsAll(MetadataRequestData asked, short version) {
        return asked.topics() == null
                || (version < FIRST_WITH_NULL_TOPICS && asked.topics().isEmpty());
    }

    private CompletableFuture<MetadataResponseTopic> answer(
            MetadataRequestTopic asked, MetadataRequestData all, short version) {
        boolean byId = !Uuid.ZERO_UUID.equals(asked.topicId());
        if (version < FIRST_BY_ID && (byId || asked.name() == null)) {
            return done(unknown(asked.name() == null ? "" : asked.name(), asked.topicId(), Errors.INVALID_REQUEST));
        }
        if (byId) {
            Topic topic = broker.catalog().topic(KafkaIds.javaId(asked.topicId()));
            return done(topic == null ? unknown(null, asked.topicId(), Errors.UNKNOWN_TOPIC_ID) : describe(topic, all));
        }
        String name = asked.name();
        if (name == null) {
            return done(unknown(null, asked.topicId(), Errors.INVALID_REQUEST));
        }
        Topic topic = broker.catalog().topic(name);
        if (topic != null) {
            return done(describe(topic, all));
        }
        if (!isLegal(name)) {
            return done(unknown(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION));
        }
        boolean mayCreate = (version < FIRST_WITH_AUTO_CREATE_FLAG || all.allowAutoTopicCreation())
                && "true".equals(broker.configs().brokerValue(AUTO_CREATE));
        if (!mayCreate) {
            return done(unknown(name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
        return broker.topics()
                .create(name, -1, Map.of(), false)
                .handle((created, failure) -> created(name, created, failure, all));
    }

    private MetadataResponseTopic created(
            String name, @Nullable Topic created, @Nullable Throwable failure, MetadataRequestData all) {
        // Whoever else asked for it at the same moment may have been first.
        Topic topic = created != null ? created : broker.catalog().topic(name);
        if (topic != null) {
            return describe(topic, all);
        }
        Throwable cause = failure == null ? new BrokerException(Refusal.UNKNOWN_TOPIC, "no such topic") : failure;
        return unknown(name, Uuid.ZERO_UUID, KafkaErrors.of(cause));
    }

    private static boolean isLegal(String name) {
        return org.apache.kafka.common.internals.Topic.isValid(name);
    }

    private static CompletableFuture<MetadataResponseTopic> done(MetadataResponseTopic topic) {
        return CompletableFuture.completedFuture(topic);
    }

    private static MetadataResponseTopic unknown(@Nullable String name, Uuid id, Errors error) {
        return new MetadataResponseTopic().setName(name).setTopicId(id).setErrorCode(error.code());
    }

    private MetadataResponseTopic describe(Topic topic, MetadataRequestData asked) {
        MetadataResponseTopic described = new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(KafkaIds.kafkaId(topic.id()))
                .setIsInternal(topic.internal())
                .setPartitions(new ArrayList<>(topic.partitions()));
        List<Integer> here = List.of(broker.nodeId());
        for (int i = 0; i < topic.partitions(); i++) {
            LeaderState leader = LeaderState.of(broker.partition(topic.id(), i));
            described
                    .partitions()
                    .add(new MetadataResponsePartition()
                            .setPartitionIndex(i)
                            .setErrorCode(leader.error().code())
                            .setLeaderId(leader.present() ? broker.nodeId() : NO_LEADER)
                            .setLeaderEpoch(leader.epoch())
                            .setReplicaNodes(here)
                            .setIsrNodes(leader.present() ? here : List.of())
                            .setOfflineReplicas(leader.present() ? List.of() : here));
        }
        if (asked.includeTopicAuthorizedOperations()) {
            described.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
        }
        return described;
    }
}
