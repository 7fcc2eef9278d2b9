/** Connections: bytes to frames and back, handshake, heartbeats, and the way from a frame to its channel. */
@NullMarked
package dev.pabal.amqp.connection;

import org.jspecify.annotations.NullMarked;
