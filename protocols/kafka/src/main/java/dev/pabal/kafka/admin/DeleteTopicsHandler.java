package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Deletes topics by name or, since version 6, by id. */
final class DeleteTopicsHandler extends AdminHandler<DeleteTopicsRequestData> {
    private static final short BY_ID_SINCE = 6;
    private static final short DISABLED_HAS_A_CODE_SINCE = 3;

    private final Broker broker;

    DeleteTopicsHandler(Broker broker) {
        super(ApiKeys.DELETE_TOPICS, DeleteTopicsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<DeleteTopicsResponseData> serve(DeleteTopicsRequestData body, KafkaRequest request) {
        List<DeleteTopicState> wanted = request.version() >= BY_ID_SINCE
                ? body.topics()
                : body.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList();
        Map<Object, Integer> times = new HashMap<>();
        for (DeleteTopicState topic : wanted) {
            times.merge(key(topic), 1, Integer::sum);
        }
        List<CompletableFuture<DeletableTopicResult>> results = new ArrayList<>();
        for (DeleteTopicState topic : wanted) {
            Integer count = times.remove(key(topic));
            if (count != null) {
                results.add(delete(topic, count > 1, body.timeoutMs(), request.version()));
            }
        }
        return all(results).thenApply(done -> {
            DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
            done.forEach(answer.responses()::add);
            return answer;
        });
    }

    private static Object key(DeleteTopicState topic) {
        return topic.name() == null ? topic.topicId() : topic.name();
    }

    private CompletableFuture<DeletableTopicResult> delete(
            DeleteTopicState wanted, boolean twice, int timeoutMs, short version) {
        boolean byName = wanted.name() != null;
        boolean byId = !wanted.topicId().equals(Uuid.ZERO_UUID);
        if (byName == byId) {
            return done(
                    wanted,
                    Outcome.bad(
                            Errors.INVALID_REQUEST,
                            byName
                                    ? "Topic name and topic ID can not both be specified."
                                    : "Neither topic name nor id were specified."));
        }
        if (twice) {
            return done(
                    wanted,
                    Outcome.bad(Errors.INVALID_REQUEST, byName ? "Duplicate topic name." : "Duplicate topic id."));
        }
        if (!Boolean.parseBoolean(broker.configs().brokerValue("delete.topic.enable"))) {
            Errors disabled =
                    version >= DISABLED_HAS_A_CODE_SINCE ? Errors.TOPIC_DELETION_DISABLED : Errors.INVALID_REQUEST;
            return done(wanted, Outcome.bad(disabled, Errors.TOPIC_DELETION_DISABLED.message()));
        }
        Topic topic = find(wanted);
        if (topic == null) {
            Errors unknown = byName ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
            return done(wanted, Outcome.bad(unknown, unknown.message()));
        }
        if (topic.internal()) {
            return done(
                    wanted,
                    Outcome.bad(
                            Errors.INVALID_TOPIC_EXCEPTION,
                            "Topic '" + topic.name() + "' is the broker's own and cannot be deleted."));
        }
        return within(broker.topics().delete(topic.id()), timeoutMs)
                .handle((nothing, error) -> result(topic.name(), KafkaIds.kafkaId(topic.id()), Outcome.of(error)));
    }

    private @Nullable Topic find(DeleteTopicState wanted) {
        return wanted.name() != null
                ? broker.catalog().topic(wanted.name())
                : broker.catalog().topic(KafkaIds.javaId(wanted.topicId()));
    }

    private static CompletableFuture<DeletableTopicResult> done(DeleteTopicState wanted, Outcome outcome) {
        return CompletableFuture.completedFuture(result(wanted.name(), wanted.topicId(), outcome));
    }

    private static DeletableTopicResult result(@Nullable String name, Uuid id, Outcome outcome) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(outcome.code())
                .setErrorMessage(outcome.message());
    }
}
