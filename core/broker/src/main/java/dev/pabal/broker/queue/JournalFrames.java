package dev.pabal.broker.queue;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What one append to a shard's view journal holds: entries of many views, one after another. Views go by short numbers, which are announced
 * before their first use; after a checkpoint's marker all are announced anew, so that a replay may begin there.
 *
 * <pre>
 *   entry      | number vu (from 1) | length vu | entry ...             |    vu: unsigned varint
 *   announce   | 0 | 1 | number vu | queue id (16)                      |
 *   stopped    | 0 | 2 | epoch of the log (4)                           |    the shard stopped in order; nothing follows
 *   again      | 0 | 3 | number vu | queue id (16)                      |    as announce; all of the queue's entries follow once more,
 *   whole      | 0 | 4 | number vu |                                    |    until this: without it those before count, not these
 * </pre>
 */
final class JournalFrames {
    private static final int CONTROL = 0;
    private static final byte ANNOUNCE = 1;
    private static final byte STOPPED = 2;
    private static final byte AGAIN = 3;
    private static final byte WHOLE = 4;
    private static final int MAX_VARINT_BYTES = 5;
    private static final int FIRST_BYTES = 4 << 10;

    private ByteBuffer frames = ByteBuffer.allocate(FIRST_BYTES);

    void entry(int number, ByteBuffer entry) {
        room(2 * MAX_VARINT_BYTES + entry.remaining());
        putVarint(number);
        putVarint(entry.remaining());
        frames.put(entry.duplicate());
    }

    void announce(int number, UUID queue) {
        announce(ANNOUNCE, number, queue);
    }

    /** As {@link #announce}, for a queue whose entries all follow: once {@link #whole} does, those before do not count. */
    void again(int number, UUID queue) {
        announce(AGAIN, number, queue);
    }

    private void announce(byte kind, int number, UUID queue) {
        room(2 + MAX_VARINT_BYTES + 16);
        frames.put((byte) CONTROL).put(kind);
        putVarint(number);
        frames.putLong(queue.getMostSignificantBits()).putLong(queue.getLeastSignificantBits());
    }

    /** What {@link #again} began is complete. */
    void whole(int number) {
        room(2 + MAX_VARINT_BYTES);
        frames.put((byte) CONTROL).put(WHOLE);
        putVarint(number);
    }

    void stopped(int epoch) {
        room(6);
        frames.put((byte) CONTROL).put(STOPPED).putInt(epoch);
    }

    boolean isEmpty() {
        return frames.position() == 0;
    }

    int sizeInBytes() {
        return frames.position();
    }

    /** All frames since the last call, as bytes. */
    byte[] take() {
        byte[] taken = new byte[frames.position()];
        frames.flip().get(taken);
        frames.clear();
        return taken;
    }

    void clear() {
        frames.clear();
    }

    private void room(int bytes) {
        if (frames.remaining() < bytes) {
            int size = Math.max(frames.capacity() * 2, frames.position() + bytes);
            frames = ByteBuffer.allocate(size).put(frames.flip());
        }
    }

    private void putVarint(int value) {
        int v = value;
        while ((v & ~0x7f) != 0) {
            frames.put((byte) (v & 0x7f | 0x80));
            v >>>= 7;
        }
        frames.put((byte) v);
    }

    /** Reads frames back in order. Announcements last from one {@link #read} to the next. */
    static final class Reader {
        private final Map<Integer, UUID> names = new HashMap<>();
        private int stoppedEpoch = -1;

        /** Sees the entries of views. */
        interface Visitor {
            /** @param entry points into what is read */
            void entry(UUID queue, ByteBuffer entry);

            /** All entries of the queue come once more: those that were shown do not count once {@link #whole} is called. */
            void again(UUID queue);

            /** All entries of the queue were shown since {@link #again}. */
            void whole(UUID queue);

            /** What follows goes on from what was shown before: a repetition that did not become whole does not count. */
            void goesOn(UUID queue);
        }

        /** @throws IllegalArgumentException where the bytes are no frames */
        void read(ByteBuffer in, Visitor visitor) {
            try {
                while (in.hasRemaining()) {
                    stoppedEpoch = -1;
                    int number = varint(in);
                    if (number == CONTROL) {
                        control(in, visitor);
                    } else {
                        entry(in, named(number), visitor);
                    }
                }
            } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("entries of a view journal end too soon", e);
            }
        }

        private UUID named(int number) {
            UUID queue = names.get(number);
            if (queue == null) {
                throw new IllegalArgumentException("an entry of a view that was not announced");
            }
            return queue;
        }

        private static void entry(ByteBuffer in, UUID queue, Visitor visitor) {
            int length = varint(in);
            visitor.entry(queue, in.slice(in.position(), length));
            in.position(in.position() + length);
        }

        private void control(ByteBuffer in, Visitor visitor) {
            byte kind = in.get();
            if (kind == ANNOUNCE || kind == AGAIN) {
                int number = varint(in);
                UUID queue = new UUID(in.getLong(), in.getLong());
                names.put(number, queue);
                if (kind == AGAIN) {
                    visitor.again(queue);
                } else {
                    visitor.goesOn(queue);
                }
            } else if (kind == WHOLE) {
                visitor.whole(named(varint(in)));
            } else if (kind == STOPPED) {
                stoppedEpoch = in.getInt();
            } else {
                throw new IllegalArgumentException("a frame of unknown kind " + kind + " in a view journal");
            }
        }

        /** The log's epoch when the shard stopped in order, where nothing came after that; otherwise -1. */
        int stoppedEpoch() {
            return stoppedEpoch;
        }

        private static int varint(ByteBuffer in) {
            int value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                byte b = in.get();
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a varint of more than five bytes");
        }
    }
}
