package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Method;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who carries out which method. Filled while the protocol is put together, then read only. */
public final class MethodHandlers {
    private final Map<Integer, MethodHandler> handlers = new HashMap<>();

    /** Adds the handler of the method whose id is {@code id} ({@code QueueDeclare.ID}); {@code type} is the reader it gets. */
    public <M extends Method> MethodHandlers add(int id, Class<M> type, Typed<M> handler) {
        if (handlers.put(id, (channel, method) -> handler.handle(channel, type.cast(method))) != null) {
            throw new IllegalStateException("two handlers for one method: " + type.getSimpleName());
        }
        return this;
    }

    @Nullable
    MethodHandler of(int id) {
        return handlers.get(id);
    }

    /** A handler that knows its method's class. */
    @FunctionalInterface
    public interface Typed<M extends Method> {
        /** As {@link MethodHandler#handle}. */
        void handle(AmqpChannel channel, M method);
    }
}
