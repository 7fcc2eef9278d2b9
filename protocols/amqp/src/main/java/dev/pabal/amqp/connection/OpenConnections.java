package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.broker.topology.VhostLimits;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.log.LogStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a listener, and whether the store takes what they publish. Any thread. */
final class OpenConnections {
    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

    private final Set<ClientConnection> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> byVhost = new HashMap<>();
    private volatile boolean storeWritable = true;

    void add(ClientConnection connection) {
        all.add(connection);
    }

    void remove(ClientConnection connection) {
        all.remove(connection);
    }

    /** Counts a connection in that opens a virtual host, or refuses it where there are as many as there may be. */
    synchronized void enter(CatalogImage image, String vhost, String user) {
        int open = byVhost.getOrDefault(vhost, 0);
        long most = VhostLimits.maxConnections(image, vhost);
        if (most >= 0 && open >= most) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "access to vhost '" + vhost + "' refused for user '" + user + "': connection limit (" + most
                            + ") is reached");
        }
        byVhost.put(vhost, open + 1);
    }

    /** One that {@link #enter} let in has ended. */
    synchronized void leave(String vhost) {
        byVhost.computeIfPresent(vhost, (name, open) -> open == 1 ? null : open - 1);
    }

    boolean storeWritable() {
        return storeWritable;
    }

    /** An append was refused for want of space: returns whether the store still refuses, so that it will be told when that ends. */
    boolean refused(LogStore store) {
        if (storeWritable && !store.stats().writable()) {
            storeWritable(false);
        }
        return !storeWritable;
    }

    /** Tells those that publish when it changes. */
    void storeWritable(boolean writable) {
        synchronized (this) {
            if (storeWritable == writable) {
                return;
            }
            storeWritable = writable;
        }
        if (writable) {
            LOG.warn("the store takes writes again: AMQP publishers are unblocked");
        } else {
            LOG.warn(
                    "the store refuses writes: AMQP publishers are blocked until there is room on the disk; free some");
        }
        for (ClientConnection connection : all) {
            connection.execute(() -> connection.storeWritable(storeWritable));
        }
    }

    void shutDown() {
        all.forEach(ClientConnection::shutDown);
    }
}
