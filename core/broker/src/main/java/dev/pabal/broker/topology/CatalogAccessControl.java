package dev.pabal.broker.topology;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Users and permissions as the catalog has them. */
final class CatalogAccessControl implements AccessControl {
    /** What permissions call the default exchange. */
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private static final String GUEST = "guest";
    /** Compiled expressions that are kept; beyond, all are compiled anew. */
    private static final int MAX_PATTERNS = 10_000;

    private static final Pattern NOTHING = Pattern.compile("^$");

    private final Supplier<CatalogImage> catalog;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    CatalogAccessControl(Supplier<CatalogImage> catalog) {
        this.catalog = catalog;
    }

    @Override
    public @Nullable User authenticate(String name, String password, boolean loopback) {
        User user = catalog.get().user(name);
        if (user == null) {
            // Nobody: takes the time all the same.
            PasswordHash.matches(PasswordHash.SHA256, "", password);
            return null;
        }
        boolean right = PasswordHash.matches(user.hashing(), user.passwordHash(), password);
        return right && (loopback || !name.equals(GUEST)) ? user : null;
    }

    @Override
    public boolean mayEnter(String user, String vhost) {
        CatalogImage image = catalog.get();
        return image.vhost(vhost) != null && image.permission(user, vhost) != null;
    }

    @Override
    public boolean may(String user, String vhost, Action action, String resource) {
        Permission permission = catalog.get().permission(user, vhost);
        if (permission == null) {
            return false;
        }
        String expression =
                switch (action) {
                    case CONFIGURE -> permission.configure();
                    case WRITE -> permission.write();
                    case READ -> permission.read();
                };
        return matches(expression, resource.isEmpty() ? DEFAULT_EXCHANGE : resource);
    }

    @Override
    public boolean mayRoute(String user, String vhost, Action action, String exchange, String routingKey) {
        for (TopicPermission permission : catalog.get().topicPermissions()) {
            if (permission.user().equals(user)
                    && permission.vhost().equals(vhost)
                    && permission.exchange().equals(exchange)) {
                String expression = action == Action.WRITE ? permission.write() : permission.read();
                return matches(expanded(expression, user, vhost), routingKey);
            }
        }
        return true;
    }

    /** RabbitMQ's variables in topic permissions. */
    static String expanded(String expression, String user, String vhost) {
        return expression.indexOf('{') < 0
                ? expression
                : expression.replace("{username}", Pattern.quote(user)).replace("{vhost}", Pattern.quote(vhost));
    }

    private boolean matches(String expression, String text) {
        Pattern pattern = patterns.get(expression);
        if (pattern == null) {
            if (patterns.size() >= MAX_PATTERNS) {
                patterns.clear();
            }
            pattern = compile(expression);
            patterns.put(expression, pattern);
        }
        return pattern.matcher(text).find();
    }

    /** The empty expression, and one that is none, match nothing but the empty name: as RabbitMQ has it. */
    private static Pattern compile(String expression) {
        try {
            return expression.isEmpty() ? NOTHING : Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            return NOTHING;
        }
    }
}
