package dev.pabal.amqp;

import dev.pabal.amqp.channel.ChannelMethods;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.MethodHandlers;
import dev.pabal.amqp.connection.AmqpListener;
import dev.pabal.amqp.stream.Streams;
import dev.pabal.amqp.topology.ExchangeHandlers;
import dev.pabal.amqp.topology.QueueHandlers;
import dev.pabal.broker.Broker;
import dev.pabal.broker.client.ClientConnections;

/** AMQP 0-9-1 on a broker: everything that a listener needs. */
public final class AmqpProtocol {
    private AmqpProtocol() {}

    /**
     * The handler that sets up accepted connections; to be closed when the listener is.
     *
     * @param clients where the connections are shown while they are open
     */
    public static AmqpListener listener(Broker broker, AmqpLimits limits, ClientConnections clients) {
        MethodHandlers handlers = new MethodHandlers();
        ChannelMethods.register(handlers);
        ForeignQueues foreign = new Streams();
        ExchangeHandlers.addTo(handlers);
        QueueHandlers.addTo(handlers, foreign);
        return new AmqpListener(broker, limits, handlers, foreign, clients);
    }
}
