package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Partition;
import dev.pabal.catalog.Topic;
import dev.pabal.kafka.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** Tells what partitions take on disk: one store, one directory. */
final class DescribeLogDirsHandler extends AdminHandler<DescribeLogDirsRequestData> {
    private final Broker broker;
    private final DataDirectory directory;

    DescribeLogDirsHandler(Broker broker, DataDirectory directory) {
        super(ApiKeys.DESCRIBE_LOG_DIRS, DescribeLogDirsRequestData.class);
        this.broker = broker;
        this.directory = directory;
    }

    @Override
    CompletableFuture<DescribeLogDirsResponseData> serve(DescribeLogDirsRequestData body, KafkaRequest request) {
        DescribeLogDirsResult result = new DescribeLogDirsResult()
                .setLogDir(directory.name())
                .setTotalBytes(directory.totalBytes())
                .setUsableBytes(broker.store().stats().usableBytes());
        if (body.topics() == null) {
            for (Topic topic : broker.catalog().topics()) {
                List<Integer> all =
                        IntStream.range(0, topic.partitions()).boxed().toList();
                result.topics().add(described(topic.name(), all));
            }
        } else {
            for (DescribableLogDirTopic topic : body.topics()) {
                DescribeLogDirsTopic described = described(topic.topic(), topic.partitions());
                if (!described.partitions().isEmpty()) {
                    result.topics().add(described);
                }
            }
        }
        return CompletableFuture.completedFuture(new DescribeLogDirsResponseData().setResults(List.of(result)));
    }

    /** Partitions that do not exist, or cannot be read, are left out, as Kafka does. */
    private DescribeLogDirsTopic described(String topic, List<Integer> indexes) {
        List<DescribeLogDirsPartition> partitions = new ArrayList<>(indexes.size());
        for (int index : indexes) {
            Partition partition = broker.partition(topic, index);
            if (partition != null) {
                try {
                    partitions.add(new DescribeLogDirsPartition()
                            .setPartitionIndex(index)
                            .setPartitionSize(partition.log().sizeInBytes())
                            .setOffsetLag(0)
                            .setIsFutureKey(false));
                } catch (BrokerException e) {
                    continue;
                }
            }
        }
        return new DescribeLogDirsTopic().setName(topic).setPartitions(partitions);
    }
}
