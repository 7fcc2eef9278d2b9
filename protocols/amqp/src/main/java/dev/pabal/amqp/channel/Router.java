package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Frames;
import dev.pabal.amqp.codec.MethodWriter;
import dev.pabal.amqp.codec.method.BasicReturn;
import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.KeyPartition;
import dev.pabal.routing.ExchangeSpec;
import dev.pabal.routing.RouteSink;
import dev.pabal.routing.Routed;
import dev.pabal.routing.RoutingTable;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Finds the queues of a message, adds it to their batches, and gives it back where there are none. On the event loop. */
final class Router implements Routed, RouteSink {
    static final String[] NO_KEYS = {};
    /** Number of a message that nobody is told about: were it refused, the connection would have to end. */
    static final long UNCONFIRMED = 0;
    /** Number of a message whose transaction tells how it went. */
    static final long IN_TRANSACTION = -1;

    private final ServerChannel channel;
    private final Link link;
    private AmqpProperties properties = new AmqpProperties();
    private Route route = new Route(new byte[0], new byte[0]);
    private String key = "";
    private List<String> more = List.of();
    private boolean complete;

    Router(ServerChannel channel) {
        this.channel = channel;
        this.link = channel.link();
    }

    /** @param number the message's number on a channel in confirm mode, or one of the above */
    void publish(
            Route to,
            String[] moreKeys,
            AmqpProperties messageProperties,
            int propertiesLength,
            ByteBuffer body,
            int bodyAt,
            int bodyLength,
            boolean mandatory,
            long expirationMs,
            long number) {
        properties = messageProperties;
        resolve(to, moreKeys);
        if (channel.firehose().on()) {
            channel.firehose().published(to, moreKeys, properties, body, bodyAt, bodyLength);
        }
        Publishes publishes = channel.publishes();
        PublishGroup group = publishes.group();
        Confirms confirms = channel.confirms();
        Confirms.Range range = confirms == null || number <= 0 ? null : group.number(channel, confirms, number);
        ByteBuffer raw = properties.buffer();
        for (int i = 0; i < to.targets.size(); i++) {
            Target target = to.targets.get(i);
            publishes.adding(target);
            index(target, to, expirationMs);
            target.batch().add(to.exchange, to.routingKey, raw, 0, propertiesLength, body, bodyAt, bodyLength);
            if (range != null) {
                target.numbered(range, number);
            } else if (number == UNCONFIRMED) {
                target.unconfirmed();
            }
        }
        if (mandatory && to.targets.isEmpty()) {
            giveBack(to, raw, 0, propertiesLength, body, bodyAt, bodyLength);
        }
        publishes.added(to.targets, propertiesLength + bodyLength);
    }

    private void index(Target target, Route to, long expirationMs) {
        MessageQueue queue = target.queue();
        if (queue == null) {
            return;
        }
        int priority = properties.octet(Property.PRIORITY, 0);
        int effective = priority == 0 ? 0 : queue.settings().level(priority);
        if (effective > 0 || expirationMs >= 0 || to.delayMs > 0) {
            long nowMs = link.broker().clock().wallMs();
            target.index(
                    effective,
                    expirationMs < 0 ? Long.MAX_VALUE : nowMs + to.delayMs + expirationMs,
                    to.delayMs > 0 ? nowMs + to.delayMs : 0);
        }
    }

    /** As {@link #publish} will, refuses what the user may not do and exchanges that are not there. */
    void check(Route to) {
        RoutingTable table = link.broker().topology().routes(link.vhost());
        if (table != null) {
            allow(to, exchange(to, table));
        }
    }

    // ---- where it goes

