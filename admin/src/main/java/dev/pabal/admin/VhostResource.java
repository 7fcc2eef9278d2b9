package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code /api/vhosts}. */
final class VhostResource {
    private final Broker broker;
    private final Rights rights;
    private final String node;

    VhostResource(Broker broker, Rights rights, String node) {
        this.broker = broker;
        this.rights = rights;
        this.node = node;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/vhosts", Needed.LOGIN, call -> listing().answer(call, List.of(rights.visible(call))))
                .add("GET", "api/vhosts/{}", Needed.VHOST, call -> Answer.now(shown(vhost(call))))
                .add("PUT", "api/vhosts/{}", Needed.ADMINISTRATOR, this::set)
                .add("DELETE", "api/vhosts/{}", Needed.ADMINISTRATOR, this::delete)
                .add("GET", "api/vhosts/{}/permissions", Needed.ADMINISTRATOR, this::permissions)
                .add("GET", "api/vhosts/{}/topic-permissions", Needed.ADMINISTRATOR, this::topicPermissions);
    }

    private Listing<VirtualHost> listing() {
        return Listing.of(VirtualHost::name, this::shown);
    }

    private Map<String, Object> shown(VirtualHost vhost) {
        return Shapes.vhost(vhost, node, broker.topology().traced(vhost.name()));
    }

    private VirtualHost vhost(Call call) {
        VirtualHost vhost = broker.catalog().vhost(call.vhost());
        if (vhost == null) {
            throw ApiException.notFound();
        }
        return vhost;
    }

    private CompletableFuture<Answer> set(Call call) {
        Call.Body body = call.body();
        VirtualHost old = broker.catalog().vhost(call.vhost());
        boolean traced = body.flag("tracing", broker.topology().traced(call.vhost()));
        VirtualHost wanted = ofBody(body, old == null ? new VirtualHost(call.vhost(), "", List.of()) : old);
        return broker.topology().administration().setVhost(wanted).thenApply(nothing -> {
            broker.topology().trace(call.vhost(), traced);
            return old == null ? Answer.CREATED : Answer.NO_CONTENT;
        });
    }

    /** What a body says of a virtual host; in what it does not say it is like the other. */
    static VirtualHost ofBody(Call.Body body, VirtualHost other) {
        String description = body.text("description", other.description());
        String type = body.text("default_queue_type", null);
        return new VirtualHost(
                other.name(),
                description == null ? "" : description,
                body.has("tags") ? body.words("tags") : other.tags(),
                type == null || type.isEmpty() || type.equals("undefined") ? other.defaultQueueType() : type(type));
    }

    private static Queue.Type type(String word) {
        Queue.Type type = Queue.Type.of(word);
        if (type == null) {
            throw ApiException.badRequest(
                    "Unsupported default queue type: '" + word + "'. There are classic, quorum and stream.");
        }
        return type;
    }

    private CompletableFuture<Answer> delete(Call call) {
        vhost(call);
        return broker.topology().administration().deleteVhost(call.vhost()).thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> permissions(Call call) {
        vhost(call);
        List<Map<String, Object>> found = broker.catalog().permissions().stream()
                .filter(permission -> permission.vhost().equals(call.vhost()))
                .map((Permission permission) -> Shapes.permission(permission))
                .toList();
        return Answer.now(found);
    }

    private CompletableFuture<Answer> topicPermissions(Call call) {
        vhost(call);
        List<Map<String, Object>> found = broker.catalog().topicPermissions().stream()
                .filter(permission -> permission.vhost().equals(call.vhost()))
                .map((TopicPermission permission) -> Shapes.topicPermission(permission))
                .toList();
        return Answer.now(found);
    }
}
