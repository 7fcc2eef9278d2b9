package dev.pabal.broker.client;

import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The open connections of all protocols; each protocol enters its own once logged in, and takes them out again. Any thread. */
public final class ClientConnections {
    private final ConcurrentSkipListMap<String, ClientConnection> byName = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();

    public void add(ClientConnection connection) {
        if (byName.put(connection.name(), connection) == null) {
            size.incrementAndGet();
        }
    }

    /** Takes a connection out; one that is not there is no error. */
    public void remove(ClientConnection connection) {
        if (byName.remove(connection.name(), connection)) {
            size.decrementAndGet();
        }
    }

    public @Nullable ClientConnection find(String name) {
        return byName.get(name);
    }

    /** All of them in the order of their names; a live view that never fails while they come and go. */
    public Collection<ClientConnection> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    public int size() {
        return size.get();
    }
}
