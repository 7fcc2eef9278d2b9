package dev.pabal.catalog;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Changes as bytes, one change in each record of the catalog's log.
 *
 * <pre>
 *   +---------+------+----------------+      number: unsigned varint of up to 10 bytes
 *   | version | kind | fields ...     |      text:   number of bytes, then UTF-8
 *   |    1    | byte |                |      id:     16 bytes
 *   +---------+------+----------------+      map:    number of entries, then key and value as text, sorted by key
 *
 *   kind 1 store created        text clusterId, number nodeId, number shardCount
 *        2 topic created        id, text name, number partitions, number firstShard, byte internal, map configs
 *        3 topic deleted        id
 *        4 partitions added     id, number partitions
 *        5 topic configs set    id, map configs
 *        6 broker configs set   text name, map configs
 *        7 group configs set    text group, map configs
 *        8 producer ids         number next
 * </pre>
 *
 * A reader takes only the versions and kinds that it knows: anything else was written by a newer program.
 */
public final class CatalogCodec {
    private static final byte VERSION = 1;

    private CatalogCodec() {}

    /** The change as one record's value. */
    public static byte[] encode(CatalogChange change) {
        Out out = new Out();
        out.write(VERSION);
        if (change instanceof CatalogChange.StoreCreated c) {
            out.kind(1)
                    .text(c.identity().clusterId())
                    .number(c.identity().nodeId())
                    .number(c.identity().shardCount());
        } else if (change instanceof CatalogChange.TopicCreated c) {
            Topic t = c.topic();
            out.kind(2).id(t.id()).text(t.name()).number(t.partitions()).number(t.firstShard());
            out.kind(t.internal() ? 1 : 0).map(t.configs());
        } else if (change instanceof CatalogChange.TopicDeleted c) {
            out.kind(3).id(c.topicId());
        } else if (change instanceof CatalogChange.PartitionsAdded c) {
            out.kind(4).id(c.topicId()).number(c.partitions());
        } else if (change instanceof CatalogChange.TopicConfigsSet c) {
            out.kind(5).id(c.topicId()).map(c.configs());
        } else if (change instanceof CatalogChange.BrokerConfigsSet c) {
            out.kind(6).text(c.name()).map(c.configs());
        } else if (change instanceof CatalogChange.GroupConfigsSet c) {
            out.kind(7).text(c.group()).map(c.configs());
        } else if (change instanceof CatalogChange.ProducerIdsReserved c) {
            out.kind(8).number(c.next());
        } else {
            throw new IllegalStateException("unknown change: " + change);
        }
        return out.toByteArray();
    }

    /**
     * The change that {@link #encode} wrote, from the buffer's position to its limit.
     *
     * @throws IllegalArgumentException where the bytes are of a newer version or no change at all
     */
    public static CatalogChange decode(ByteBuffer in) {
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("the catalog holds a record of version " + version
                        + "; this program knows " + VERSION + ": start the newer program that wrote it");
            }
            CatalogChange change = decode(in.get(), in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a record of the catalog is longer than its content: " + change);
            }
            return change;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a record of the catalog is cut short", e);
        }
    }

    private static CatalogChange decode(byte kind, ByteBuffer in) {
        return switch (kind) {
            case 1 -> new CatalogChange.StoreCreated(new StoreIdentity(text(in), intNumber(in), intNumber(in)));
            case 2 -> new CatalogChange.TopicCreated(topic(in));
            case 3 -> new CatalogChange.TopicDeleted(id(in));
            case 4 -> new CatalogChange.PartitionsAdded(id(in), intNumber(in));
            case 5 -> new CatalogChange.TopicConfigsSet(id(in), map(in));
            case 6 -> new CatalogChange.BrokerConfigsSet(text(in), map(in));
            case 7 -> new CatalogChange.GroupConfigsSet(text(in), map(in));
            case 8 -> new CatalogChange.ProducerIdsReserved(number(in));
            default ->
                throw new IllegalArgumentException("the catalog holds a record of kind " + kind
                        + ", which this program does not know: start the newer one");
        };
    }

    private static Topic topic(ByteBuffer in) {
        UUID id = id(in);
        String name = text(in);
        int partitions = intNumber(in);
        int firstShard = intNumber(in);
        boolean internal = in.get() != 0;
        return new Topic(id, name, partitions, firstShard, map(in), internal);
    }

    private static UUID id(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes in the catalog");
    }

    private static int intNumber(ByteBuffer in) {
        long value = number(in);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a number out of range in the catalog: " + value);
        }
        return (int) value;
    }

    private static String text(ByteBuffer in) {
        int size = intNumber(in);
        if (size > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> map(ByteBuffer in) {
        int count = intNumber(in);
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = text(in);
            map.put(key, text(in));
        }
        return map;
    }

    /** Bytes being written. */
    private static final class Out extends ByteArrayOutputStream {
        Out kind(int value) {
            write(value);
            return this;
        }

        Out number(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
            return this;
        }

        Out text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            writeBytes(bytes);
            return this;
        }

        Out id(UUID id) {
            writeBytes(ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array());
            return this;
        }

        Out map(Map<String, String> map) {
            number(map.size());
            new TreeMap<>(map).forEach((key, value) -> text(key).text(value));
            return this;
        }
    }
}
