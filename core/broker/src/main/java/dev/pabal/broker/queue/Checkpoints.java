package dev.pabal.broker.queue;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.KeyedBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a shard's views: pieces that replace one another by key, in a compacted log. One begins when the journal has grown enough,
 * takes a few views in each turn of the loop, and ends with a marker in the same append as the last pieces; then the journal is trimmed. What
 * is taken later than the marker says is known to the journal too, and repeating it does no harm. For the shard's thread.
 */
final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /** Bytes of journal after which a checkpoint is worth while, however small the state. */
    private static final long MIN_JOURNAL_BYTES = 4 << 20;

    private static final int VIEWS_PER_TURN = 64;
    /** What one append holds at most of several views. */
    static final int APPEND_BYTES = 4 << 20;
    /** What it holds at most of one, well below what a log refuses. */
    static final int VIEW_BYTES = 32 << 20;

    private final Log log;
    private final ViewJournal journal;
    private final ShardLink shard;
    private final Clock clock;
    private final BooleanSupplier mayBegin;
    private final Runnable repeated;
    /** Views with entries since they were last taken. */
    private final Set<QueueCore> changed = new LinkedHashSet<>();

    private final ArrayDeque<QueueCore> taking = new ArrayDeque<>();
    private List<KeyedBatch.Entry> pieces = new ArrayList<>();
    private long pieceBytes;
    private long stateBytes;
    /** Where a replay may begin once all pieces are written, -1 while no checkpoint goes on. */
    private long marker = -1;

    private boolean wanted;
    /** It was said that it is put off. */
    private boolean putOff;

    /**
     * @param mayBegin false while views are not loaded whose entries only the journal has
     * @param repeated appends to the journal what a replay from now on needs of views that cannot be loaded
     */
    Checkpoints(
            Log log, ViewJournal journal, ShardLink shard, Clock clock, BooleanSupplier mayBegin, Runnable repeated) {
        this.log = log;
        this.journal = journal;
        this.shard = shard;
        this.clock = clock;
        this.mayBegin = mayBegin;
        this.repeated = repeated;
    }

    /** The view has written an entry. */
    void changed(QueueCore view) {
        if (!view.changed) {
            view.changed = true;
            changed.add(view);
        }
    }

    /** The next step begins a checkpoint, however short the journal is. */
    void want() {
        wanted = true;
    }

    /** Does a part of what is to be done; true where more of it waits. */
    boolean step() {
        if (marker < 0) {
            boolean due = wanted || journal.bytesSinceMarker() >= Math.max(MIN_JOURNAL_BYTES, stateBytes);
            if (!due || journal.isRefused()) {
                return false;
            }
            if (!begin()) {
                return false;
            }
        }
        for (int i = 0; i < VIEWS_PER_TURN && !taking.isEmpty(); i++) {
            take(taking.remove());
        }
        if (pieceBytes >= APPEND_BYTES) {
            write();
        }
        if (!taking.isEmpty()) {
            return true;
        }
        end();
        return false;
    }

    private boolean begin() {
        marker = mayBegin.getAsBoolean() ? journal.mark() : -1;
        if (marker < 0) {
            return false;
        }
        repeated.run();
        wanted = false;
        changed.forEach(view -> view.changed = false);
        taking.addAll(changed);
        changed.clear();
        stateBytes = 0;
        return true;
    }

    private void take(QueueCore view) {
        if (!view.isClosed()) {
            view.checkpoint((key, piece) -> add(view.id(), key, piece, view.checkpointKeys()));
        }
    }

    private void add(UUID queue, int key, ByteBuffer piece, Set<Integer> keys) {
        if (piece.hasRemaining()) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(piece.position(), copy);
            put(new CheckpointKey(queue, key), copy);
            keys.add(key);
        } else if (keys.remove(key)) {
            put(new CheckpointKey(queue, key), null);
        }
    }

    private void put(CheckpointKey key, byte @Nullable [] value) {
        KeyedBatch.Entry piece = new KeyedBatch.Entry(key.toBytes(), value);
        pieces.add(piece);
        pieceBytes += sizeInBytes(piece);
    }

    private void end() {
        if (journal.isRefused()) {
            // What was repeated after the marker must be appended before it: in a later turn.
            return;
        }
        long reached = marker;
        put(CheckpointKey.MARKER, ByteBuffer.allocate(8).putLong(reached).array());
        Append append = write();
        if (append == null) {
            // Once more in a later turn: the pieces are kept.
            pieces.remove(pieces.size() - 1);
            return;
        }
        marker = -1;
        append.durable().whenComplete((nothing, error) -> {
            if (error == null) {
                trimJournal(reached);
            }
        });
    }

    /** On a thread of the store. */
    private void trimJournal(long reached) {
        try {
            shard.post(() -> journal.trim(reached));
        } catch (RejectedExecutionException e) {
            LOG.debug("shard {} has ended", shard.index());
        }
    }

    /** Appends the pieces gathered so far; null where the log refused, then those that were not appended are kept. */
    private @Nullable Append write() {
        // The pieces tell of entries that may only have gathered: those come first.
        if (!journal.flush()) {
            return null;
        }
        Append append = null;
        try {
            while (!pieces.isEmpty()) {
                int count = fitting(pieces);
                append = log.append(KeyedBatch.of(pieces.subList(0, count), clock.wallMs()), null);
                pieces = new ArrayList<>(pieces.subList(count, pieces.size()));
            }
        } catch (LogException e) {
            if (e.reason() != LogException.Reason.CLOSED && !putOff) {
                putOff = true;
                LOG.warn("the checkpoint of shard {} is put off: {}", shard.index(), e.getMessage());
            }
            return null;
        }
        putOff = false;
        stateBytes += pieceBytes;
        pieceBytes = 0;
        return append;
    }

    /**
     * How many of the pieces go into one append, one at least: those of a view go together, unless they are too large for that. A start after a
     * crash that took a part of them would replay entries onto blocks that know what came later, with a head that does not.
     */
    static int fitting(List<KeyedBatch.Entry> pieces) {
        long bytes = 0;
        int whole = 0;
        for (int count = 1; count <= pieces.size(); count++) {
            bytes += sizeInBytes(pieces.get(count - 1));
            if (bytes > VIEW_BYTES || bytes > APPEND_BYTES && whole > 0) {
                return Math.max(1, whole > 0 ? whole : count - 1);
            }
            if (count == pieces.size() || !sameView(pieces.get(count - 1), pieces.get(count))) {
                whole = count;
            }
        }
        return whole;
    }

    private static boolean sameView(KeyedBatch.Entry one, KeyedBatch.Entry next) {
        return CheckpointKey.read(ByteBuffer.wrap(one.key()))
                .queue()
                .equals(CheckpointKey.read(ByteBuffer.wrap(next.key())).queue());
    }

    private static int sizeInBytes(KeyedBatch.Entry piece) {
        byte[] value = piece.value();
        return 32 + (value == null ? 0 : value.length);
    }

    /** A queue is gone, and its pieces with it. */
    void forget(UUID queue, Iterable<Integer> keys) {
        List<KeyedBatch.Entry> gone = new ArrayList<>();
        for (int key : keys) {
            gone.add(new KeyedBatch.Entry(new CheckpointKey(queue, key).toBytes(), null));
        }
        if (gone.isEmpty()) {
            return;
        }
        try {
            log.appendFromReserve(KeyedBatch.of(gone, clock.wallMs()), null);
        } catch (LogException e) {
            LOG.debug("what a checkpoint holds of deleted queue {} goes at the next start: {}", queue, e.getMessage());
        }
    }

    void forget(QueueCore view) {
        view.changed = false;
        changed.remove(view);
        taking.remove(view);
        forget(view.id(), view.checkpointKeys());
    }
}
