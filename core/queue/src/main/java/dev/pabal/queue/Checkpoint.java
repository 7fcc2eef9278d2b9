package dev.pabal.queue;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A view's state as pieces: the head, and one per block of 65,536 offsets that holds anything. Only those that changed are shown, the head last:
 * blocks that are newer than the head do no harm, the replay brings it up to them.
 *
 * <pre>
 *   key       4 bits kind | 28 bits lowest bits of the block's number
 *   kind 0    head: version (1 byte, 1) | start v | cursor v | indexed to v | generation v | visible v | expired to v | aged to v | suspected to v
 *             | purges v | mean size v
 *             | number of marks v | per mark: lane v, value v | {@link RetainTimes} | ids forgotten to v
 *   kind 1    block: version (1 byte, 1) | number of the block v | section | section | ...
 *   section   code (1 byte) | content
 *      1 pending, 2 ahead      {@link Container}
 *      3 acquired, 4 failed, 5 priority    digit (1 byte) | {@link Container}
 *      6 dead                  reason (1 byte) | {@link Container}
 *      7 in flight             number v | per message: offset in the block v, generation v, holder v, deadline v
 *      8 hidden, 9 due         {@link Container} | {@link TimeIndex} of a block
 *      10 expiring             {@link TimeIndex} of a block
 *      11 overdue, 12 exempt   {@link Container}
 *      13 groups               number v | per message: offset in the block v, hash of the group (8 bytes)
 *      14 handed out           number v | per message: offset in the block v, last generation v, first time v
 *   kind 2, 3 times of append for the time to live, for the delay: version (1 byte, 1) | chunk of {@link OffsetLine}
 *   kind 4    ids: version (1 byte, 1) | {@link DedupChunk}
 * </pre>
 */
final class Checkpoint {
    private static final int VERSION = 1;
    private static final int HEAD = 0;
    private static final int BLOCK = 1;
    private static final int APPENDED = 2;
    private static final int DELAYS = 3;
    private static final int IDS = 4;
    private static final int KIND_SHIFT = 28;

    private static final int PENDING = 1;
    private static final int AHEAD = 2;
    private static final int ACQUIRED = 3;
    private static final int FAILED = 4;
    private static final int PRIORITY = 5;
    private static final int DEAD = 6;
    private static final int IN_FLIGHT = 7;
    private static final int HIDDEN = 8;
    private static final int DUE = 9;
    private static final int EXPIRING = 10;
    private static final int OVERDUE = 11;
    private static final int EXEMPT = 12;
    private static final int GROUPS = 13;
    private static final int HANDED = 14;

    private final ViewState state;
    private final Marks marks;
    /** Blocks of which the last checkpoint shows something. */
    private final OffsetSet stored = new OffsetSet();

    private final StoredChunks appended = new StoredChunks(APPENDED);
    private final StoredChunks delays = new StoredChunks(DELAYS);
    private final StoredChunks ids = new StoredChunks(IDS);

    Checkpoint(ViewState state, Marks marks) {
        this.state = state;
        this.marks = marks;
    }

    void write(QueueView.PieceVisitor visitor) {
        Bytes out = new Bytes(256);
        OffsetSet changed = state.changedBlocks();
        for (long block = changed.first(); block >= 0; block = changed.next(block + 1)) {
            out.clear();
            writeBlock(block, out);
            if (out.size() > 0) {
                stored.add(block);
                visitor.piece(key(BLOCK, block), out.view());
            } else if (stored.remove(block)) {
                visitor.piece(key(BLOCK, block), out.view());
            }
        }
        state.unchanged();
        state.appended.close();
        state.delays.close();
        appended.show(state.appended.firstSequence(), state.appended::write, visitor);
        delays.show(state.delays.firstSequence(), state.delays::write, visitor);
        ids.show(state.dedup.firstNumber(), state.dedup::write, visitor);
        out.clear();
        writeHead(out);
        visitor.piece(key(HEAD, 0), out.view());
    }

