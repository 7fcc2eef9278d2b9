package dev.pabal.amqp.channel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds routes by the bytes of exchange and routing key, without making texts of them: an open hash table that is emptied when it is full, or
 * when all connections together remember too much. A few routes it knows always. For one thread.
 */
final class RouteCache {
    private static final int CAPACITY = 1 << 15;
    /** Bytes of exchanges and keys at most: a client may use long ones. */
    private static final int MAX_NAME_BYTES = 1 << 20;

    private static final int FIRST_CAPACITY = 16;

    private final Budget budget;
    private @Nullable Route[] table = new Route[FIRST_CAPACITY];
    private int size;
    private int nameBytes;
    private @Nullable Route last;
    private boolean crowded;
    private boolean closed;

    RouteCache(Budget budget) {
        this.budget = budget;
    }

    Route find(ByteBuffer in, int exchangeAt, int exchangeLength, int keyAt, int keyLength) {
        Route recent = last;
        if (recent != null && is(recent, in, exchangeAt, exchangeLength, keyAt, keyLength)) {
            return recent;
        }
        int hash = hash(in, keyAt, keyLength, hash(in, exchangeAt, exchangeLength, 1));
        int slot = hash & (table.length - 1);
        Route route = table[slot];
        while (route != null && !is(route, in, exchangeAt, exchangeLength, keyAt, keyLength)) {
            slot = (slot + 1) & (table.length - 1);
            route = table[slot];
        }
        if (route == null) {
            route = new Route(bytes(in, exchangeAt, exchangeLength), bytes(in, keyAt, keyLength));
            put(route);
        }
        last = route;
        return route;
    }

    void clear() {
        empty();
        last = null;
        crowded = false;
    }

    /** Whether others left it no room: what was made for its routes is to be forgotten with them. */
    boolean crowded() {
        return crowded;
    }

    /** The connection has ended: it gives back what it had of the budget, and takes no more. */
    void close() {
        closed = true;
        clear();
    }

    /** How many routes it knows. */
    int size() {
        return size;
    }

    private void put(Route route) {
        if (nameBytes > MAX_NAME_BYTES) {
            empty();
        } else if (size * 2 >= table.length) {
            rehash();
        }
        table[free(table, route)] = route;
        size++;
        nameBytes += route.exchange.length + route.routingKey.length;
    }

    private void empty() {
        budget.giveBack(beyondFirst(table.length));
        table = new Route[FIRST_CAPACITY];
        size = 0;
        nameBytes = 0;
    }

    /** How many routes of the budget a table of that length takes. */
    private static int beyondFirst(int length) {
        return (length - FIRST_CAPACITY) / 2;
    }

    private void rehash() {
        @Nullable Route[] old = table;
        boolean full = old.length >= CAPACITY || closed;
        if (full || !budget.take(beyondFirst(old.length * 2) - beyondFirst(old.length))) {
            crowded = !full;
            empty();
            return;
        }
        @Nullable Route[] larger = new Route[old.length * 2];
        for (Route route : old) {
            if (route != null) {
                larger[free(larger, route)] = route;
            }
        }
        table = larger;
    }

    private static int free(@Nullable Route[] table, Route route) {
        ByteBuffer key = ByteBuffer.wrap(route.routingKey);
        ByteBuffer exchange = ByteBuffer.wrap(route.exchange);
        int slot = hash(key, 0, key.limit(), hash(exchange, 0, exchange.limit(), 1)) & (table.length - 1);
        while (table[slot] != null) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private static boolean is(
            Route route, ByteBuffer in, int exchangeAt, int exchangeLength, int keyAt, int keyLength) {
        return same(route.routingKey, in, keyAt, keyLength) && same(route.exchange, in, exchangeAt, exchangeLength);
    }

    private static boolean same(byte[] bytes, ByteBuffer in, int at, int length) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != in.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(ByteBuffer in, int at, int length, int seed) {
        int hash = seed;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + in.get(at + i);
        }
        return hash * 31 + length;
    }

    private static byte[] bytes(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return bytes;
    }
}
