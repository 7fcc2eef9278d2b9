package dev.pabal.broker.topology;

import dev.pabal.catalog.Parameter;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Changes that administrators make; each completes when it is durable and holds. Any thread. */
public interface Administration {
    /** Makes or changes a virtual host; a new one has the predeclared exchanges. */
    CompletableFuture<Void> setVhost(VirtualHost vhost);

    /** Removes a virtual host with everything in it. */
    CompletableFuture<Void> deleteVhost(String name);

    CompletableFuture<Void> setUser(User user);

    CompletableFuture<Void> deleteUser(String name);

    CompletableFuture<Void> setPermission(Permission permission);

    CompletableFuture<Void> deletePermission(String user, String vhost);

    CompletableFuture<Void> setTopicPermission(TopicPermission permission);

    CompletableFuture<Void> deleteTopicPermission(String user, String vhost, String exchange);

    /** Makes or changes a policy; INVALID_REQUEST where a key or value is none that is known. */
    CompletableFuture<Void> setPolicy(Policy policy);

    /** Fails as {@link #setPolicy} would where the policy itself is wrong, whatever is there. */
    void checkPolicy(Policy policy);

    CompletableFuture<Void> deletePolicy(String vhost, String name, boolean operator);

    CompletableFuture<Void> setParameter(Parameter parameter);

    CompletableFuture<Void> deleteParameter(String component, String vhost, String name);

    /**
     * Sets one of {@link VhostLimits#NAMES}; INVALID_REQUEST where it is none of them.
     *
     * @param most -1 = any number; null takes the limit away
     */
    CompletableFuture<Void> setVhostLimit(String vhost, String limit, @Nullable Long most);

    /**
     * Sets one of {@link UserLimits#NAMES}; INVALID_REQUEST where it is none of them.
     *
     * @param most -1 = any number; null takes the limit away
     */
    CompletableFuture<Void> setUserLimit(String user, String limit, @Nullable Long most);
}
