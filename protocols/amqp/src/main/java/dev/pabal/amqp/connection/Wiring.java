package dev.pabal.amqp.connection;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.MethodHandlers;
import dev.pabal.amqp.channel.SharedMemory;
import dev.pabal.broker.Broker;
import dev.pabal.broker.client.ClientConnections;

/** What all connections of a listener share. */
record Wiring(
        Broker broker,
        AmqpLimits limits,
        SharedMemory memory,
        MethodHandlers handlers,
        ForeignQueues foreign,
        OpenConnections connections,
        ClientConnections clients) {}
