package dev.pabal.amqp.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of a listener, and whether the store takes what they publish. Any thread. */
final class OpenConnections {
    private final Set<ClientConnection> all = ConcurrentHashMap.newKeySet();
    private volatile boolean storeWritable = true;

    void add(ClientConnection connection) {
        all.add(connection);
    }

    void remove(ClientConnection connection) {
        all.remove(connection);
    }

    boolean storeWritable() {
        return storeWritable;
    }

    /** Tells those that publish when it changes. */
    void storeWritable(boolean writable) {
        if (storeWritable != writable) {
            storeWritable = writable;
            for (ClientConnection connection : all) {
                connection.execute(() -> connection.storeWritable(writable));
            }
        }
    }

    void shutDown() {
        all.forEach(ClientConnection::shutDown);
    }
}