    private void resolve(Route to, String[] moreKeys) {
        CatalogImage image = link.broker().catalog();
        RoutingTable table = link.broker().topology().routes(link.vhost());
        boolean fresh = to.image == image && to.table == table;
        int generation = channel.publishes().generation();
        if (fresh && to.keyed && moreKeys.length == 0 && to.generation == generation) {
            return;
        }
        if (table == null) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no vhost '" + link.vhost() + "'");
        }
        ExchangeSpec exchange = exchange(to, table);
        if (!fresh) {
            allow(to, exchange);
        }
        to.targets.clear();
        to.delayMs = 0;
        complete = true;
        route = to;
        more = moreKeys.length == 0 ? List.of() : List.of(moreKeys);
        find(to.exchange.length == 0, to.routingKeyText, table);
        to.image = image;
        to.table = table;
        to.generation = generation;
        to.keyed = complete
                && moreKeys.length == 0
                && !to.targets.isEmpty()
                && (to.exchange.length == 0 || table.isKeyed(to.exchangeName));
    }

    private @Nullable ExchangeSpec exchange(Route to, RoutingTable table) {
        if (to.exchange.length == 0) {
            return null;
        }
        ExchangeSpec exchange = table.exchange(to.exchangeName);
        if (exchange == null) {
            throw new AmqpException(
                    ReplyCode.NOT_FOUND, "no exchange '" + to.exchangeName + "' in vhost '" + link.vhost() + "'");
        }
        if (exchange.internal()) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "cannot publish to internal exchange '" + to.exchangeName + "' in vhost '" + link.vhost() + "'");
        }
        return exchange;
    }

    private void allow(Route to, @Nullable ExchangeSpec exchange) {
        Permissions.require(link, Action.WRITE, AmqpChannel.Resource.EXCHANGE, to.exchangeName);
        if (exchange != null && exchange.type().equals("topic")) {
            Permissions.requireRouting(link, Action.WRITE, to.exchangeName, to.routingKeyText);
        }
    }

    private void find(boolean defaultExchange, String routingKey, RoutingTable table) {
        key = routingKey;
        if (defaultExchange) {
            queue(routingKey);
            more.forEach(this::queue);
        } else {
            table.route(this, ThreadLocalRandom.current(), this);
        }
    }

    @Override
    public void queue(String name) {
        if (route.exchange.length == 0 && ForeignQueues.isReplyAddress(name)) {
            complete = false;
            ForeignQueues.Address address = channel.foreign().replyAddress(name);
            if (address != null) {
                add(channel.publishes().target(address));
            }
            return;
        }
        MessageQueue queue = link.broker().queues().find(link.vhost(), name);
        if (queue != null) {
            add(channel.publishes().target(queue));
            return;
        }
        Queue definition = link.broker().catalog().queue(link.vhost(), name);
        if (definition == null && link.vhost().equals(VirtualHost.DEFAULT)) {
            // A topic that nobody declared as a queue is a stream to clients of queues.
            topic(name);
            return;
        }
        Partition partition = definition == null ? null : link.broker().partition(definition.id(), 0);
        if (definition != null && definition.type() == Queue.Type.STREAM && partition != null) {
            add(channel.publishes().target(partition));
        } else {
            complete = false;
        }
    }

    @Override
    public void topic(String name) {
        Topic topic = link.broker().catalog().topic(name);
        if (topic == null || topic.internal()) {
            complete = false;
            return;
        }
        int index = KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), topic.partitions());
        Partition partition = link.broker().partition(topic.id(), index);
        if (partition != null) {
            add(channel.publishes().target(partition));
        }
    }

    @Override
    public void delay(long delayMs) {
        route.delayMs = delayMs;
    }

    private void add(Target target) {
        if (!route.targets.contains(target)) {
            route.targets.add(target);
        }
    }

    // ---- what the routing table asks

    @Override
    public String exchange() {
        return route.exchangeName;
    }

    @Override
    public String routingKey() {
        return key;
    }

    @Override
    public List<String> moreRoutingKeys() {
        return more;
    }

    @Override
    public @Nullable Object header(String name) {
        return properties.header(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasHeader(String name) {
        return properties.headerAt(name.getBytes(StandardCharsets.UTF_8)) >= 0;
    }

    @Override
    public @Nullable String property(String name) {
        return properties.textOf(name);
    }

    // ---- and back

    private void giveBack(
            Route to, ByteBuffer raw, int rawAt, int rawLength, ByteBuffer body, int bodyAt, int bodyLength) {
        ByteBuf out = channel.out();
        // Names as they came, be they UTF-8 or not.
        int start = MethodWriter.begin(out, channel.number(), BasicReturn.ID);
        out.writeShort(ReplyCode.NO_ROUTE.number());
        MethodWriter.shortstr(out, "NO_ROUTE");
        MethodWriter.shortstr(out, to.exchange);
        MethodWriter.shortstr(out, to.routingKey);
        MethodWriter.end(out, start);
        int frameMax = link.frameMax();
        out.writeByte(Frames.CONTENT_HEADER)
                .writeShort(channel.number())
                .writeInt(Frames.CONTENT_PREFIX_BYTES + rawLength)
                .writeInt(60 << 16)
                .writeLong(bodyLength);
        write(out, raw, rawAt, rawLength);
        out.writeByte(Frames.END);
        for (int sent = 0; sent < bodyLength; ) {
            int size = Math.min(bodyLength - sent, frameMax - Frames.OVERHEAD_BYTES);
            out.writeByte(Frames.BODY).writeShort(channel.number()).writeInt(size);
            write(out, body, bodyAt + sent, size);
            out.writeByte(Frames.END);
            sent += size;
        }
    }

    private static void write(ByteBuf out, ByteBuffer in, int at, int length) {
        ByteBuffer part = in.duplicate();
        part.limit(at + length).position(at);
        out.writeBytes(part);
    }
}
