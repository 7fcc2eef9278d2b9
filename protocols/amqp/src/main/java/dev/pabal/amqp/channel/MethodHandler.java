package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Method;

/**
 * Carries out one kind of method on an open channel.
 *
 * <p>Called on the connection's event loop. It answers by writing to {@link AmqpChannel#out}, at once or in what it hands to
 * {@link AmqpChannel#await} or {@link AmqpChannel#afterEarlier}; until those have run, the connection carries out nothing else. What goes
 * wrong is thrown: {@link AmqpException}, or {@code BrokerException}, which is translated.
 */
@FunctionalInterface
public interface MethodHandler {
    /** @param method valid until this returns: what is needed later must be read out of it now */
    void handle(AmqpChannel channel, Method method);
}
