package dev.pabal.queue;

import java.nio.ByteBuffer;

/**
 * A view's state as pieces: the head, and one per block of 65,536 offsets that holds anything. Only those that changed are shown, the head last:
 * blocks that are newer than the head do no harm, the replay brings it up to them.
 *
 * <pre>
 *   key       4 bits kind | 28 bits lowest bits of the block's number
 *   kind 0    head: version (1 byte, 1) | start v | cursor v | indexed to v | generation v | number of marks v | per mark: lane v, value v
 *   kind 1    block: version (1 byte, 1) | number of the block v | section | section | ...
 *   section   code (1 byte) | content
 *      1 pending, 2 ahead      {@link Container}
 *      3 acquired, 4 failed, 5 priority    digit (1 byte) | {@link Container}
 *      6 dead                  reason (1 byte) | {@link Container}
 *      7 in flight             number v | per message: offset in the block v, generation v, holder v, deadline v
 * </pre>
 */
final class Checkpoint {
    private static final int VERSION = 1;
    private static final int HEAD = 0;
    private static final int BLOCK = 1;
    private static final int KIND_SHIFT = 28;

    private static final int PENDING = 1;
    private static final int AHEAD = 2;
    private static final int ACQUIRED = 3;
    private static final int FAILED = 4;
    private static final int PRIORITY = 5;
    private static final int DEAD = 6;
    private static final int IN_FLIGHT = 7;

    private final ViewState state;
    private final Marks marks;
    /** Blocks of which the last checkpoint shows something. */
    private final OffsetSet stored = new OffsetSet();

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
            default -> throw new IllegalArgumentException("a piece of a view of unknown kind, key " + key);
        }
    }

    private static int key(int kind, long number) {
        return kind << KIND_SHIFT | (int) (number & (1 << KIND_SHIFT) - 1);
    }

    private void writeHead(Bytes out) {
        out.put(VERSION);
        out.putVar(state.start);
        out.putVar(state.cursor);
        out.putVar(state.indexedTo);
        out.putVar(state.generation);
        int count = marks.durable(Marks.DUE) > 0 ? 1 : 0;
        for (int lane = 0; lane < marks.lanes(); lane++) {
            count += marks.durable(lane) > 0 ? 1 : 0;
        }
        out.putVar(count);
        for (int lane = 0; lane <= marks.lanes(); lane++) {
            int shown = lane == marks.lanes() ? Marks.DUE : lane;
            if (marks.durable(shown) > 0) {
                out.putVar(shown);
                out.putVar(marks.durable(shown));
            }
        }
    }

    private void readHead(ByteBuffer in) {
        state.start = Math.max(state.start, Bytes.readVar(in));
        state.cursor = Bytes.readVar(in);
        state.indexedTo = Bytes.readVar(in);
        state.generation = (int) Bytes.readVar(in);
        for (long left = Bytes.readVar(in); left > 0; left--) {
            int lane = (int) Bytes.readVar(in);
            marks.restore(lane, Bytes.readVar(in));
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
        if (out.size() == empty) {
            out.clear();
        }
    }

    private static void digits(int code, Counts counts, long block, Bytes out) {
        for (int i = 0; i < counts.digits(); i++) {
            section(code, i, counts.digit(i).block(block), out);
        }
    }

    private static void section(int code, int detail, @org.jspecify.annotations.Nullable Container content, Bytes out) {
        if (content != null) {
            out.put(code);
            if (detail >= 0) {
                out.put(detail);
            }
            content.write(out);
        }
    }

    private void writeInFlight(long block, Bytes out) {
        long first = block << Container.BITS;
        long end = first + Container.SIZE;
        int count = 0;
        for (long offset = state.pending.next(first); offset >= 0 && offset < end; ) {
            count += state.inFlight.find(offset) >= 0 ? 1 : 0;
            offset = state.pending.next(offset + 1);
        }
        if (count == 0) {
            return;
        }
        out.put(IN_FLIGHT);
        out.putVar(count);
        for (long offset = state.pending.next(first); offset >= 0 && offset < end; ) {
            int slot = state.inFlight.find(offset);
            if (slot >= 0) {
                out.putVar(offset - first);
                out.putVar(state.inFlight.generation(slot));
                out.putVar(state.inFlight.holder(slot));
                out.putVar(state.inFlight.deadlineMs(slot));
            }
            offset = state.pending.next(offset + 1);
        }
    }

    private void readBlock(ByteBuffer in) {
        long block = Bytes.readVar(in);
        stored.add(block);
        while (in.hasRemaining()) {
            int code = in.get();
            switch (code) {
                case PENDING -> state.pending.putBlock(block, Container.read(in));
                case AHEAD -> state.ahead.putBlock(block, Container.read(in));
                case ACQUIRED -> state.acquired.digit(in.get()).putBlock(block, Container.read(in));
                case FAILED -> state.failed.digit(in.get()).putBlock(block, Container.read(in));
                case PRIORITY -> state.priorities.digit(in.get()).putBlock(block, Container.read(in));
                case DEAD -> state.dead.of(DeadReason.values()[in.get()]).putBlock(block, Container.read(in));
                case IN_FLIGHT -> readInFlight(block << Container.BITS, in);
                default -> throw new IllegalArgumentException("a piece of a view with the unknown section " + code);
            }
        }
        state.makeReady(block);
    }

    private void readInFlight(long first, ByteBuffer in) {
        for (long left = Bytes.readVar(in); left > 0; left--) {
            long offset = first + Bytes.readVar(in);
            int given = (int) Bytes.readVar(in);
            int holder = (int) Bytes.readVar(in);
            state.inFlight.add(offset, given, holder, Bytes.readVar(in), state.priorities.of(offset));
        }
    }
}
