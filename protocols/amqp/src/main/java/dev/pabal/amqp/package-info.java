/** AMQP 0-9-1 with RabbitMQ's extensions: what the server needs to listen for its clients. */
@NullMarked
package dev.pabal.amqp;

import org.jspecify.annotations.NullMarked;
