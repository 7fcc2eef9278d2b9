package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** What a view wants done, where a test is after nothing but the journal: takes an entry, returns its number. */
record JournalOnly(ToLongFunction<ByteBuffer> keep) implements ViewEffects {
    /** Adds a copy of each entry. */
    static JournalOnly into(List<ByteBuffer> entries) {
        return new JournalOnly(entry -> {
            entries.add(ByteBuffer.allocate(entry.remaining()).put(entry).flip());
            return entries.size();
        });
    }

    /** Numbers the entries and keeps none. */
    static JournalOnly counted() {
        AtomicLong entries = new AtomicLong();
        return new JournalOnly(entry -> entries.incrementAndGet());
    }

    @Override
    public long journal(ByteBuffer entry) {
        return keep.applyAsLong(entry);
    }

    @Override
    public void dead(long offset, DeadReason reason, int deliveries) {}

    @Override
    public void ready() {}
}
