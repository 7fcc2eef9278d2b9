package dev.pabal.kafka;

/**
 * Where clients reach the broker: what Metadata tells them.
 *
 * @param host name or address as clients know it
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {}
