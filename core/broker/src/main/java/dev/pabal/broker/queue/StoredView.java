package dev.pabal.broker.queue;

import dev.pabal.queue.QueueView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a shard's checkpoint and journal hold of one queue's view; kept as bytes until somebody needs the queue. */
final class StoredView {
    /** Most views have one piece. */
    private final Map<Integer, byte[]> pieces = new TreeMap<>();

    private List<byte[]> entries = new ArrayList<>(0);
    /** What was there before a repetition that is not whole yet, null outside of one. */
    private @Nullable List<byte[]> before;

    private boolean unreadable;

    void piece(int key, byte[] piece) {
        pieces.put(key, piece);
    }

    void withoutPiece(int key) {
        pieces.remove(key);
    }

    void entry(ByteBuffer entry) {
        byte[] copy = new byte[entry.remaining()];
        entry.get(entry.position(), copy);
        entries.add(copy);
    }

    /** All entries come once more. */
    void repeating() {
        notRepeating();
        before = entries;
        entries = new ArrayList<>();
    }

    /** They have all come. */
    void repeated() {
        before = null;
    }

    /** They did not all come: those from before count. */
    void notRepeating() {
        List<byte[]> kept = before;
        if (kept != null) {
            entries = kept;
            before = null;
        }
    }

    /** Whether the journal holds something that the checkpoint does not. */
    boolean hasEntries() {
        return !entries.isEmpty();
    }

    List<byte[]> entries() {
        return entries;
    }

    /** Whether the queue could not be loaded: its entries are written again with each checkpoint, which does without its view. */
    boolean isUnreadable() {
        return unreadable;
    }

    void unreadable(boolean now) {
        unreadable = now;
    }

    boolean isEmpty() {
        return entries.isEmpty() && pieces.isEmpty();
    }

    Iterable<Integer> pieceKeys() {
        return pieces.keySet();
    }

    /** Brings a fresh view to where it was. */
    void restore(QueueView view) {
        pieces.forEach((key, piece) -> view.restore(key, ByteBuffer.wrap(piece)));
        entries.forEach(entry -> view.replay(ByteBuffer.wrap(entry)));
    }
}
