package dev.pabal.amqp.channel;

import dev.pabal.catalog.CatalogImage;
import dev.pabal.routing.RoutingTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages of one exchange and routing key go, as long as catalog and routing table are the same. */
final class Route {
    final byte[] exchange;
    final byte[] routingKey;
    final String exchangeName;
    final String routingKeyText;
    final List<Target> targets = new ArrayList<>(1);
    /** The image for which the user was found to be allowed and the targets were found; null = neither. */
    @Nullable
    CatalogImage image;

    @Nullable
    RoutingTable table;
    /** Which of the connection's targets they are: those before were forgotten, and others may stand for the same queues now. */
    int generation;
    /** Whether the targets hold for every message: otherwise only the permissions do. */
    boolean keyed;
    /** How long a delayed exchange holds the message back that was just routed. */
    long delayMs;

    Route(byte[] exchange, byte[] routingKey) {
        this.exchange = exchange;
        this.routingKey = routingKey;
        this.exchangeName = exchange.length == 0 ? "" : new String(exchange, StandardCharsets.UTF_8);
        this.routingKeyText = new String(routingKey, StandardCharsets.UTF_8);
    }
}
