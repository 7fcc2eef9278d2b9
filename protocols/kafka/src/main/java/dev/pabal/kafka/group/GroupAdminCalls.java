package dev.pabal.kafka.group;

import dev.pabal.kafka.AuthorizedOperations;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** What administrators ask of single groups: who is in them, and to remove them. */
final class GroupAdminCalls {
    private GroupAdminCalls() {}

    static CompletableFuture<? extends ApiMessage> describe(KafkaRequest request, GroupCoordinator coordinator) {
        DescribeGroupsRequestData data = (DescribeGroupsRequestData) request.body();
        return coordinator.describeGroups(request.context(), data.groups()).thenApply(groups -> {
            if (data.includeAuthorizedOperations()) {
                for (DescribeGroupsResponseData.DescribedGroup group : groups) {
                    if (group.errorCode() == Errors.NONE.code()) {
                        group.setAuthorizedOperations(AuthorizedOperations.GROUP);
                    }
                }
            }
            return new DescribeGroupsResponseData().setGroups(groups);
        });
    }

    static CompletableFuture<? extends ApiMessage> describeConsumerGroups(
            KafkaRequest request, GroupCoordinator coordinator) {
        ConsumerGroupDescribeRequestData data = (ConsumerGroupDescribeRequestData) request.body();
        return coordinator
                .consumerGroupDescribe(request.context(), data.groupIds())
                .thenApply(groups -> {
                    if (data.includeAuthorizedOperations()) {
                        for (ConsumerGroupDescribeResponseData.DescribedGroup group : groups) {
                            if (group.errorCode() == Errors.NONE.code()) {
                                group.setAuthorizedOperations(AuthorizedOperations.GROUP);
                            }
                        }
                    }
                    return new ConsumerGroupDescribeResponseData().setGroups(groups);
                });
    }

    static CompletableFuture<? extends ApiMessage> delete(KafkaRequest request, GroupCoordinator coordinator) {
        DeleteGroupsRequestData data = (DeleteGroupsRequestData) request.body();
        List<String> groups = List.copyOf(new LinkedHashSet<>(data.groupsNames()));
        return coordinator
                .deleteGroups(request.context(), groups, BufferSupplier.NO_CACHING)
                .exceptionally(failure -> allFailed(groups, KafkaErrors.of(failure)))
                .thenApply(results -> new DeleteGroupsResponseData().setResults(results));
    }

    private static DeleteGroupsResponseData.DeletableGroupResultCollection allFailed(
            List<String> groups, Errors error) {
        DeleteGroupsResponseData.DeletableGroupResultCollection results =
                new DeleteGroupsResponseData.DeletableGroupResultCollection();
        for (String group : groups) {
            results.add(new DeleteGroupsResponseData.DeletableGroupResult()
                    .setGroupId(group)
                    .setErrorCode(error.code()));
        }
        return results;
    }
}
