package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Arguments;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Parameter;
import dev.pabal.catalog.VirtualHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Limits of virtual hosts, which administrators set as parameters of the component {@code vhost-limits}. Pure. */
public final class VhostLimits {
    /** The component of the parameters. */
    public static final String COMPONENT = "vhost-limits";

    /** The parameter's name, as RabbitMQ has it. */
    public static final String PARAMETER = "limits";

    /** Names that are known. */
    public static final List<String> NAMES = List.of("max-connections", "max-queues");

    private VhostLimits() {}

    /** Most connections that a virtual host takes, -1 = any number. */
    public static long maxConnections(CatalogImage image, String vhost) {
        return limit(image, vhost, "max-connections");
    }

    static void checkExists(CatalogImage image, String vhost) {
        existing(image, vhost);
    }

    static VirtualHost existing(CatalogImage image, String name) {
        VirtualHost vhost = image.vhost(name);
        if (vhost == null) {
            throw new BrokerException(Refusal.NOT_FOUND, "vhost " + name + " not found");
        }
        return vhost;
    }

    /** Fails where the virtual host has as many queues as it may. */
    static void checkQueues(CatalogImage image, String vhost, String queue) {
        long most = limit(image, vhost, "max-queues");
        if (most >= 0 && image.queues(vhost).size() >= most) {
            throw new BrokerException(
                    Refusal.PRECONDITION_FAILED,
                    "cannot declare queue '" + queue + "': queue limit in vhost '" + vhost + "' (" + most
                            + ") is reached");
        }
    }

    /** All limits of a virtual host by name; empty where there are none. */
    public static Map<String, Object> of(CatalogImage image, String vhost) {
        Map<String, Object> limits = new HashMap<>();
        for (Parameter parameter : image.parameters(COMPONENT)) {
            if (parameter.vhost().equals(vhost)) {
                limits.putAll(parameter.value());
            }
        }
        return limits;
    }

    private static long limit(CatalogImage image, String vhost, String name) {
        Long most = Arguments.number(of(image, vhost), name);
        return most == null ? -1 : most;
    }
}
