package dev.pabal.broker.topology;

import dev.pabal.catalog.User;
import org.jspecify.annotations.Nullable;

/** One principal, one permission check below all protocols that log in. Any thread; reads the catalog's image, never waits. */
public interface AccessControl {
    /**
     * The user of that name and password, null where they do not belong together. Takes the time of a hash either way.
     *
     * @param loopback whether the peer's address is: {@code guest} comes in by no other
     */
    @Nullable
    User authenticate(String name, String password, boolean loopback);

    /** Whether the user has any permission in the virtual host. */
    boolean mayEnter(String user, String vhost);

    /** Whether the user may do that to the exchange or queue of that name. */
    boolean may(String user, String vhost, Action action, String resource);

    /** Whether the user may use the routing key on a topic exchange. */
    boolean mayRoute(String user, String vhost, Action action, String exchange, String routingKey);

    /** What is to be done to a resource. */
    enum Action {
        CONFIGURE,
        WRITE,
        READ
    }
}