    void restore(int key, ByteBuffer piece) {
        ByteBuffer in = piece.duplicate();
        int version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("a piece of a view of version " + version + ", known is " + VERSION);
        }
        switch (key >>> KIND_SHIFT) {
            case HEAD -> readHead(in);
            case BLOCK -> readBlock(in);
            case APPENDED -> appended.restored(state.appended.read(in));
            case DELAYS -> delays.restored(state.delays.read(in));
            case IDS -> ids.restored(state.dedup.read(in));
            default -> throw new IllegalArgumentException("a piece of a view of unknown kind, key " + key);
        }
    }

    static int key(int kind, long number) {
        return kind << KIND_SHIFT | (int) (number & (1 << KIND_SHIFT) - 1);
    }

    private void writeHead(Bytes out) {
        out.put(VERSION);
        out.putVar(state.start);
        out.putVar(state.cursor);
        out.putVar(state.indexedTo);
        out.putVar(state.generation);
        out.putVar(state.visible);
        out.putVar(state.ttlEnd);
        out.putVar(state.agedTo);
        out.putVar(state.suspectedTo);
        out.putVar(state.purges);
        out.putVar(state.bytes.mean());
        // also those that are on their way: their entries may lie before those that will be replayed
        int count = marks.asked(Marks.DUE) > 0 ? 1 : 0;
        for (int lane = 0; lane < marks.lanes(); lane++) {
            count += marks.asked(lane) > 0 ? 1 : 0;
        }
        out.putVar(count);
        for (int lane = 0; lane <= marks.lanes(); lane++) {
            int shown = lane == marks.lanes() ? Marks.DUE : lane;
            if (marks.asked(shown) > 0) {
                out.putVar(shown);
                out.putVar(marks.asked(shown));
            }
        }
        state.retained.write(out);
        out.putVar(state.dedup.announcedTo());
    }

    private void readHead(ByteBuffer in) {
        // the log may start later by now: QueueView.logStart then finds the difference
        state.start = Bytes.readVar(in);
        state.cursor = Bytes.readVar(in);
        state.indexedTo = Bytes.readVar(in);
        state.idsTo = state.indexedTo;
        state.generation = (int) Bytes.readVar(in);
        state.visible = Bytes.readVar(in);
        state.ttlEnd = Bytes.readVar(in);
        state.agedTo = Bytes.readVar(in);
        state.suspectedTo = Bytes.readVar(in);
        state.purges = Bytes.readVar(in);
        state.bytes.restoreMean(Bytes.readVar(in));
        for (long left = Bytes.readVar(in); left > 0; left--) {
            int lane = (int) Bytes.readVar(in);
            marks.restore(lane, Bytes.readVar(in));
        }
        state.retained.read(in);
        if (in.hasRemaining()) {
            // heads did not always have it
            state.dedup.forget(Bytes.readVar(in));
        }
    }

    private void writeBlock(long block, Bytes out) {
        out.put(VERSION);
        out.putVar(block);
        int empty = out.size();
        section(PENDING, -1, state.pending.block(block), out);
        section(AHEAD, -1, state.ahead.block(block), out);
        digits(ACQUIRED, state.acquired, block, out);
        digits(FAILED, state.failed, block, out);
        digits(PRIORITY, state.priorities, block, out);
        for (DeadReason reason : DeadReason.values()) {
            section(DEAD, reason.ordinal(), state.dead.of(reason).block(block), out);
        }
        if (state.options.journaled()) {
            writeInFlight(block, out);
        }
        state.hidden.write(HIDDEN, block, out);
        state.due.write(DUE, block, out);
        if (state.expiring.hasBlock(block)) {
            state.expiring.retain(block, state::isUnsettled);
        }
        if (state.expiring.hasBlock(block)) {
            out.put(EXPIRING);
            state.expiring.write(block, out);
        }
        section(OVERDUE, -1, state.overdue.block(block), out);
        section(EXEMPT, -1, state.exempt.block(block), out);
        writeGroups(block, out);
        if (state.options.journaled()) {
            writeHanded(block, out);
        }
        if (out.size() == empty) {
            out.clear();
        }
    }

    private static void digits(int code, Counts counts, long block, Bytes out) {
        for (int i = 0; i < counts.digits(); i++) {
            section(code, i, counts.digit(i).block(block), out);
        }
    }

    private static void section(int code, int detail, @Nullable Container content, Bytes out) {
        if (content != null) {
            out.put(code);
            if (detail >= 0) {
                out.put(detail);
            }
            content.write(out);
        }
    }

    private void writeInFlight(long block, Bytes out) {
        if (state.inFlight.size() > 0) {
            messages(IN_FLIGHT, block, offset -> state.inFlight.find(offset) >= 0, out, offset -> {
                int slot = state.inFlight.find(offset);
                out.putVar(state.inFlight.generation(slot));
                out.putVar(state.inFlight.holder(slot));
                out.putVar(state.inFlight.deadlineMs(slot));
            });
        }
    }

    /** A section about some messages of a block: how many, and for each where it lies and what {@code detail} writes of it. Nothing for none. */
    private void messages(int code, long block, LongPredicate wanted, Bytes out, LongConsumer detail) {
        long first = block << Container.BITS;
        long end = first + Container.SIZE;
        int count = 0;
        for (long offset = state.pending.next(first); offset >= 0 && offset < end; ) {
            count += wanted.test(offset) ? 1 : 0;
            offset = state.pending.next(offset + 1);
        }
        if (count == 0) {
            return;
        }
        out.put(code);
        out.putVar(count);
        for (long offset = state.pending.next(first); offset >= 0 && offset < end; ) {
            if (wanted.test(offset)) {
                out.putVar(offset - first);
                detail.accept(offset);
            }
            offset = state.pending.next(offset + 1);
        }
    }

    private void readBlock(ByteBuffer in) {
        long block = Bytes.readVar(in);
        stored.add(block);
        long[] inFlight = {};
        while (in.hasRemaining()) {
            int code = in.get();
            switch (code) {
                case PENDING -> state.pending.putBlock(block, Container.read(in));
                case AHEAD -> state.ahead.putBlock(block, Container.read(in));
                case ACQUIRED -> state.acquired.digit(in.get()).putBlock(block, Container.read(in));
                case FAILED -> state.failed.digit(in.get()).putBlock(block, Container.read(in));
                case PRIORITY -> state.priorities.digit(in.get()).putBlock(block, Container.read(in));
                case DEAD -> state.dead.of(DeadReason.values()[in.get()]).putBlock(block, Container.read(in));
                case IN_FLIGHT -> inFlight = readInFlight(in);
                case HIDDEN, DUE -> state.hidden.read(block, in);
                case EXPIRING -> state.expiring.read(block, in);
                case OVERDUE -> state.overdue.putBlock(block, Container.read(in));
                case EXEMPT -> state.exempt.putBlock(block, Container.read(in));
                case GROUPS -> readGroups(block << Container.BITS, in);
                case HANDED -> readHanded(block << Container.BITS, in);
                default -> throw new IllegalArgumentException("a piece of a view with the unknown section " + code);
            }
        }
        for (int i = 0; i < inFlight.length; i += 4) {
            long offset = (block << Container.BITS) + inFlight[i];
            int given = (int) inFlight[i + 1];
            state.fly(offset, given, state.priorities.of(offset), (int) inFlight[i + 2], inFlight[i + 3]);
        }
        state.makeBlockReady(block);
    }

    /** Four numbers per message. */
    private static long[] readInFlight(ByteBuffer in) {
        long[] read = new long[(int) Bytes.readVar(in) * 4];
        for (int i = 0; i < read.length; i++) {
            read[i] = Bytes.readVar(in);
        }
        return read;
    }

    private void writeGroups(long block, Bytes out) {
        if (!state.groups.isEmpty()) {
            messages(GROUPS, block, state.groups::contains, out, offset -> out.putLong(state.groups.hash(offset)));
        }
    }

    private void readGroups(long first, ByteBuffer in) {
        for (long left = Bytes.readVar(in); left > 0; left--) {
            long offset = first + Bytes.readVar(in);
            state.groups.join(offset, in.getLong());
        }
    }

    private void writeHanded(long block, Bytes out) {
        if (state.handed.size() > 0) {
            messages(HANDED, block, state.handed::contains, out, offset -> {
                out.putVar(state.handed.generation(offset));
                out.putVar(state.handed.firstMs(offset));
            });
        }
    }

    private void readHanded(long first, ByteBuffer in) {
        for (long left = Bytes.readVar(in); left > 0; left--) {
            long offset = first + Bytes.readVar(in);
            int generation = (int) Bytes.readVar(in);
            state.handed.note(offset, generation, Bytes.readVar(in));
        }
    }

    /** Pieces of something that grows at its end and goes at its front, by growing numbers. */
    private static final class StoredChunks {
        private final int kind;
        /** Chunks before it were shown whole. */
        private long next;
        /** The first one that is stored. */
        private long first = -1;

        StoredChunks(int kind) {
            this.kind = kind;
        }

        /** @param begin number of the first chunk that there is, or will be; -1 where there is none */
        void show(long begin, Source source, QueueView.PieceVisitor visitor) {
            ByteBuffer nothing = ByteBuffer.allocate(0);
            for (long gone = first; gone >= 0 && gone < Math.min(next, begin < 0 ? next : begin); gone++) {
                visitor.piece(key(kind, gone), nothing.duplicate());
                first = gone + 1;
            }
            if (begin < 0) {
                return;
            }
            long[] shown = {-1};
            source.write(Math.max(0, next - 1), (sequence, bytes) -> {
                shown[0] = sequence;
                visitor.piece(key(kind, sequence), versioned(bytes));
                first = first < 0 ? sequence : first;
            });
            next = shown[0] < 0 ? next : Math.max(next, shown[0] + 1);
            first = first >= next ? -1 : first;
        }

        void restored(long sequence) {
            first = first < 0 ? sequence : Math.min(first, sequence);
            next = Math.max(next, sequence + 1);
        }

        private static ByteBuffer versioned(Bytes content) {
            return ByteBuffer.allocate(content.size() + 1)
                    .put((byte) VERSION)
                    .put(content.view())
                    .flip();
        }
    }

    /** Shows chunks from a number on. */
    @FunctionalInterface
    private interface Source {
        void write(long from, OffsetLine.ChunkVisitor visitor);
    }
}
