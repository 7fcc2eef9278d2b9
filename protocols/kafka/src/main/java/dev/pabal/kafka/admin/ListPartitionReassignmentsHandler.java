package dev.pabal.kafka.admin;

import dev.pabal.kafka.KafkaRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Nothing ever moves on one node, so that no reassignment is under way. */
final class ListPartitionReassignmentsHandler extends AdminHandler<ListPartitionReassignmentsRequestData> {
    ListPartitionReassignmentsHandler() {
        super(ApiKeys.LIST_PARTITION_REASSIGNMENTS, ListPartitionReassignmentsRequestData.class);
    }

    @Override
    CompletableFuture<ListPartitionReassignmentsResponseData> serve(
            ListPartitionReassignmentsRequestData body, KafkaRequest request) {
        return CompletableFuture.completedFuture(new ListPartitionReassignmentsResponseData().setErrorMessage(null));
    }
}
