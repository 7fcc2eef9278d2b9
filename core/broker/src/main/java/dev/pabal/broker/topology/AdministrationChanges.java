package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Parameter;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Decides on administrators' changes and hands them to the catalog. */
final class AdministrationChanges implements Administration {
    private final CatalogEditor editor;

    AdministrationChanges(CatalogEditor editor) {
        this.editor = editor;
    }

    private CompletableFuture<Void> change(Function<CatalogImage, List<CatalogChange>> planner) {
        return editor.submit(image -> Planned.of(planner.apply(image)));
    }

    @Override
    public CompletableFuture<Void> setVhost(VirtualHost vhost) {
        return change(image -> {
            if (vhost.name().isEmpty()) {
                throw invalid("the name of a virtual host is not empty");
            }
            return vhost.equals(image.vhost(vhost.name()))
                    ? List.of()
                    : List.of(new CatalogChange.VirtualHostSet(vhost));
        });
    }

    @Override
    public CompletableFuture<Void> deleteVhost(String name) {
        return change(image -> {
            checkVhost(image, name);
            Edits edits = new Edits(image);
            edits.removeVhost(name);
            return edits.changes();
        });
    }

    @Override
    public CompletableFuture<Void> setUser(User user) {
        return change(image -> {
            if (user.name().isEmpty()) {
                throw invalid("the name of a user is not empty");
            }
            if (!PasswordHash.isValid(user.hashing(), user.passwordHash())) {
                throw invalid("the password hash of user '" + user.name() + "' is none of " + user.hashing());
            }
            return List.of(new CatalogChange.UserSet(user));
        });
    }

    @Override
    public CompletableFuture<Void> deleteUser(String name) {
        return change(image -> {
            checkUser(image, name);
            CatalogChange gone = new CatalogChange.UserDeleted(name);
            return UserLimits.of(image, name).isEmpty()
                    ? List.of(gone)
                    : List.of(gone, new CatalogChange.ParameterDeleted(UserLimits.COMPONENT, "", name));
        });
    }

    @Override
    public CompletableFuture<Void> setPermission(Permission permission) {
        return change(image -> {
            checkUser(image, permission.user());
            checkVhost(image, permission.vhost());
            checkExpression(permission.configure());
            checkExpression(permission.write());
            checkExpression(permission.read());
            return List.of(new CatalogChange.PermissionSet(permission));
        });
    }

    @Override
    public CompletableFuture<Void> deletePermission(String user, String vhost) {
        return change(image -> {
            checkUser(image, user);
            checkVhost(image, vhost);
            return image.permission(user, vhost) == null
                    ? List.of()
                    : List.of(new CatalogChange.PermissionDeleted(user, vhost));
        });
    }

    @Override
    public CompletableFuture<Void> setTopicPermission(TopicPermission permission) {
        return change(image -> {
            checkUser(image, permission.user());
            checkVhost(image, permission.vhost());
            checkExpression(CatalogAccessControl.expanded(permission.write(), "user", "vhost"));
            checkExpression(CatalogAccessControl.expanded(permission.read(), "user", "vhost"));
            return List.of(new CatalogChange.TopicPermissionSet(permission));
        });
    }

    @Override
    public CompletableFuture<Void> deleteTopicPermission(String user, String vhost, String exchange) {
        return change(image -> {
            checkUser(image, user);
            checkVhost(image, vhost);
            return List.of(new CatalogChange.TopicPermissionDeleted(user, vhost, exchange));
        });
    }

    @Override
    public CompletableFuture<Void> setPolicy(Policy policy) {
        return change(image -> {
            checkVhost(image, policy.vhost());
            PolicyKeys.check(policy);
            return List.of(new CatalogChange.PolicySet(policy));
        });
    }

    @Override
    public void checkPolicy(Policy policy) {
        PolicyKeys.check(policy);
    }

    @Override
    public CompletableFuture<Void> deletePolicy(String vhost, String name, boolean operator) {
        return change(image -> {
            checkVhost(image, vhost);
            boolean there = image.policies(vhost).stream()
                    .anyMatch(policy -> policy.name().equals(name) && policy.operator() == operator);
            if (!there) {
                throw new BrokerException(Refusal.NOT_FOUND, "no policy '" + name + "' in vhost '" + vhost + "'");
            }
            return List.of(new CatalogChange.PolicyDeleted(vhost, name, operator));
        });
    }

    @Override
    public CompletableFuture<Void> setParameter(Parameter parameter) {
        return change(image -> {
            if (!parameter.vhost().isEmpty()) {
                checkVhost(image, parameter.vhost());
            }
            return List.of(new CatalogChange.ParameterSet(parameter));
        });
    }

    @Override
    public CompletableFuture<Void> deleteParameter(String component, String vhost, String name) {
        return change(image -> List.of(new CatalogChange.ParameterDeleted(component, vhost, name)));
    }

    @Override
    public CompletableFuture<Void> setVhostLimit(String vhost, String limit, @Nullable Long most) {
        return change(image -> {
            checkVhost(image, vhost);
            checkLimit(limit, VhostLimits.NAMES);
            return limits(
                    VhostLimits.COMPONENT, vhost, VhostLimits.PARAMETER, VhostLimits.of(image, vhost), limit, most);
        });
    }

    @Override
    public CompletableFuture<Void> setUserLimit(String user, String limit, @Nullable Long most) {
        return change(image -> {
            checkUser(image, user);
            checkLimit(limit, UserLimits.NAMES);
            return limits(UserLimits.COMPONENT, "", user, UserLimits.of(image, user), limit, most);
        });
    }

    private static void checkLimit(String limit, List<String> known) {
        if (!known.contains(limit)) {
            throw invalid("'" + limit + "' is no limit that is known: there are " + String.join(" and ", known));
        }
    }

    private static List<CatalogChange> limits(
            String component,
            String vhost,
            String name,
            Map<String, Object> before,
            String limit,
            @Nullable Long most) {
        Map<String, Object> after = new LinkedHashMap<>(before);
        if (most == null) {
            after.remove(limit);
        } else {
            after.put(limit, most);
        }
        if (after.equals(before)) {
            return List.of();
        }
        return List.of(
                after.isEmpty()
                        ? new CatalogChange.ParameterDeleted(component, vhost, name)
                        : new CatalogChange.ParameterSet(new Parameter(component, vhost, name, after)));
    }

    private static void checkVhost(CatalogImage image, String name) {
        VhostLimits.checkExists(image, name);
    }

    private static void checkUser(CatalogImage image, String name) {
        if (image.user(name) == null) {
            throw new BrokerException(Refusal.NOT_FOUND, "no user '" + name + "'");
        }
    }

    private static void checkExpression(String expression) {
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new BrokerException(
                    Refusal.INVALID_REQUEST,
                    "'" + expression + "' is not a regular expression: " + e.getDescription(),
                    e);
        }
    }

    private static BrokerException invalid(String why) {
        return new BrokerException(Refusal.INVALID_REQUEST, why);
    }
}
