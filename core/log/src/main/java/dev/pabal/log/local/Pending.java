package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.journal.GroupFormat;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something on its way to the journal; completes when it is as durable as promised. */
final class Pending extends CompletableFuture<Void> {
    /** Not an entry: completes when all before it is on disk. */
    static final byte BARRIER = 0;
    /** A barrier that also lets go of all memory that segments hold as well. */
    static final byte EVICTION = -1;

    final byte kind;
    final @Nullable LocalLog log;
    /** What is copied into the group, from position to limit; empty once it was. */
    ByteBuffer content;

    final long baseOffset;
    final long nextOffset;
    final long maxTimestampMs;
    private @Nullable Runnable released;

    /** Of a trim: completes once segments know. */
    @Nullable
    CompletableFuture<Long> applied;

    /** The next one of the same log in the group being built; the journal's thread only. */
    @Nullable
    Pending next;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private Pending(
            byte kind,
            @Nullable LocalLog log,
            ByteBuffer content,
            long baseOffset,
            long nextOffset,
            long maxTimestampMs,
            @Nullable Runnable released) {
        this.kind = kind;
        this.log = log;
        this.content = content;
        this.baseOffset = baseOffset;
        this.nextOffset = nextOffset;
        this.maxTimestampMs = maxTimestampMs;
        this.released = released;
    }

    static Pending append(
            LocalLog log,
            ByteBuffer batches,
            long baseOffset,
            long nextOffset,
            long maxTimestampMs,
            @Nullable Runnable released) {
        return new Pending(GroupFormat.APPEND, log, batches, baseOffset, nextOffset, maxTimestampMs, released);
    }

    static Pending trim(LocalLog log, long offset) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES).putLong(0, offset);
        Pending pending = new Pending(GroupFormat.TRIM, log, content, offset, offset, -1, null);
        pending.applied = new CompletableFuture<>();
        return pending;
    }

    static Pending delete(LocalLog log) {
        return new Pending(GroupFormat.DELETE, log, NOTHING, -1, -1, -1, null);
    }

    static Pending barrier() {
        return new Pending(BARRIER, null, NOTHING, -1, -1, -1, null);
    }

    static Pending eviction() {
        return new Pending(EVICTION, null, NOTHING, -1, -1, -1, null);
    }

    /** Bytes that it takes in a group at most. */
    int entryBytes() {
        return log == null ? 0 : GroupFormat.ENTRY_BYTES + content.remaining();
    }

    /** It will never be durable. */
    void fail(LogException cause) {
        releaseContent();
        completeExceptionally(cause);
        if (applied != null) {
            applied.completeExceptionally(cause);
        }
    }

    /** The content was copied, or never will be: its owner may have it back. */
    void releaseContent() {
        content = NOTHING;
        Runnable callback = released;
        released = null;
        if (callback != null) {
            Guard.run(callback);
        }
    }
}
