package dev.pabal.kafka.group;

import com.yammer.metrics.core.MetricsRegistry;
import dev.pabal.broker.Broker;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/** One life of Kafka's coordinator service with all that it is given: writer, loader, timer, metrics. */
final class HostedCoordinator implements AutoCloseable {
    private static final long READ_TIMEOUT_MS = 30_000;
    /** Kafka's default of {@code message.max.bytes}: 1 MiB and the overhead of a log entry. */
    private static final int DEFAULT_MAX_BATCH_BYTES = 1_048_588;

    private final GroupCoordinatorService service;
    private final CoordinatorConfigs configs;
    private final LogCoordinatorLoader loader;
    private final MetricsRegistry registry = new MetricsRegistry();
    private final Metrics metrics = new Metrics();

    /**
     * @param onSettled told of the number of partitions that are ready, or have failed, after each
     * @param onLoadFailure told of each partition that could not be loaded
     */
    HostedCoordinator(
            Broker broker,
            OffsetsTopic topic,
            CoordinatorConfigs configs,
            Executor loads,
            IntConsumer onSettled,
            IntConsumer onLoadFailure) {
        GroupCoordinatorConfig config = configs.coordinator();
        this.configs = configs;
        this.loader =
                new LogCoordinatorLoader(topic, loads, config.offsetsLoadBufferSize(), READ_TIMEOUT_MS, onLoadFailure);
        this.service = new GroupCoordinatorService.Builder(broker.nodeId(), config)
                .withWriter(new LogPartitionWriter(topic, maxBatchBytes(broker)))
                .withLoader(loader)
                .withTime(new ClockTime(broker.clock()))
                .withTimer(new SystemTimerReaper("pabal-groups-timer", new SystemTimer("pabal-groups-timeouts")))
                .withCoordinatorRuntimeMetrics(new SettledPartitions(onSettled))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(registry, metrics))
                .withGroupConfigManager(configs.groups())
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new DurableEnds(broker))
                .build();
    }

    /** Bytes of the largest batch that the broker takes, which bounds the coordinator's as well. */
    private static int maxBatchBytes(Broker broker) {
        String configured = broker.configs().brokerValue("message.max.bytes");
        return configured == null ? DEFAULT_MAX_BATCH_BYTES : Integer.parseInt(configured);
    }

    GroupCoordinatorService service() {
        return service;
    }

    CoordinatorConfigs configs() {
        return configs;
    }

    void startup(int partitions) {
        service.startup(() -> partitions);
    }

    /** Makes this node the coordinator of the groups in a partition: their log is read, or read again where that had failed. */
    void elect(int partition, int epoch) {
        service.onElection(partition, epoch);
    }

    /** Ends the loads that are under way: their groups are not served by this life any more. */
    void interruptLoads() {
        loader.close();
    }

    /** Stops threads and timers; waits for them. */
    @Override
    public void close() {
        service.shutdown();
        metrics.close();
        registry.shutdown();
    }
}
