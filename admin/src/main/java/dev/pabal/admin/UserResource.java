package dev.pabal.admin;

import dev.pabal.admin.Rights.Needed;
import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.PasswordHash;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** {@code /api/users} and {@code /api/whoami}. */
final class UserResource {
    private final Broker broker;

    UserResource(Broker broker) {
        this.broker = broker;
    }

    void addTo(Routes routes) {
        routes.add("GET", "api/whoami", Needed.LOGIN, UserResource::whoami)
                .add("GET", "api/users", Needed.ADMINISTRATOR, call -> listing()
                        .answer(call, List.of(broker.catalog().users())))
                .add("GET", "api/users/without-permissions", Needed.ADMINISTRATOR, this::withoutPermissions)
                .add("POST", "api/users/bulk-delete", Needed.ADMINISTRATOR, this::deleteMany)
                .add(
                        "GET",
                        "api/users/{}",
                        Needed.ADMINISTRATOR,
                        call -> Answer.now(Shapes.user(broker.catalog(), user(call))))
                .add("PUT", "api/users/{}", Needed.ADMINISTRATOR, this::set)
                .add("DELETE", "api/users/{}", Needed.ADMINISTRATOR, this::delete)
                .add("GET", "api/users/{}/permissions", Needed.ADMINISTRATOR, this::permissions)
                .add("GET", "api/users/{}/topic-permissions", Needed.ADMINISTRATOR, this::topicPermissions);
    }

    private static CompletableFuture<Answer> whoami(Call call) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", call.user().name());
        map.put("tags", call.user().tags());
        map.put("is_internal_user", true);
        return Answer.now(map);
    }

    private Listing<User> listing() {
        CatalogImage image = broker.catalog();
        return Listing.of(User::name, user -> Shapes.user(image, user));
    }

    private User user(Call call) {
        User user = broker.catalog().user(call.variable(0));
        if (user == null) {
            throw ApiException.notFound();
        }
        return user;
    }

    private CompletableFuture<Answer> withoutPermissions(Call call) {
        CatalogImage image = broker.catalog();
        var having = image.permissions().stream().map(p -> p.user()).collect(Collectors.toSet());
        return listing()
                .answer(
                        call,
                        List.of(image.users().stream()
                                .filter(user -> !having.contains(user.name()))
                                .toList()));
    }

    private CompletableFuture<Answer> set(Call call) {
        String name = call.variable(0);
        User old = broker.catalog().user(name);
        return broker.topology()
                .administration()
                .setUser(ofBody(name, call.body()))
                .thenApply(nothing -> old == null ? Answer.CREATED : Answer.NO_CONTENT);
    }

    /**
     * The user that a body describes: by {@code password}, or {@code password_hash} and {@code hashing_algorithm}; without either, no password
     * lets in.
     */
    static User ofBody(String name, Call.Body body) {
        if (!body.fields().containsKey("tags")) {
            throw ApiException.badRequest("The field 'tags' is missing.");
        }
        List<String> tags = body.words("tags");
        String password = body.text("password", null);
        if (password != null && !password.isEmpty()) {
            return new User(name, PasswordHash.sha256(password, PasswordHash.newSalt()), PasswordHash.SHA256, tags);
        }
        String hash = body.text("password_hash", "");
        String algorithm = body.text("hashing_algorithm", PasswordHash.SHA256);
        if (!PasswordHash.SHA256.equals(algorithm) && !PasswordHash.SHA512.equals(algorithm)) {
            throw ApiException.badRequest("The hashing algorithm '" + algorithm + "' is not known; it can be "
                    + PasswordHash.SHA256 + " or " + PasswordHash.SHA512 + ".");
        }
        return new User(name, hash == null ? "" : hash, algorithm, tags);
    }

    private CompletableFuture<Answer> delete(Call call) {
        User user = user(call);
        return broker.topology().administration().deleteUser(user.name()).thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> deleteMany(Call call) {
        List<String> names = call.body().words("users");
        return Gather.inOrder(names, broker.topology().administration()::deleteUser)
                .thenApply(nothing -> Answer.NO_CONTENT);
    }

    private CompletableFuture<Answer> permissions(Call call) {
        User user = user(call);
        return Answer.now(broker.catalog().permissions().stream()
                .filter(permission -> permission.user().equals(user.name()))
                .map(Shapes::permission)
                .toList());
    }

    private CompletableFuture<Answer> topicPermissions(Call call) {
        User user = user(call);
        return Answer.now(broker.catalog().topicPermissions().stream()
                .filter(permission -> permission.user().equals(user.name()))
                .map(Shapes::topicPermission)
                .toList());
    }
}
