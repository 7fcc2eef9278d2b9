package dev.pabal.broker.topology;

import dev.pabal.catalog.Arguments;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Parameter;
import java.util.List;
import java.util.Map;

/** Limits of users, which administrators set: kept as parameters of a component of their own, named by the users. Pure. */
public final class UserLimits {
    /** The component of the parameters, which belong to no virtual host. */
    public static final String COMPONENT = "user-limits";

    /** Names that are known. */
    public static final List<String> NAMES = List.of("max-connections", "max-channels");

    private UserLimits() {}

    /** All limits of a user by name; empty where there are none. */
    public static Map<String, Object> of(CatalogImage image, String user) {
        for (Parameter parameter : image.parameters(COMPONENT)) {
            if (parameter.name().equals(user)) {
                return parameter.value();
            }
        }
        return Map.of();
    }

    /** Most connections of the user, -1 = any number. */
    public static long maxConnections(CatalogImage image, String user) {
        return limit(image, user, "max-connections");
    }

    /** Most channels of the user, in all its connections together, -1 = any number. */
    public static long maxChannels(CatalogImage image, String user) {
        return limit(image, user, "max-channels");
    }

    private static long limit(CatalogImage image, String user, String name) {
        Long most = Arguments.number(of(image, user), name);
        return most == null ? -1 : most;
    }
}
