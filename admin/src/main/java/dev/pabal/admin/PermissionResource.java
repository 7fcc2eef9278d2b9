package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.TopicPermission;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code /api/permissions} and {@code /api/topic-permissions}. */
final class PermissionResource {
    private final Broker broker;

    PermissionResource(Broker broker) {
        this.broker = broker;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/permissions", Needed.ADMINISTRATOR, call -> Listing.of(
                                Permission::user, Shapes::permission)
                        .answer(call, List.of(broker.catalog().permissions())))
                .add("GET", "api/permissions/{}/{}", Needed.ADMINISTRATOR, this::one)
                .add("PUT", "api/permissions/{}/{}", Needed.ADMINISTRATOR, this::set)
                .add("DELETE", "api/permissions/{}/{}", Needed.ADMINISTRATOR, this::delete)
                .add("GET", "api/topic-permissions", Needed.ADMINISTRATOR, call -> Listing.of(
                                TopicPermission::user, Shapes::topicPermission)
                        .answer(call, List.of(broker.catalog().topicPermissions())))
                .add("GET", "api/topic-permissions/{}/{}", Needed.ADMINISTRATOR, this::ofTopics)
                .add("PUT", "api/topic-permissions/{}/{}", Needed.ADMINISTRATOR, this::setOfTopic)
                .add("DELETE", "api/topic-permissions/{}/{}", Needed.ADMINISTRATOR, call -> broker.topology()
                        .administration()
                        .deleteTopicPermission(call.variable(1), call.variable(0), "")
                        .thenApply(nothing -> Answer.NO_CONTENT));
    }

    private void requireBoth(Call call) {
        if (broker.catalog().vhost(call.variable(0)) == null) {
            throw ApiException.badRequest("vhost_or_user_not_found");
        }
        if (broker.catalog().user(call.variable(1)) == null) {
            throw ApiException.badRequest("vhost_or_user_not_found");
        }
    }

    private CompletableFuture<Answer> one(Call call) {
        Permission permission = broker.catalog().permission(call.variable(1), call.variable(0));
        if (permission == null) {
            throw ApiException.notFound();
        }
        return Answer.now(Shapes.permission(permission));
    }

    private CompletableFuture<Answer> set(Call call) {
        requireBoth(call);
        Call.Body body = call.body();
        boolean existed = broker.catalog().permission(call.variable(1), call.variable(0)) != null;
        return broker.topology()
                .administration()
                .setPermission(new Permission(
                        call.variable(1),
                        call.variable(0),
                        body.text("configure"),
                        body.text("write"),
                        body.text("read")))
                .thenApply(nothing -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }

    private CompletableFuture<Answer> delete(Call call) {
        if (broker.catalog().permission(call.variable(1), call.variable(0)) == null) {
            throw ApiException.notFound();
        }
        return broker.topology()
                .administration()
                .deletePermission(call.variable(1), call.variable(0))
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> ofTopics(Call call) {
        List<Map<String, Object>> found = broker.catalog().topicPermissions().stream()
                .filter(p -> p.vhost().equals(call.variable(0)) && p.user().equals(call.variable(1)))
                .map(Shapes::topicPermission)
                .toList();
        if (found.isEmpty()) {
            throw ApiException.notFound();
        }
        return Answer.now(found);
    }

    private CompletableFuture<Answer> setOfTopic(Call call) {
        requireBoth(call);
        Call.Body body = call.body();
        String exchange = body.text("exchange");
        boolean existed = broker.catalog().topicPermission(call.variable(1), call.variable(0), exchange) != null;
        return broker.topology()
                .administration()
                .setTopicPermission(new TopicPermission(
                        call.variable(1), call.variable(0), exchange, body.text("write"), body.text("read")))
                .thenApply(nothing -> existed ? Answer.NO_CONTENT : Answer.CREATED);
    }
}
