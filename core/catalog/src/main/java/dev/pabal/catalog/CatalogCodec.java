package dev.pabal.catalog;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Changes as bytes, one change in each record of the catalog's log.
 *
 * <pre>
 *   +---------+------+----------------+      number: unsigned varint of up to 10 bytes
 *   | version | kind | fields ...     |      signed: the same, zigzag
 *   |    1    | byte |                |      text:   number of bytes, then UTF-8;  texts: number, then each
 *   +---------+------+----------------+      id:     16 bytes;  flag: byte 0 or 1;  choice: byte, place in the enum
 *                                            map:    number of entries, then key and value as text, sorted by key
 *                                            args:   number of entries, then name as text and value each, in their order
 *   kind 1 store created        text clusterId, number nodeId, number shardCount
 *        2 topic created        id, text name, number partitions, number firstShard, flag internal, map configs
 *        3 topic deleted        id
 *        4 partitions added     id, number partitions
 *        5 topic configs set    id, map configs
 *        6 broker configs set   text name, map configs
 *        7 group configs set    text group, map configs
 *        8 producer ids         number next
 *        9 virtual host set     text name, text description, texts tags
 *       10 virtual host deleted text name
 *       11 exchange created     id, text vhost, text name, text type, flag durable, flag autoDelete, flag internal, args
 *       12 exchange deleted     text vhost, text name
 *       13 queue created        id, text vhost, text name, flag hasTopic, [text topic], choice type, choice view, flag durable,
 *                               flag autoDelete, args, number shard
 *       14 queue deleted        id
 *       15 binding created      text vhost, text source, choice kind, text destination, text routingKey, args
 *       16 binding deleted      as 15
 *       17 policy set           text vhost, text name, text pattern, text applyTo, args definition, signed priority, flag operator
 *       18 policy deleted       text vhost, text name, flag operator
 *       19 user set             text name, text passwordHash, text hashing, texts tags
 *       20 user deleted         text name
 *       21 permission set       text user, text vhost, text configure, text write, text read
 *       22 permission deleted   text user, text vhost
 *       23 topic permission set text user, text vhost, text exchange, text write, text read
 *       24 topic perm. deleted  text user, text vhost, text exchange
 *       25 parameter set        text component, text vhost, text name, args value
 *       26 parameter deleted    text component, text vhost, text name
 *       27 queue arguments set  id, args
 *       28 virtual host set     as 9, then choice defaultQueueType; 9 where that is classic
 *
 *   value of an argument: one byte of type as AMQP's field tables have it, then
 *        V nothing      t flag      b s I l signed (byte, short, int, long)      f d number (raw bits of float, double)
 *        S text         x bytes: number, then these      D signed scale, then the unscaled number as x      T signed seconds
 *        A number of elements, then each as value        F args
 * </pre>
 *
 * A reader takes only the versions and kinds that it knows: anything else was written by a newer program. What is not
 * {@linkplain CatalogChange#stored() stored} is never written.
 */
public final class CatalogCodec {
    private static final byte VERSION = 1;

    private CatalogCodec() {}

    /**
     * The change as one record's value.
     *
     * @throws IllegalArgumentException where the arguments in it are none that {@link Arguments} allows
     */
    public static byte[] encode(CatalogChange change) {
        ChangeOut out = new ChangeOut();
        out.kind(VERSION);
        if (!(writeTopics(change, out) || TopologyCodec.write(change, out) || AccountCodec.write(change, out))) {
            throw new IllegalStateException("unknown change: " + change);
        }
        return out.toByteArray();
    }

    private static boolean writeTopics(CatalogChange change, ChangeOut out) {
        if (change instanceof CatalogChange.StoreCreated c) {
            out.kind(1)
                    .text(c.identity().clusterId())
                    .number(c.identity().nodeId())
                    .number(c.identity().shardCount());
        } else if (change instanceof CatalogChange.TopicCreated c) {
            Topic t = c.topic();
            out.kind(2).id(t.id()).text(t.name()).number(t.partitions()).number(t.firstShard());
            out.flag(t.internal()).map(t.configs());
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
            return false;
        }
        return true;
    }

    /**
     * The change that {@link #encode} wrote, from the buffer's position to its limit.
     *
     * @throws IllegalArgumentException where the bytes are of a newer version or no change at all
     */
    public static CatalogChange decode(ByteBuffer buffer) {
        ChangeIn in = new ChangeIn(buffer);
        try {
            byte version = in.kind();
            if (version != VERSION) {
                throw new IllegalArgumentException("the catalog holds a record of version " + version
                        + "; this program knows " + VERSION + ": start the newer program that wrote it");
            }
            CatalogChange change = read(in.kind(), in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a record of the catalog is longer than its content: " + change);
            }
            return change;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a record of the catalog is cut short", e);
        }
    }

    private static CatalogChange read(byte kind, ChangeIn in) {
        return switch (kind) {
            case 1 -> new CatalogChange.StoreCreated(new StoreIdentity(in.text(), in.intNumber(), in.intNumber()));
            case 2 -> new CatalogChange.TopicCreated(topic(in));
            case 3 -> new CatalogChange.TopicDeleted(in.id());
            case 4 -> new CatalogChange.PartitionsAdded(in.id(), in.intNumber());
            case 5 -> new CatalogChange.TopicConfigsSet(in.id(), in.map());
            case 6 -> new CatalogChange.BrokerConfigsSet(in.text(), in.map());
            case 7 -> new CatalogChange.GroupConfigsSet(in.text(), in.map());
            case 8 -> new CatalogChange.ProducerIdsReserved(in.number());
            default -> readNewer(kind, in);
        };
    }

    private static CatalogChange readNewer(byte kind, ChangeIn in) {
        CatalogChange topology = TopologyCodec.read(kind, in);
        CatalogChange change = topology != null ? topology : AccountCodec.read(kind, in);
        if (change == null) {
            throw new IllegalArgumentException("the catalog holds a record of kind " + kind
                    + ", which this program does not know: start the newer one");
        }
        return change;
    }

    private static Topic topic(ChangeIn in) {
        UUID id = in.id();
        String name = in.text();
        int partitions = in.intNumber();
        int firstShard = in.intNumber();
        boolean internal = in.flag();
        return new Topic(id, name, partitions, firstShard, in.map(), internal);
    }
}
