package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Grows topics. */
final class CreatePartitionsHandler extends AdminHandler<CreatePartitionsRequestData> {
    private final Broker broker;

    CreatePartitionsHandler(Broker broker) {
        super(ApiKeys.CREATE_PARTITIONS, CreatePartitionsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<CreatePartitionsResponseData> serve(CreatePartitionsRequestData body, KafkaRequest request) {
        List<CompletableFuture<CreatePartitionsTopicResult>> results = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        for (CreatePartitionsTopic topic : body.topics()) {
            if (body.topics().findAll(topic.name()).size() == 1) {
                results.add(grow(topic, body.validateOnly(), body.timeoutMs()));
            } else if (!twice.contains(topic.name())) {
                twice.add(topic.name());
                results.add(CompletableFuture.completedFuture(
                        result(topic.name(), Outcome.bad(Errors.INVALID_REQUEST, "Duplicate topic name."))));
            }
        }
        return all(results).thenApply(done -> new CreatePartitionsResponseData().setResults(done));
    }

    private CompletableFuture<CreatePartitionsTopicResult> grow(
            CreatePartitionsTopic wanted, boolean validateOnly, int timeoutMs) {
        CompletableFuture<Topic> grown;
        try {
            grown = within(broker.topics().grow(checked(wanted).id(), wanted.count(), validateOnly), timeoutMs);
        } catch (BrokerException e) {
            grown = CompletableFuture.failedFuture(e);
        }
        return grown.handle((topic, error) -> result(wanted.name(), Outcome.of(error)));
    }

    private Topic checked(CreatePartitionsTopic wanted) {
        Topic topic = broker.catalog().topic(wanted.name());
        if (topic == null) {
            throw new BrokerException(Refusal.UNKNOWN_TOPIC, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
        }
        if (topic.internal()) {
            throw new BrokerException(
                    Refusal.INTERNAL_TOPIC,
                    "Topic '" + topic.name() + "' is the broker's own: its number of partitions is fixed.");
        }
        if (wanted.assignments() != null && wanted.count() > topic.partitions()) {
            int added = wanted.count() - topic.partitions();
            if (wanted.assignments().size() != added) {
                throw new BrokerException(
                        Refusal.INVALID_ASSIGNMENT,
                        "Attempted to add " + added + " additional partition(s), but only "
                                + wanted.assignments().size() + " assignment(s) were specified.");
            }
            wanted.assignments().forEach(a -> ReplicaAssignments.check(a.brokerIds(), broker.nodeId()));
        }
        return topic;
    }

    private static CreatePartitionsTopicResult result(String name, Outcome outcome) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(outcome.code())
                .setErrorMessage(outcome.message());
    }
}
