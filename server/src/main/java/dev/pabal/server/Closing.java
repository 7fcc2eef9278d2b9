package dev.pabal.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the last one first, each whether or not the one before could be closed. */
final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    /** Remembers a part and hands it back. */
    synchronized <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Idempotent. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closeable.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.error(
                        "The {} could not be closed; the stop goes on and the next start recovers what is missing.",
                        part.name,
                        e);
            }
        }
    }

    private record Part(String name, AutoCloseable closeable) {}
}
