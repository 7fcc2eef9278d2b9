package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.UserLimits;
import dev.pabal.broker.topology.VhostLimits;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.User;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** {@code /api/vhost-limits} and {@code /api/user-limits}. */
final class LimitResource {
    private final Broker broker;
    private final Rights rights;

    LimitResource(Broker broker, Rights rights) {
        this.broker = broker;
        this.rights = rights;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/vhost-limits", Needed.LOGIN, this::ofVhosts)
                .add("GET", "api/vhost-limits/{}", Needed.VHOST, call -> ofVhost(call.vhost()))
                .add("PUT", "api/vhost-limits/{}/{}", Needed.ADMINISTRATOR, this::setOfVhost)
                .add("DELETE", "api/vhost-limits/{}/{}", Needed.ADMINISTRATOR, this::clearOfVhost)
                .add("GET", "api/user-limits", Needed.ADMINISTRATOR, call -> ofUsers())
                .add("GET", "api/user-limits/{}", Needed.ADMINISTRATOR, call -> ofUser(call.variable(0)))
                .add("PUT", "api/user-limits/{}/{}", Needed.ADMINISTRATOR, this::setOfUser)
                .add("DELETE", "api/user-limits/{}/{}", Needed.ADMINISTRATOR, this::clearOfUser);
    }

    // ---- virtual hosts

    private CompletableFuture<Answer> ofVhosts(Call call) {
        CatalogImage image = broker.catalog();
        return Answer.now(rights.visible(call).stream()
                .flatMap(vhost -> shown("vhost", vhost.name(), VhostLimits.of(image, vhost.name())))
                .toList());
    }

    private CompletableFuture<Answer> ofVhost(String vhost) {
        return Answer.now(
                shown("vhost", vhost, VhostLimits.of(broker.catalog(), vhost)).toList());
    }

    private CompletableFuture<Answer> setOfVhost(Call call) {
        return broker.topology()
                .administration()
                .setVhostLimit(call.vhost(), call.variable(1), (long) value(call))
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> clearOfVhost(Call call) {
        return broker.topology()
                .administration()
                .setVhostLimit(call.vhost(), call.variable(1), null)
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    // ---- users

    private CompletableFuture<Answer> ofUsers() {
        CatalogImage image = broker.catalog();
        return Answer.now(image.users().stream()
                .map(User::name)
                .flatMap(user -> shown("user", user, UserLimits.of(image, user)))
                .toList());
    }

    private CompletableFuture<Answer> ofUser(String user) {
        if (broker.catalog().user(user) == null) {
            throw ApiException.notFound();
        }
        return Answer.now(
                shown("user", user, UserLimits.of(broker.catalog(), user)).toList());
    }

    private CompletableFuture<Answer> setOfUser(Call call) {
        return broker.topology()
                .administration()
                .setUserLimit(call.variable(0), call.variable(1), (long) value(call))
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> clearOfUser(Call call) {
        return broker.topology()
                .administration()
                .setUserLimit(call.variable(0), call.variable(1), null)
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private static int value(Call call) {
        if (!call.body().has("value")) {
            throw ApiException.badRequest("The field 'value' is missing.");
        }
        int value = call.body().number("value", -1);
        if (value < -1) {
            throw ApiException.badRequest("The field 'value' takes a number from 0 on, or -1 for no limit.");
        }
        return value;
    }

    private static Stream<Map<String, Object>> shown(String kind, String name, Map<String, Object> limits) {
        if (limits.isEmpty()) {
            return Stream.of();
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(kind, name);
        map.put("value", Json.shown(limits));
        return Stream.of(map);
    }
}
