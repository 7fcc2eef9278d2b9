package dev.pabal.queue;

import java.nio.ByteBuffer;

/** Reads what {@link JournalWriter} wrote; the format stands at {@link JournalItems}. */
final class JournalReader {
    private static final DeadReason[] REASONS = DeadReason.values();

    private JournalReader() {}

    /** @throws IllegalArgumentException where it is of another version or no entry at all */
    static void read(ByteBuffer entry, JournalItems to) {
        ByteBuffer in = entry.duplicate();
        int version = in.hasRemaining() ? in.get() : 0;
        if (version != 1) {
            throw new IllegalArgumentException("a view journal entry of version " + version + ", known is 1");
        }
        while (in.hasRemaining()) {
            item(in, to);
        }
    }

    private static void item(ByteBuffer in, JournalItems to) {
        int code = in.get();
        switch (code) {
            case JournalItems.SETTLE, JournalItems.RETURN, JournalItems.DEAD, JournalItems.ACQUIRE ->
                range(code, in, to);
            case JournalItems.PARK -> to.parked(v(in), (int) v(in), (int) v(in), v(in));
            case JournalItems.MARK -> to.mark((int) v(in), v(in));
            case JournalItems.PURGE -> to.purged(v(in), v(in), v(in), kept(in));
            case JournalItems.INDEX -> to.indexed(index(in));
            case JournalItems.INDEXED -> to.indexedTo(v(in));
            case JournalItems.CLEAN -> to.clean(v(in));
            case JournalItems.START -> to.started(v(in));
            case JournalItems.EXTEND -> to.extended(v(in), (int) v(in), v(in));
            case JournalItems.FORGET -> to.forgotten(v(in));
            case JournalItems.SUSPECT -> to.suspected(v(in));
            case JournalItems.APPENDED -> to.appended(v(in), v(in));
            default -> throw new IllegalArgumentException("a view journal item of the unknown kind " + code);
        }
    }

    private static void range(int code, ByteBuffer in, JournalItems to) {
        long from = v(in);
        long end = from + v(in);
        switch (code) {
            case JournalItems.SETTLE -> to.settled(from, end);
            case JournalItems.RETURN -> to.returned(from, end, (int) v(in), (int) v(in));
            case JournalItems.DEAD -> to.dead(from, end, REASONS[(int) v(in)]);
            default -> to.acquired(from, end, (int) v(in), (int) v(in), v(in), v(in));
        }
    }

    private static OffsetSet kept(ByteBuffer in) {
        OffsetSet kept = new OffsetSet();
        long end = 0;
        for (long ranges = v(in); ranges > 0; ranges--) {
            long start = end + v(in);
            end = start + v(in);
            kept.addRange(start, end);
        }
        return kept;
    }

    private static IndexEntry index(ByteBuffer in) {
        long offset = v(in);
        int fields = in.get();
        int priority = (fields & 1) != 0 ? (int) v(in) : 0;
        long expiresAtMs = (fields & 2) != 0 ? v(in) : Long.MAX_VALUE;
        long dueAtMs = (fields & 4) != 0 ? v(in) : 0;
        long group = (fields & 8) != 0 ? in.getLong() : 0;
        IndexEntry.Dedup dedup = (fields & 16) != 0 ? new IndexEntry.Dedup(in.getLong(), in.getLong(), v(in)) : null;
        return new IndexEntry(offset, priority, expiresAtMs, dueAtMs, group, dedup);
    }

    private static long v(ByteBuffer in) {
        return Bytes.readVar(in);
    }
}
