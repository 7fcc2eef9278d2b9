package dev.pabal.message;

import dev.pabal.message.AmqpProperties.Property;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AMQP properties of a record that no AMQP client published: its headers become the headers table, or the property of their name; its time
 * the timestamp. One object serves many records, in memory that grows to the largest.
 */
final class ForeignProperties {
    private static final Property[] ALL = Property.values();
    private static final int FIRST_CAPACITY = 512;
    private static final int PERSISTENT = 2;
    private static final long MS_PER_SECOND = 1000;
    /** Bytes that a header may take in the table beyond those in the record: type and four bytes of length. */
    private static final int ENTRY_OVERHEAD = 8;

    private ByteBuffer out = ByteBuffer.allocate(FIRST_CAPACITY);
    /** Where the value of the header lies that becomes the property of that ordinal; -1 = none. */
    private final int[] valueAt = new int[ALL.length];

    private final int[] valueLength = new int[ALL.length];

    /** @return the property list from 0 to its limit, valid until the next call */
    ByteBuffer write(ByteBuffer in, int headersAt, int headerCount, long timestampMs) {
        int end = scan(in, headersAt, headerCount);
        int bound = end - headersAt + headerCount * ENTRY_OVERHEAD + 64;
        if (out.capacity() < bound) {
            out = ByteBuffer.allocate(Math.max(bound, out.capacity() * 2));
        }
        out.clear().position(2);
        int flags = 0;
        for (Property property : ALL) {
            if (put(property, in, headersAt, headerCount, timestampMs)) {
                flags |= property.flag();
            }
        }
        out.putShort(0, (short) flags);
        return out.flip();
    }

    /** Remembers which headers are properties; returns where the headers end. */
    private int scan(ByteBuffer in, int headersAt, int headerCount) {
        Arrays.fill(valueAt, -1);
        int next = headersAt;
        for (int i = 0; i < headerCount; i++) {
            int nameLength = AmqpRecord.length(in, next);
            int nameAt = next + Varints.length(in, next);
            next = nameAt + nameLength;
            int length = AmqpRecord.length(in, next);
            int at = next + Varints.length(in, next);
            next = at + Math.max(0, length);
            Property property = named(in, nameAt, nameLength);
            if (property != null && length >= 0 && length <= AmqpRecord.MAX_SHORT) {
                valueAt[property.ordinal()] = at;
                valueLength[property.ordinal()] = length;
            }
        }
        if (next > in.limit()) {
            throw new IllegalArgumentException("not a record: its headers are longer than it");
        }
        return next;
    }

    private static @Nullable Property named(ByteBuffer in, int at, int length) {
        for (Property property : ALL) {
            if (AmqpRecord.isShown(property) && same(in, at, length, property.wordBytes())) {
                return property;
            }
        }
        return null;
    }

    private static boolean same(ByteBuffer in, int at, int length, byte[] word) {
        if (length != word.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.get(at + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean put(Property property, ByteBuffer in, int headersAt, int headerCount, long timestampMs) {
        switch (property) {
            case HEADERS -> {
                return putTable(in, headersAt, headerCount);
            }
            case DELIVERY_MODE -> {
                out.put((byte) PERSISTENT);
                return true;
            }
            case TIMESTAMP -> {
                if (timestampMs < 0) {
                    return false;
                }
                out.putLong(timestampMs / MS_PER_SECOND);
                return true;
            }
            default -> {
                int at = valueAt[property.ordinal()];
                if (at < 0) {
                    return false;
                }
                int length = valueLength[property.ordinal()];
                out.put((byte) length);
                copy(in, at, length);
                return true;
            }
        }
    }

    private boolean putTable(ByteBuffer in, int headersAt, int headerCount) {
        int tableAt = out.position();
        out.putInt(0);
        int next = headersAt;
        for (int i = 0; i < headerCount; i++) {
            int nameLength = AmqpRecord.length(in, next);
            int nameAt = next + Varints.length(in, next);
            next = nameAt + nameLength;
            int length = AmqpRecord.length(in, next);
            int at = next + Varints.length(in, next);
            next = at + Math.max(0, length);
            Property property = named(in, nameAt, nameLength);
            boolean elsewhere = property != null && valueAt[property.ordinal()] == at;
            if (!elsewhere && nameLength <= AmqpRecord.MAX_SHORT) {
                out.put((byte) nameLength);
                copy(in, nameAt, nameLength);
                putValue(in, at, length);
            }
        }
        if (out.position() == tableAt + 4) {
            out.position(tableAt);
            return false;
        }
        out.putInt(tableAt, out.position() - tableAt - 4);
        return true;
    }

    private void putValue(ByteBuffer in, int at, int length) {
        if (length < 0) {
            out.put((byte) 'V');
        } else {
            out.put((byte) 'S').putInt(length);
            copy(in, at, length);
        }
    }

    private void copy(ByteBuffer in, int at, int length) {
        out.put(out.position(), in, at, length);
        out.position(out.position() + length);
    }
}
