package dev.pabal.broker;

import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogCodec;
import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.PlainBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The log that holds every change of the catalog, in the order in which they happened. */
final class CatalogLog {
    /** Fixed for ever: this is how a start finds the catalog. */
    static final LogId ID = new LogId(new UUID(0x706162616c2d6361L, 0x8174616c6f670001L), 0);

    /** Changes that share one append; a bound to the size of a batch. */
    static final int MAX_CHANGES_PER_APPEND = 4096;

    private static final int READ_BYTES = 1 << 20;

    private final Log log;
    private final Clock clock;

    CatalogLog(LogStore store, Clock clock) {
        this.log = store.open(ID, LogConfig.DEFAULT.keepForever());
        this.clock = clock;
    }

    boolean isEmpty() {
        return log.durableEnd() == 0;
    }

    /**
     * Shows every change that the log holds, in order. Blocks: for the start only.
     *
     * @throws IllegalArgumentException where a newer program wrote it
     * @throws LogException where it cannot be read
     */
    void replay(Consumer<CatalogChange> visitor) {
        long offset = log.startOffset();
        long end = log.durableEnd();
        while (offset < end) {
            try (LogRead read = log.read(offset, end, READ_BYTES).join()) {
                long next = offset;
                for (ByteBuffer buffer : read.buffers()) {
                    next = replay(buffer, visitor);
                }
                if (next == offset) {
                    throw new IllegalStateException("the catalog's log holds nothing at offset " + offset);
                }
                offset = next;
            }
        }
    }

    private static long replay(ByteBuffer buffer, Consumer<CatalogChange> visitor) {
        int at = buffer.position();
        long next = -1;
        while (at < buffer.limit()) {
            PlainBatch.forEachValue(buffer, at, value -> visitor.accept(CatalogCodec.decode(value)));
            next = BatchHeader.nextOffset(buffer, at);
            at += BatchHeader.sizeInBytes(buffer, at);
        }
        return next;
    }

    /**
     * Puts the whole catalog, which begins with the store's creation, in the place of all that the log holds: one append, which is there whole
     * or not at all, and then the log starts with it. Blocks: for the start only.
     *
     * @throws LogException where the disk is full, or the catalog too large for one append: then nothing was changed
     */
    void replace(List<CatalogChange> all) {
        List<ByteBuffer> batches = new ArrayList<>();
        int bytes = 0;
        for (int at = 0; at < all.size(); at += MAX_CHANGES_PER_APPEND) {
            List<byte[]> values = all.subList(at, Math.min(all.size(), at + MAX_CHANGES_PER_APPEND)).stream()
                    .map(CatalogCodec::encode)
                    .toList();
            ByteBuffer batch = PlainBatch.of(values, clock.wallMs());
            bytes = Math.addExact(bytes, batch.remaining());
            batches.add(batch);
        }
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        batches.forEach(whole::put);
        Append append = log.append(whole.flip(), null);
        append.durable().join();
        log.trim(append.baseOffset()).join();
    }

    /** Appends changes as one unit; completes when they are durable. */
    CompletableFuture<Void> append(List<CatalogChange> changes) {
        List<byte[]> values = changes.stream().map(CatalogCodec::encode).toList();
        Append append = log.appendFromReserve(PlainBatch.of(values, clock.wallMs()), null);
        return append.durable();
    }
}
