package dev.pabal.kafka.data;

import static java.util.Objects.requireNonNull;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.AuthorizedOperations;
import dev.pabal.kafka.KafkaIds;
import dev.pabal.kafka.KafkaRequest;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Describes topics page by page, in the order of their names (KIP-966): a topic of many partitions never makes a huge answer. */
final class DescribeTopicPartitionsHandler implements ApiHandler {
    private static final String MOST_PARTITIONS = "max.request.partition.size.limit";

    private static final int NO_LEADER = -1;

    private final Broker broker;
    /** Partitions in one answer at most. */
    private final int mostPartitions;

    DescribeTopicPartitionsHandler(Broker broker) {
        this.broker = broker;
        this.mostPartitions = Integer.parseInt(requireNonNull(broker.configs().brokerValue(MOST_PARTITIONS)));
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public void handle(KafkaRequest request) {
        DescribeTopicPartitionsRequestData asked = (DescribeTopicPartitionsRequestData) request.body();
        DescribeTopicPartitionsRequestData.Cursor cursor = asked.cursor();
        NavigableSet<String> names = names(asked);
        int firstPartition = 0;
        if (cursor != null) {
            names = names.tailSet(cursor.topicName(), true);
            firstPartition = Math.max(0, cursor.partitionIndex());
        }
        int room = Math.max(1, Math.min(mostPartitions, asked.responsePartitionLimit()));
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        for (String name : names) {
            boolean resumed = cursor != null && name.equals(cursor.topicName());
            int from = resumed ? firstPartition : 0;
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
                break;
            }
            Topic topic = broker.catalog().topic(name);
            if (topic == null) {
                response.topics().add(unknown(name));
                continue;
            }
            int to = (int) Math.min(topic.partitions(), (long) from + room);
            response.topics().add(describe(topic, from, to));
            room -= Math.max(0, to - from);
            if (to < topic.partitions()) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
                break;
            }
        }
        request.respond(response);
    }

    private NavigableSet<String> names(DescribeTopicPartitionsRequestData asked) {
        NavigableSet<String> names = new TreeSet<>();
        if (asked.topics().isEmpty()) {
            broker.catalog().topics().forEach(topic -> names.add(topic.name()));
        } else {
            for (TopicRequest topic : asked.topics()) {
                names.add(topic.name());
            }
        }
        return names;
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        boolean legal = org.apache.kafka.common.internals.Topic.isValid(name);
        Errors error = legal ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
    }

    private DescribeTopicPartitionsResponseTopic describe(Topic topic, int from, int to) {
        DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(KafkaIds.kafkaId(topic.id()))
                .setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
        List<Integer> here = List.of(broker.nodeId());
        for (int i = from; i < to; i++) {
            LeaderState leader = LeaderState.of(broker.partition(topic.id(), i));
            described
                    .partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .setPartitionIndex(i)
                            .setErrorCode(leader.error().code())
                            .setLeaderId(leader.present() ? broker.nodeId() : NO_LEADER)
                            .setLeaderEpoch(leader.epoch())
                            .setReplicaNodes(here)
                            .setIsrNodes(leader.present() ? here : List.of())
                            .setOfflineReplicas(leader.present() ? List.of() : here)
                            .setEligibleLeaderReplicas(List.of())
                            .setLastKnownElr(List.of()));
        }
        return described;
    }
}
