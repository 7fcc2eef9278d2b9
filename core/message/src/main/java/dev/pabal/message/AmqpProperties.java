package dev.pabal.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the basic properties of a message lie in their raw bytes; found in one pass, nothing is copied or allocated. One object serves many
 * messages; for one thread.
 *
 * <pre>
 *   | flags (2): bit 15 = content-type ... bit 2 = cluster-id | the values of those present, in this order |
 *   shortstr: length (1), bytes    headers: field table    delivery-mode, priority: 1    timestamp: 8
 * </pre>
 *
 * @see <a href="https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf">AMQP 0-9-1, 4.2.6.1</a>
 */
public final class AmqpProperties {
    /** The fourteen properties, in the order of their flags. */
    public enum Property {
        CONTENT_TYPE,
        CONTENT_ENCODING,
        HEADERS,
        DELIVERY_MODE,
        PRIORITY,
        CORRELATION_ID,
        REPLY_TO,
        EXPIRATION,
        MESSAGE_ID,
        TIMESTAMP,
        TYPE,
        USER_ID,
        APP_ID,
        CLUSTER_ID;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
        private final byte[] wordBytes = word.getBytes(StandardCharsets.US_ASCII);

        /** Its name in the protocol, with hyphens. */
        public String word() {
            return word;
        }

        byte[] wordBytes() {
            return wordBytes;
        }

        int flag() {
            return 1 << (15 - ordinal());
        }
    }

    private static final Property[] ALL = Property.values();
    private static final ByteBuffer NONE = ByteBuffer.allocate(2);

    private final int[] at = new int[ALL.length];
    private final int[] length = new int[ALL.length];
    private ByteBuffer buffer = NONE;
    private int from;
    private int end;
    private int flags;

    /**
     * Looks at the property list that begins with its flags at {@code from}.
     *
     * @param bytes its length with the flags
     * @throws FieldTableException where the list does not fill exactly these bytes
     */
    public AmqpProperties wrap(ByteBuffer in, int from, int bytes) {
        if (bytes < 2) {
            throw new FieldTableException("a property list begins with two bytes of flags");
        }
        this.buffer = in;
        this.from = from;
        this.flags = in.getShort(from) & 0xffff;
        this.end = from + bytes;
        if ((flags & 3) != 0) {
            throw new FieldTableException("flags of properties that nobody knows");
        }
        int next = from + 2;
        if (flags != 0) {
            for (int i = 0; i < ALL.length; i++) {
                next = (flags & (1 << (15 - i))) == 0 ? absent(i, next) : present(i, next);
            }
        }
        if (next != end) {
            throw new FieldTableException("a property list is longer or shorter than announced");
        }
        return this;
    }

    private int absent(int property, int next) {
        at[property] = -1;
        return next;
    }

    private int present(int property, int next) {
        int prefix;
        int size;
        if (property == Property.HEADERS.ordinal()) {
            prefix = 0;
            size = FieldTable.end(buffer, next, end) - next;
        } else if (property == Property.DELIVERY_MODE.ordinal() || property == Property.PRIORITY.ordinal()) {
            prefix = 0;
            size = 1;
        } else if (property == Property.TIMESTAMP.ordinal()) {
            prefix = 0;
            size = 8;
        } else {
            prefix = 1;
            size = next < end ? buffer.get(next) & 0xff : 0;
        }
        if (prefix + size > end - next) {
            throw new FieldTableException("a property list ends in the midst of a value");
        }
        at[property] = next + prefix;
        length[property] = size;
        return next + prefix + size;
    }

    public boolean has(Property property) {
        return (flags & property.flag()) != 0;
    }

    /** The memory that the positions point into. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the value begins, behind the length of a shortstr and at the length field of the headers; -1 where absent. */
    public int at(Property property) {
        return has(property) ? at[property.ordinal()] : -1;
    }

    /** Bytes of the value; 0 where absent. */
    public int length(Property property) {
        return has(property) ? length[property.ordinal()] : 0;
    }

    /** A property of one byte, or {@code otherwise}. */
    public int octet(Property property, int otherwise) {
        return has(property) ? buffer.get(at(property)) & 0xff : otherwise;
    }

    /** Whether the publisher asked for the message to survive a restart. */
    public boolean persistent() {
        return octet(Property.DELIVERY_MODE, 1) == 2;
    }

    /** The timestamp in seconds, or {@code otherwise}. */
    public long timestampSeconds(long otherwise) {
        return has(Property.TIMESTAMP) ? buffer.getLong(at(Property.TIMESTAMP)) : otherwise;
    }

    /** A property of text, null where absent. Allocates. */
    public @Nullable String text(Property property) {
        return has(property) ? FieldTable.text(buffer, at(property), length(property)) : null;
    }

    /** A property as text by its name, such as {@code message-id}, for exchanges that look at it; null where it is absent, or the headers. */
    public @Nullable String textOf(String word) {
        for (Property property : Property.values()) {
            if (property.word().equals(word) && has(property)) {
                return switch (property) {
                    case HEADERS -> null;
                    case TIMESTAMP -> Long.toString(timestampSeconds(0));
                    case DELIVERY_MODE, PRIORITY -> Integer.toString(octet(property, 0));
                    default -> text(property);
                };
            }
        }
        return null;
    }

