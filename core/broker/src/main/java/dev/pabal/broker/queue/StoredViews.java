package dev.pabal.broker.queue;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import dev.pabal.message.KeyedBatch;
import dev.pabal.message.PlainBatch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a shard finds of its views at the start: pieces of the last checkpoints, and the journal's entries from the marker on. Reading blocks;
 * afterwards it is for the shard's thread.
 */
final class StoredViews implements JournalFrames.Reader.Visitor {
    private static final int READ_BYTES = 4 << 20;

    private final Map<UUID, StoredView> views = new HashMap<>();
    private boolean cleanStop;
    private long marker = -1;

    /** Reads both logs to their ends. */
    static StoredViews read(Log checkpoints, Log journal) {
        StoredViews found = new StoredViews();
        forEachBatch(
                checkpoints, checkpoints.startOffset(), (batch, at) -> KeyedBatch.forEach(batch, at, found::piece));
        long from = Math.max(found.marker, journal.startOffset());
        JournalFrames.Reader reader = new JournalFrames.Reader();
        forEachBatch(
                journal, from, (batch, at) -> PlainBatch.forEachValue(batch, at, value -> reader.read(value, found)));
        found.views.values().forEach(StoredView::notRepeating);
        found.cleanStop = reader.stoppedEpoch() == journal.epoch();
        return found;
    }

    private static void forEachBatch(Log log, long from, ObjIntConsumer<ByteBuffer> visitor) {
        long end = log.durableEnd();
        long offset = from;
        while (offset < end) {
            try (LogRead read = log.read(offset, end, READ_BYTES).join()) {
                if (read.sizeInBytes() == 0) {
                    return;
                }
                for (ByteBuffer buffer : read.buffers()) {
                    int at = buffer.position();
                    while (at < buffer.limit()) {
                        visitor.accept(buffer, at);
                        offset = BatchHeader.nextOffset(buffer, at);
                        at += BatchHeader.sizeInBytes(buffer, at);
                    }
                }
            }
        }
    }

    private void piece(ByteBuffer key, @Nullable ByteBuffer value) {
        CheckpointKey parsed = CheckpointKey.read(key);
        if (parsed.isMarker()) {
            marker = value == null ? -1 : value.getLong(value.position());
            return;
        }
        StoredView view = views.computeIfAbsent(parsed.queue(), id -> new StoredView());
        if (value == null) {
            view.withoutPiece(parsed.piece());
        } else {
            byte[] copy = new byte[value.remaining()];
            value.get(value.position(), copy);
            view.piece(parsed.piece(), copy);
        }
    }

    @Override
    public void entry(UUID queue, ByteBuffer entry) {
        views.computeIfAbsent(queue, id -> new StoredView()).entry(entry);
    }

    @Override
    public void again(UUID queue) {
        views.computeIfAbsent(queue, id -> new StoredView()).repeating();
    }

    @Override
    public void whole(UUID queue) {
        views.computeIfAbsent(queue, id -> new StoredView()).repeated();
    }

    @Override
    public void goesOn(UUID queue) {
        StoredView known = views.get(queue);
        if (known != null) {
            known.notRepeating();
        }
    }

    /** Whether the shard stopped in order before, and nothing has happened since. */
    boolean cleanStop() {
        return cleanStop;
    }

    /** Hands over what is stored of the queue; null where that is nothing. */
    @Nullable
    StoredView take(UUID queue) {
        return views.remove(queue);
    }

    @Nullable
    StoredView find(UUID queue) {
        return views.get(queue);
    }

    Map<UUID, StoredView> all() {
        return views;
    }
}
