package dev.pabal.kafka.group;

import dev.pabal.kafka.KafkaRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** How members come, stay and go: the classic protocol's four requests and the one heartbeat of KIP-848. */
final class MembershipCalls {
    /** From this version on a member of a classic group must say the protocol that was chosen (KIP-559). */
    private static final int SYNC_WITH_PROTOCOL = 5;
    /** From this version on several members may leave with one request (KIP-345). */
    private static final int LEAVE_BATCHED = 3;

    private MembershipCalls() {}

    static CompletableFuture<? extends ApiMessage> join(KafkaRequest request, GroupCoordinator coordinator) {
        JoinGroupRequestData data = (JoinGroupRequestData) request.body();
        return coordinator
                .joinGroup(request.context(), data, BufferSupplier.NO_CACHING)
                .thenApply(response -> new JoinGroupResponse(response, request.version()).data());
    }

    static CompletableFuture<? extends ApiMessage> sync(KafkaRequest request, GroupCoordinator coordinator) {
        SyncGroupRequestData data = (SyncGroupRequestData) request.body();
        if (request.version() >= SYNC_WITH_PROTOCOL && (data.protocolType() == null || data.protocolName() == null)) {
            return CompletableFuture.failedFuture(Errors.INCONSISTENT_GROUP_PROTOCOL.exception());
        }
        return coordinator.syncGroup(request.context(), data, BufferSupplier.NO_CACHING);
    }

    static CompletableFuture<? extends ApiMessage> heartbeat(KafkaRequest request, GroupCoordinator coordinator) {
        return coordinator.heartbeat(request.context(), (HeartbeatRequestData) request.body());
    }

    static CompletableFuture<? extends ApiMessage> leave(KafkaRequest request, GroupCoordinator coordinator) {
        LeaveGroupRequestData data = (LeaveGroupRequestData) request.body();
        if (request.version() < LEAVE_BATCHED) {
            data = new LeaveGroupRequestData()
                    .setGroupId(data.groupId())
                    .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId(data.memberId())));
        }
        return coordinator
                .leaveGroup(request.context(), data)
                .thenApply(response -> new LeaveGroupResponse(response, request.version()).data());
    }

    static CompletableFuture<? extends ApiMessage> consumerGroupHeartbeat(
            KafkaRequest request, GroupCoordinator coordinator) {
        return coordinator.consumerGroupHeartbeat(
                request.context(), (ConsumerGroupHeartbeatRequestData) request.body());
    }
}
