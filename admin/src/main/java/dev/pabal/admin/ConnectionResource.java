package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.client.ChannelInfo;
import dev.pabal.broker.client.ClientConnection;
import dev.pabal.broker.client.ClientConnections;
import dev.pabal.broker.client.ConnectionInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** {@code /api/connections} and {@code /api/channels}. Whoever does not see all sees those of the own user. */
final class ConnectionResource {
    private static final String CLOSED = "Closed via management plugin";

    private final ClientConnections connections;
    private final String node;

    ConnectionResource(ClientConnections connections, String node) {
        this.connections = connections;
        this.node = node;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/connections", Needed.LOGIN, call -> list(call, any -> true))
                .add(
                        "GET",
                        "api/vhosts/{}/connections",
                        Needed.VHOST,
                        call -> list(
                                call, connection -> connection.info().vhost().equals(call.vhost())))
                .add(
                        "GET",
                        "api/connections/username/{}",
                        Needed.LOGIN,
                        call -> list(
                                call, connection -> connection.info().user().equals(call.variable(0))))
                .add("GET", "api/connections/{}", Needed.LOGIN, call -> Answer.now(connection(one(call))))
                .add("DELETE", "api/connections/{}", Needed.LOGIN, this::close)
                .add("GET", "api/connections/{}/channels", Needed.LOGIN, call -> channels(call, List.of(one(call))))
                .add("GET", "api/channels", Needed.LOGIN, call -> channels(call, visible(call, any -> true)))
                .add(
                        "GET",
                        "api/vhosts/{}/channels",
                        Needed.VHOST,
                        call -> channels(call, visible(call, connection -> connection
                                .info()
                                .vhost()
                                .equals(call.vhost()))))
                .add("GET", "api/channels/{}", Needed.LOGIN, this::channel);
    }

    private Collection<ClientConnection> visible(Call call, Predicate<ClientConnection> wanted) {
        return connections.all().stream()
                .filter(connection -> call.seesAll()
                        || connection.info().user().equals(call.user().name()))
                .filter(wanted)
                .toList();
    }

    private CompletableFuture<Answer> list(Call call, Predicate<ClientConnection> wanted) {
        return Listing.of(ClientConnection::name, this::connection).answer(call, List.of(visible(call, wanted)));
    }

    private ClientConnection one(Call call) {
        ClientConnection connection = connections.find(call.variable(0));
        if (connection == null) {
            throw ApiException.notFound();
        }
        if (!call.seesAll() && !connection.info().user().equals(call.user().name())) {
            throw ApiException.notAuthorised("User not authorised to access this resource");
        }
        return connection;
    }

    private CompletableFuture<Answer> close(Call call) {
        ClientConnection connection = one(call);
        boolean own = connection.info().user().equals(call.user().name());
        if (!own && !call.hasTag(Rights.ADMINISTRATOR)) {
            throw ApiException.notAuthorised("User not authorised to access this resource");
        }
        String reason = call.request().reason();
        connection.close(reason == null || reason.isBlank() ? CLOSED : reason);
        return CompletableFuture.completedFuture(Answer.NO_CONTENT);
    }

    private Map<String, Object> connection(ClientConnection connection) {
        ConnectionInfo info = connection.info();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", connection.name());
        map.put("node", node);
        map.put("type", "network");
        map.put("protocol", info.protocol());
        map.put("user", info.user());
        map.put("vhost", info.vhost());
        map.put("host", info.host());
        map.put("port", info.port());
        map.put("peer_host", info.peerHost());
        map.put("peer_port", info.peerPort());
        map.put("connected_at", info.connectedAtMs());
        map.put("channels", connection.channels().size());
        map.put("channel_max", info.channelMax());
        map.put("frame_max", info.frameMax());
        map.put("timeout", info.heartbeatSeconds());
        map.put("ssl", false);
        map.put("state", info.blocked() ? "blocked" : "running");
        map.put("client_properties", Json.shown(info.clientProperties()));
        map.put("recv_oct", info.receivedBytes());
        map.put("send_oct", info.sentBytes());
        if (info.clientProperties().get("connection_name") instanceof String name) {
            map.put("user_provided_name", name);
        }
        return map;
    }

    private CompletableFuture<Answer> channels(Call call, Collection<ClientConnection> of) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (ClientConnection connection : of) {
            connection.channels().forEach(channel -> all.add(channel(connection, channel)));
        }
        return Listing.<Map<String, Object>>of(c -> String.valueOf(c.get("name")), c -> c)
                .answer(call, List.of(all));
    }

    /** A channel is named {@code "<connection> (<number>)"}. */
    private CompletableFuture<Answer> channel(Call call) {
        String name = call.variable(0);
        for (ClientConnection connection : visible(call, c -> name.startsWith(c.name()))) {
            for (ChannelInfo channel : connection.channels()) {
                if (name.equals(nameOf(connection, channel))) {
                    return Answer.now(channel(connection, channel));
                }
            }
        }
        throw ApiException.notFound();
    }

    private static String nameOf(ClientConnection connection, ChannelInfo channel) {
        return connection.name() + " (" + channel.number() + ")";
    }

    private Map<String, Object> channel(ClientConnection connection, ChannelInfo channel) {
        ConnectionInfo info = connection.info();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", nameOf(connection, channel));
        map.put("number", channel.number());
        map.put("node", node);
        map.put("user", info.user());
        map.put("vhost", info.vhost());
        map.put("confirm", channel.confirm());
        map.put("transactional", channel.transactional());
        map.put("consumer_count", channel.consumers());
        map.put("messages_unacknowledged", channel.unacknowledged());
        map.put("messages_unconfirmed", channel.unconfirmed());
        map.put("prefetch_count", channel.prefetch());
        map.put("global_prefetch_count", channel.globalPrefetch());
        map.put("state", "running");
        map.put(
                "connection_details",
                Map.of("name", connection.name(), "peer_host", info.peerHost(), "peer_port", info.peerPort()));
        return map;
    }
}
