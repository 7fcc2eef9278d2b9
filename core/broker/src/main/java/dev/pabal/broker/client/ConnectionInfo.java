package dev.pabal.broker.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection at one moment.
 *
 * @param protocol such as {@code AMQP 0-9-1}
 * @param user who logged in; empty before that
 * @param vhost the virtual host; empty before one is open
 * @param host address of this side
 * @param port port of this side
 * @param peerHost address of the client
 * @param peerPort port of the client
 * @param connectedAtMs ms since the epoch
 * @param channelMax channels that may be open, 0 = any number
 * @param frameMax bytes of a frame, 0 = any number
 * @param heartbeatSeconds 0 = none
 * @param clientProperties what the client told of itself; values as {@code dev.pabal.catalog.Arguments} has them
 * @param receivedBytes bytes read from it
 * @param sentBytes bytes written to it
 * @param blocked whether its publishes are held back
 */
public record ConnectionInfo(
        String protocol,
        String user,
        String vhost,
        String host,
        int port,
        String peerHost,
        int peerPort,
        long connectedAtMs,
        int channelMax,
        int frameMax,
        int heartbeatSeconds,
        Map<String, Object> clientProperties,
        long receivedBytes,
        long sentBytes,
        boolean blocked) {
    public ConnectionInfo {
        clientProperties = Collections.unmodifiableMap(new LinkedHashMap<>(clientProperties));
    }
}
