package dev.pabal.amqp.connection;

import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.broker.topology.UserLimits;
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
    private final Map<String, Integer> byUser = new HashMap<>();
    private final Map<String, Integer> channelsByUser = new HashMap<>();
    private volatile boolean storeWritable = true;

    void add(ClientConnection connection) {
        all.add(connection);
    }

    void remove(ClientConnection connection) {
        all.remove(connection);
    }

    /** Counts a connection in that opens a virtual host, or refuses it where the host or the user has as many as there may be. */
    synchronized void enter(CatalogImage image, String vhost, String user) {
        refuse(
                byVhost,
                vhost,
                VhostLimits.maxConnections(image, vhost),
                "access to vhost '" + vhost + "' refused for user '" + user + "': connection limit (%d) is reached");
        refuse(
                byUser,
                user,
                UserLimits.maxConnections(image, user),
                "connection refused for user '" + user + "': user connection limit (%d) is reached");
        byVhost.merge(vhost, 1, Integer::sum);
        byUser.merge(user, 1, Integer::sum);
    }

    /** One that {@link #enter} let in has ended, with so many channels. */
    synchronized void leave(String vhost, String user, int openChannels) {
        subtract(byVhost, vhost, 1);
        subtract(byUser, user, 1);
        subtract(channelsByUser, user, openChannels);
    }

    /** Counts a channel in, or refuses it where the user has as many as there may be. */
    synchronized void openChannel(CatalogImage image, String user) {
        refuse(
                channelsByUser,
                user,
                UserLimits.maxChannels(image, user),
                "number of channels opened for user '" + user + "' has reached the maximum allowed user limit of (%d)");
        channelsByUser.merge(user, 1, Integer::sum);
    }

    /** One that {@link #openChannel} let in is closed. */
    synchronized void closeChannel(String user) {
        subtract(channelsByUser, user, 1);
    }

    private static void refuse(Map<String, Integer> counts, String of, long most, String why) {
        if (most >= 0 && counts.getOrDefault(of, 0) >= most) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, why.replace("%d", Long.toString(most)));
        }
    }

    private static void subtract(Map<String, Integer> counts, String of, int count) {
        counts.computeIfPresent(of, (name, open) -> open <= count ? null : open - count);
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
