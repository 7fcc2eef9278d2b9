package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Configs;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Tells the configs that hold for topics, the broker and groups, with where each comes from. */
final class DescribeConfigsHandler extends AdminHandler<DescribeConfigsRequestData> {
    private final Broker broker;

    DescribeConfigsHandler(Broker broker) {
        super(ApiKeys.DESCRIBE_CONFIGS, DescribeConfigsRequestData.class);
        this.broker = broker;
    }

    @Override
    CompletableFuture<DescribeConfigsResponseData> serve(DescribeConfigsRequestData body, KafkaRequest request) {
        DescribeConfigsResponseData answer = new DescribeConfigsResponseData();
        for (DescribeConfigsResource resource : body.resources()) {
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName())
                    .setErrorMessage(null);
            try {
                for (Configs.Entry entry : entries(resource)) {
                    if (wanted(resource, entry.name())) {
                        result.configs().add(described(entry, body));
                    }
                }
            } catch (RuntimeException e) {
                result.configs().clear();
                result.setErrorCode(KafkaErrors.of(e).code()).setErrorMessage(KafkaErrors.message(e));
            }
            answer.results().add(result);
        }
        return CompletableFuture.completedFuture(answer);
    }

    private static boolean wanted(DescribeConfigsResource resource, String name) {
        List<String> keys = resource.configurationKeys();
        return keys == null || keys.isEmpty() || keys.contains(name);
    }

    private List<Configs.Entry> entries(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topicEntries(name);
            case BROKER -> {
                ConfigTargets.checkBroker(name, broker.nodeId());
                yield broker.configs().brokerEntries(name);
            }
            case GROUP -> {
                if (name.isEmpty()) {
                    throw Errors.INVALID_REQUEST.exception("Default group resources are not allowed.");
                }
                yield broker.configs().groupEntries(name);
            }
            // The levels of loggers are the server's own affair: there is none that a client could change.
            case BROKER_LOGGER -> {
                ConfigTargets.checkNode(name, broker.nodeId());
                yield new ArrayList<>();
            }
            case CLIENT_METRICS, UNKNOWN -> throw ConfigTargets.unsupported(resource.resourceType());
        };
    }

    private List<Configs.Entry> topicEntries(String name) {
        Topic topic = broker.catalog().topic(name);
        if (topic == null) {
            throw Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();
        }
        return broker.configs().topicEntries(topic);
    }

    private static DescribeConfigsResourceResult described(Configs.Entry entry, DescribeConfigsRequestData asked) {
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(entry.name())
                .setValue(entry.sensitive() ? null : entry.value())
                .setReadOnly(entry.readOnly())
                .setConfigSource(ConfigCodes.of(entry.source()))
                .setIsSensitive(entry.sensitive())
                .setConfigType(ConfigCodes.of(entry.type()))
                .setDocumentation(asked.includeDocumentation() ? entry.documentation() : null);
        if (asked.includeSynonyms()) {
            for (Configs.Synonym synonym : entry.synonyms()) {
                result.synonyms()
                        .add(new DescribeConfigsSynonym()
                                .setName(synonym.name())
                                .setValue(entry.sensitive() ? null : synonym.value())
                                .setSource(ConfigCodes.of(synonym.source())));
            }
        }
        return result;
    }
}
