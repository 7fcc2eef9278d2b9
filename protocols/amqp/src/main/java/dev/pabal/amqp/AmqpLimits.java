package dev.pabal.amqp;

/**
 * Bounds of the AMQP listener.
 *
 * @param frameMax largest frame in bytes that is offered; clients may ask for less, down to 4096
 * @param initialFrameMax largest frame in bytes before the client has logged in
 * @param channelMax most channels of a connection
 * @param heartbeatSeconds offered interval of heartbeats
 * @param handshakeTimeoutMs how long a client may take until it has opened its virtual host
 * @param maxMessageBytes largest body
 * @param maxUnstoredBytes memory that what one connection has published may take until it is durable: beyond it is not read
 */
public record AmqpLimits(
        int frameMax,
        int initialFrameMax,
        int channelMax,
        int heartbeatSeconds,
        int handshakeTimeoutMs,
        long maxMessageBytes,
        long maxUnstoredBytes) {
    /** RabbitMQ's defaults. */
    public static AmqpLimits defaults() {
        return new AmqpLimits(131_072, 8_192, 2_047, 60, 10_000, 16L << 20, 8L << 20);
    }
}
