package dev.pabal.kafka.group;

import dev.pabal.broker.Broker;
import dev.pabal.kafka.ApiHandler;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Consumer groups, classic and new (KIP-848), with their offsets: the handlers to be registered with the protocol, and the coordinator
 * behind them.
 *
 * <p>The coordinator starts by itself, in the background: after {@link #start} where groups are stored, otherwise with the first request. It
 * must be closed before the broker is.
 *
 * <p>Threads: all methods may be called by any thread. {@link #close} waits a few seconds at most, nothing else blocks.
 */
public final class GroupApis implements AutoCloseable {
    private static final long RELOAD_AFTER_MS = 5_000;

    private final CoordinatorHost host;
    private final List<ApiHandler> handlers;

    public GroupApis(Broker broker) {
        this(broker, RELOAD_AFTER_MS);
    }

    /**
     * @param reloadAfterMs how long in ms groups whose log could not be read are left alone before the next try
     */
    GroupApis(Broker broker, long reloadAfterMs) {
        host = new CoordinatorHost(broker, reloadAfterMs);
        TopicNames topics = new TopicNames(broker);
        handlers = List.of(
                new FindCoordinatorHandler(host, broker.nodeId()),
                handler(ApiKeys.JOIN_GROUP, MembershipCalls::join),
                handler(ApiKeys.SYNC_GROUP, MembershipCalls::sync),
                handler(ApiKeys.HEARTBEAT, MembershipCalls::heartbeat),
                handler(ApiKeys.LEAVE_GROUP, MembershipCalls::leave),
                handler(ApiKeys.CONSUMER_GROUP_HEARTBEAT, MembershipCalls::consumerGroupHeartbeat),
                handler(ApiKeys.OFFSET_COMMIT, new OffsetCommitCall(topics)),
                handler(ApiKeys.OFFSET_FETCH, new OffsetFetchCall(topics)),
                handler(ApiKeys.OFFSET_DELETE, new OffsetDeleteCall(topics)),
                new ListGroupsHandler(host),
                handler(ApiKeys.DESCRIBE_GROUPS, GroupAdminCalls::describe),
                handler(ApiKeys.CONSUMER_GROUP_DESCRIBE, GroupAdminCalls::describeConsumerGroups),
                handler(ApiKeys.DELETE_GROUPS, GroupAdminCalls::delete));
    }

    private ApiHandler handler(ApiKeys apiKey, CoordinatorCall call) {
        return new CoordinatorHandler(apiKey, host, call);
    }

    /** What serves requests, one for each API. */
    public List<ApiHandler> handlers() {
        return handlers;
    }

    /** Follows the broker's catalog from now on and, where groups are stored, loads them in the background. Returns at once. */
    public void start() {
        host.start();
    }

    /** Stops the coordinator; requests that it holds are failed with an error that clients retry. */
    @Override
    public void close() {
        host.close();
    }
}
