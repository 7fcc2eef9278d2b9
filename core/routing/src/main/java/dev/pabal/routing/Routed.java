package dev.pabal.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A published message as far as routing looks at it. */
public interface Routed {
    /** The name of the exchange it was published to. */
    String exchange();

    String routingKey();

    /**
     * Further routing keys, of RabbitMQ's headers CC and BCC: a binding anywhere on the way matches where one of all these keys does. Empty for
     * most messages.
     */
    default List<String> moreRoutingKeys() {
        return List.of();
    }

    /** The value of a header as {@code dev.pabal.catalog.Arguments} has them, null where absent. Parsed only where a headers exchange asks. */
    @Nullable
    Object header(String name);

    /** Whether the header is there, whatever its value. */
    boolean hasHeader(String name);

    /** A property by its AMQP name with a hyphen ({@code message-id}, {@code correlation-id}, ...) as text, null where absent. */
    @Nullable
    String property(String name);
}