    /** The headers as a map, empty where absent. Allocates. */
    public Map<String, Object> headers() {
        return has(Property.HEADERS) ? FieldTable.decode(buffer, at(Property.HEADERS), end) : Map.of();
    }

    /** Where the type byte of a header's value lies, -1 where there is no such header. */
    public int headerAt(byte[] name) {
        return has(Property.HEADERS) ? FieldTable.find(buffer, at(Property.HEADERS), end, name) : -1;
    }

    /** The value of a header, null where there is none. Allocates. */
    public @Nullable Object header(byte[] name) {
        int valueAt = headerAt(name);
        return valueAt < 0 ? null : FieldTable.valueAt(buffer, valueAt, end);
    }

    /**
     * The expiration in ms, -1 where absent.
     *
     * @throws FieldTableException where it is no whole number from 0 to 2^32 - 1 in decimal digits
     */
    public long expirationMs() {
        if (!has(Property.EXPIRATION)) {
            return -1;
        }
        int digits = length(Property.EXPIRATION);
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = buffer.get(at(Property.EXPIRATION) + i) - '0';
            if (digit < 0 || digit > 9 || i > 9) {
                throw new FieldTableException(expirationFault());
            }
            value = value * 10 + digit;
        }
        if (digits == 0 || value > 0xffffffffL) {
            throw new FieldTableException(expirationFault());
        }
        return value;
    }

    /** What is wrong with the expiration, in the words of {@code rabbit_basic:parse_expiration}. */
    private String expirationFault() {
        String text = String.valueOf(text(Property.EXPIRATION));
        int from = text.startsWith("-") ? 1 : 0;
        int to = from;
        while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
            to++;
        }
        if (to == from) {
            return "no_integer";
        }
        if (to < text.length()) {
            return "{leftover_string,\"" + text.substring(to) + "\"}";
        }
        return (from == 1 ? "{value_negative," : "{value_too_big,") + text + "}";
    }

    /**
     * The raw property list with some headers replaced, added (at the end) or, where the value is null, removed, and without some properties.
     * What is not named stays byte for byte. Allocates.
     */
    public ByteBuffer edited(Map<String, @Nullable Object> headerChanges, Set<Property> without) {
        byte[] table = editedHeaders(headerChanges);
        ByteBuffer out = ByteBuffer.allocate(end - from + table.length);
        int newFlags = 0;
        out.position(2);
        for (Property property : ALL) {
            if (property == Property.HEADERS) {
                if (table.length > 4 || has(property)) {
                    newFlags |= property.flag();
                    out.put(table);
                }
            } else if (has(property) && !without.contains(property)) {
                newFlags |= property.flag();
                boolean fixed = property == Property.DELIVERY_MODE
                        || property == Property.PRIORITY
                        || property == Property.TIMESTAMP;
                copy(out, at(property) - (fixed ? 0 : 1), length(property) + (fixed ? 0 : 1));
            }
        }
        out.putShort(0, (short) newFlags);
        return out.flip();
    }

    /** The raw property list with another {@code reply-to}, at most 255 bytes; the property must be there. Allocates. */
    public ByteBuffer withReplyTo(String address) {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        int start = at(Property.REPLY_TO) - 1;
        int behind = at(Property.REPLY_TO) + length(Property.REPLY_TO);
        ByteBuffer out = ByteBuffer.allocate(end - from + 1 + bytes.length);
        copy(out, from, start - from);
        out.put((byte) bytes.length).put(bytes);
        copy(out, behind, end - behind);
        return out.flip();
    }

    /** The headers table, length field first, with the changes. */
    private byte[] editedHeaders(Map<String, @Nullable Object> changes) {
        ByteBuffer kept = ByteBuffer.allocate(4 + length(Property.HEADERS));
        kept.position(4);
        if (has(Property.HEADERS)) {
            int next = at(Property.HEADERS) + 4;
            int tableEnd = next - 4 + length(Property.HEADERS);
            while (next < tableEnd) {
                int valueAt = FieldTable.value(buffer, next, tableEnd);
                int after = FieldTable.skip(buffer, valueAt, tableEnd);
                if (!changes.containsKey(FieldTable.text(buffer, next + 1, valueAt - next - 1))) {
                    copy(kept, next, after - next);
                }
                next = after;
            }
        }
        byte[] table = Arrays.copyOf(kept.array(), kept.position());
        for (Map.Entry<String, @Nullable Object> change : changes.entrySet()) {
            Object value = change.getValue();
            if (value != null) {
                byte[] entry = FieldTableWriter.entry(change.getKey(), value);
                table = Arrays.copyOf(table, table.length + entry.length);
                System.arraycopy(entry, 0, table, table.length - entry.length, entry.length);
            }
        }
        ByteBuffer.wrap(table).putInt(0, table.length - 4);
        return table;
    }

    private void copy(ByteBuffer out, int position, int bytes) {
        out.put(out.position(), buffer, position, bytes);
        out.position(out.position() + bytes);
    }
}
