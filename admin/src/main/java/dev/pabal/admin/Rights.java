package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.topology.AccessControl;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what here: by the user's tags, as RabbitMQ's plugin has them. {@code management} works within the virtual hosts that it may enter,
 * {@code policymaker} also with their policies and parameters, {@code monitoring} sees everything, {@code administrator} may do everything.
 */
final class Rights {
    static final String ADMINISTRATOR = "administrator";
    static final String MONITORING = "monitoring";
    static final String POLICYMAKER = "policymaker";
    static final String MANAGEMENT = "management";

    private static final Set<String> LET_IN = Set.of(ADMINISTRATOR, MONITORING, POLICYMAKER, MANAGEMENT);
    private static final String BASIC = "Basic ";

    private final Broker broker;

    Rights(Broker broker) {
        this.broker = broker;
    }

    /** What a route asks of the user. */
    enum Needed {
        /** Any of the tags. */
        LOGIN,
        MONITORING,
        ADMINISTRATOR,
        /** The virtual host in the first variable must be one that the user may enter; whoever sees all may read. */
        VHOST,
        /** As {@link #VHOST}, and policies are the user's business. */
        POLICY
    }

    private AccessControl access() {
        return broker.topology().accessControl();
    }

    /** The user whom a header of basic authentication names, null where it is not that user's. */
    @Nullable
    User user(@Nullable String authorization, boolean loopback) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        String pair;
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            pair = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        return colon < 0 ? null : access().authenticate(pair.substring(0, colon), pair.substring(colon + 1), loopback);
    }

    /** @throws ApiException 401 or 404 where the call is none of the user's business */
    void check(Needed needed, Call call) {
        if (!call.hasTag(LET_IN.toArray(new String[0]))) {
            throw ApiException.notAuthorised("User can only log in via the management API with a management tag");
        }
        boolean may =
                switch (needed) {
                    case LOGIN -> true;
                    case MONITORING -> call.seesAll();
                    case ADMINISTRATOR -> call.hasTag(ADMINISTRATOR);
                    case VHOST -> mayUse(call);
                    case POLICY -> call.hasTag(ADMINISTRATOR, POLICYMAKER) && mayUse(call);
                };
        if (!may) {
            throw ApiException.notAuthorised("User not authorised to access this resource");
        }
    }

    private boolean mayUse(Call call) {
        if (broker.catalog().vhost(call.vhost()) == null) {
            throw ApiException.notFound();
        }
        String method = call.request().method();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        return reads && call.seesAll() || access().mayEnter(call.user().name(), call.vhost());
    }

    /** @throws ApiException 401 where the user has no such permission on the resource */
    void require(Call call, String vhost, AccessControl.Action action, String resource) {
        if (!access().may(call.user().name(), vhost, action, resource)) {
            throw ApiException.notAuthorised("ACCESS_REFUSED - " + action.name().toLowerCase(Locale.ROOT)
                    + " access to '" + resource + "' in vhost '" + vhost + "' refused for user '"
                    + call.user().name() + "'");
        }
    }

    /** The virtual hosts that the user may see. */
    List<VirtualHost> visible(Call call) {
        Collection<VirtualHost> all = broker.catalog().vhosts();
        return all.stream()
                .filter(vhost -> call.seesAll() || access().mayEnter(call.user().name(), vhost.name()))
                .toList();
    }
}
