package dev.pabal.kafka.admin;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.ApiHandler;
import java.util.List;

/** The handlers of this package. */
public final class AdminApis {
    private AdminApis() {}

    /**
     * Handlers that administer {@code broker}.
     *
     * @param directory where its store is, for those who ask what takes how much of the disk
     */
    public static List<ApiHandler> handlers(Broker broker, DataDirectory directory) {
        return List.of(
                new CreateTopicsHandler(broker),
                new DeleteTopicsHandler(broker),
                new CreatePartitionsHandler(broker),
                new DescribeConfigsHandler(broker),
                new AlterConfigsHandler(broker),
                new IncrementalAlterConfigsHandler(broker),
                new DeleteRecordsHandler(broker),
                new DescribeClusterHandler(broker),
                new DescribeLogDirsHandler(broker, directory),
                new DescribeProducersHandler(broker),
                new UpdateFeaturesHandler(),
                new ListConfigResourcesHandler(broker),
                new ElectLeadersHandler(broker),
                new ListPartitionReassignmentsHandler(),
                new AlterPartitionReassignmentsHandler(broker));
    }
}
