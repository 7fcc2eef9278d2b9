package dev.pabal.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Who may log in, and do what where. Each change gives a new object that shares most of the old.
 *
 * @param users by name
 * @param permissions by user, then by virtual host
 * @param topicPermissions by user, then by virtual host and exchange
 */
record Accounts(
        TreePMap<String, User> users,
        TreePMap<String, TreePMap<String, Permission>> permissions,
        TreePMap<String, TreePMap<ScopedName, TopicPermission>> topicPermissions) {

    static final Accounts NONE = new Accounts(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    Accounts plus(User user) {
        return new Accounts(users.plus(user.name(), user), permissions, topicPermissions);
    }

    /** Without the user, and without all that it may do. */
    Accounts minusUser(String name) {
        return new Accounts(users.minus(name), permissions.minus(name), topicPermissions.minus(name));
    }

    Accounts plus(Permission permission) {
        TreePMap<String, Permission> own = permissions.getOrDefault(permission.user(), TreePMap.empty());
        return withPermissions(permission.user(), own.plus(permission.vhost(), permission));
    }

    Accounts minusPermission(String user, String vhost) {
        return withPermissions(
                user, permissions.getOrDefault(user, TreePMap.empty()).minus(vhost));
    }

    Accounts plus(TopicPermission permission) {
        TreePMap<ScopedName, TopicPermission> own = topicPermissions.getOrDefault(permission.user(), TreePMap.empty());
        return withTopicPermissions(
                permission.user(), own.plus(new ScopedName(permission.vhost(), permission.exchange()), permission));
    }

    /** Without the permission on one exchange, or on all of the virtual host where {@code exchange} is empty. */
    Accounts minusTopicPermission(String user, String vhost, String exchange) {
        TreePMap<ScopedName, TopicPermission> rest = topicPermissions.getOrDefault(user, TreePMap.empty());
        for (ScopedName key : List.copyOf(rest.keySet())) {
            if (key.scope().equals(vhost) && (exchange.isEmpty() || key.name().equals(exchange))) {
                rest = rest.minus(key);
            }
        }
        return withTopicPermissions(user, rest);
    }

    @Nullable
    Permission permission(String user, String vhost) {
        TreePMap<String, Permission> own = permissions.get(user);
        return own == null ? null : own.get(vhost);
    }

    @Nullable
    TopicPermission topicPermission(String user, String vhost, String exchange) {
        TreePMap<ScopedName, TopicPermission> own = topicPermissions.get(user);
        return own == null ? null : own.get(new ScopedName(vhost, exchange));
    }

    Collection<Permission> allPermissions() {
        List<Permission> all = new ArrayList<>();
        permissions.values().forEach(own -> all.addAll(own.values()));
        return all;
    }

    Collection<TopicPermission> allTopicPermissions() {
        List<TopicPermission> all = new ArrayList<>();
        topicPermissions.values().forEach(own -> all.addAll(own.values()));
        return all;
    }

    private Accounts withPermissions(String user, TreePMap<String, Permission> own) {
        return new Accounts(
                users, own.isEmpty() ? permissions.minus(user) : permissions.plus(user, own), topicPermissions);
    }

    private Accounts withTopicPermissions(String user, TreePMap<ScopedName, TopicPermission> own) {
        return new Accounts(
                users, permissions, own.isEmpty() ? topicPermissions.minus(user) : topicPermissions.plus(user, own));
    }
}
