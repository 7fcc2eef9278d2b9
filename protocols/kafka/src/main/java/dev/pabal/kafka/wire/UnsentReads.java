package dev.pabal.kafka.wire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The store's memory that answers hold until their sockets have taken them. It is the memory that new records need too, so clients that do
 * not read their answers must not hold much of it: beyond the bound, whoever has taken nothing for a while is let go. Below it a slow
 * client may take its time. Any thread.
 */
final class UnsentReads {
    /** Half of what the store keeps of its tail by default. */
    static final long LIMIT_BYTES = 64L << 20;
    /** Added for each answer: a store gives memory back in pieces of about this size. */
    static final long PIECE_BYTES = 4L << 20;
    /** How long a client may take nothing while the bound is exceeded. */
    static final long STALLED_MS = 2_000;

    private final AtomicLong held = new AtomicLong();
    private final Set<ClientConnection> holders = ConcurrentHashMap.newKeySet();

    /** An answer of {@code holder} points to stored bytes. */
    void hold(ClientConnection holder, long bytes) {
        holders.add(holder);
        if (held.addAndGet(bytes + PIECE_BYTES) > LIMIT_BYTES) {
            holders.forEach(ClientConnection::watchForStall);
        }
    }

    /** The answer was sent or given up; {@code last} where the holder has no other. */
    void letGo(ClientConnection holder, long bytes, boolean last) {
        held.addAndGet(-bytes - PIECE_BYTES);
        if (last) {
            holders.remove(holder);
        }
    }

    boolean tooMuch() {
        return held.get() > LIMIT_BYTES;
    }
}
