package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Frames;
import dev.pabal.amqp.codec.MalformedFrameException;
import dev.pabal.amqp.codec.method.BasicPublish;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpProperties.Property;
import dev.pabal.message.FieldTableException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel's publishing side: joins method, header and body frames to messages, checks them and hands them to {@link Router}. A body in one
 * frame is read where it was received. On the event loop.
 */
final class Publisher {
    private static final int CLASS_BASIC = 60;
    private static final byte[] CC = {'C', 'C'};
    private static final byte[] BCC = {'B', 'C', 'C'};
    private static final int SMALL_BODY = 64 << 10;
    private static final int SMALL_PROPERTIES = 4 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ServerChannel channel;
    private final Link link;
    private final Router router;
    private AmqpProperties properties = new AmqpProperties();
    private ByteBuffer raw = ByteBuffer.allocate(256);
    /** What properties that are not small have taken of {@link SharedMemory#incompleteBytes}. */
    private int rawTaken;

    private ByteBuffer body = NOTHING;
    private @Nullable Route route;
    private boolean mandatory;
    private boolean inBody;
    private long bodySize;
    private int rawLength;

    Publisher(ServerChannel channel) {
        this.channel = channel;
        this.link = channel.link();
        this.router = new Router(channel);
    }

    Router router() {
        return router;
    }

    /** Whether the rest of a message is to come. */
    boolean inContent() {
        return route != null;
    }

    void method(BasicPublish method) {
        if (method.immediate()) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "immediate=true");
        }
        route = channel.publishes()
                .routes()
                .find(
                        method.buffer(),
                        method.exchangeAt(),
                        method.exchangeLength(),
                        method.routingKeyAt(),
                        method.routingKeyLength());
        mandatory = method.mandatory();
        inBody = false;
    }

    /** The content header of the message that was begun. */
    void header(ByteBuffer in, int at, int size) {
        if (route == null || inBody) {
            throw new AmqpException(
                    ReplyCode.UNEXPECTED_FRAME,
                    route == null
                            ? "expected method frame, got content header frame instead"
                            : "expected content body, got content header frame instead");
        }
        if (size < Frames.CONTENT_PREFIX_BYTES + 2) {
            throw new MalformedFrameException("a content header is too short");
        }
        if ((in.getShort(at) & 0xffff) != CLASS_BASIC) {
            throw new AmqpException(
                    ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got one for class " + (in.getShort(at) & 0xffff)
                            + " instead");
        }
        bodySize = in.getLong(at + 4);
        if (bodySize < 0 || bodySize > link.limits().maxMessageBytes()) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "message size " + Long.toUnsignedString(bodySize) + " is larger than configured max size "
                            + link.limits().maxMessageBytes());
        }
        rawLength = size - Frames.CONTENT_PREFIX_BYTES;
        if (rawLength > SMALL_PROPERTIES) {
            takeIncomplete(rawLength);
            rawTaken = rawLength;
        }
        if (raw.capacity() < rawLength) {
            raw = ByteBuffer.allocate(Math.max(rawLength, Math.min(raw.capacity() * 2, SMALL_PROPERTIES)));
        }
        // Cleared, for an edited list ends before its memory does.
        raw.clear().put(0, in, at + Frames.CONTENT_PREFIX_BYTES, rawLength);
        inBody = true;
        body.clear();
        if (bodySize == 0) {
            complete(body, 0);
        }
    }

    void body(ByteBuffer in, int at, int size) {
        if (!inBody) {
            throw new AmqpException(
                    ReplyCode.UNEXPECTED_FRAME,
                    route == null
                            ? "expected method frame, got content body frame instead"
                            : "expected content header for class 60, got content body frame instead");
        }
        if (size > bodySize - body.position()) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "content body is longer than its header said");
        }
        if (body.position() == 0 && size == bodySize) {
            complete(in, at);
            return;
        }
        if (body.remaining() < size) {
            grow((int) Math.min(bodySize, Math.max(body.position() + size, body.capacity() * 2L)));
        }
        body.put(body.position(), in, at, size);
        body.position(body.position() + size);
        if (body.position() == bodySize) {
            complete(body, 0);
            if (body.capacity() > SMALL_BODY || link.memory().incompleteBytes().isHalfTaken()) {
                end();
            }
        }
    }

    /** Room for more of a body whose frames have not all come. */
    private void grow(int capacity) {
        takeIncomplete(capacity - body.capacity());
        body = ByteBuffer.allocate(capacity).put(body.flip());
    }

    private void takeIncomplete(int bytes) {
        Budget all = link.memory().incompleteBytes();
        if (!all.take(bytes)) {
            throw new AmqpException(
                    ReplyCode.RESOURCE_ERROR,
                    "messages that have not wholly come take more than " + all.total()
                            + " bytes of all connections together: publish fewer large ones at once");
        }
    }

    /** What has come of a message goes. */
    void end() {
        endProperties();
        link.memory().incompleteBytes().giveBack(body.capacity());
        body = NOTHING;
    }

    private void endProperties() {
        if (raw.capacity() > SMALL_PROPERTIES) {
            raw = ByteBuffer.allocate(256);
            properties = new AmqpProperties(); // the other one looks at what was there
        }
        if (rawTaken > 0) {
            link.memory().incompleteBytes().giveBack(rawTaken);
            rawTaken = 0;
        }
    }

    private void complete(ByteBuffer in, int at) {
        publish(in, at);
        endProperties();
    }

    private void publish(ByteBuffer in, int at) {
        Route to = Objects.requireNonNull(route);
        route = null;
        inBody = false;
        link.publishing();
        properties.wrap(raw, 0, rawLength);
        checkUserId();
        long expirationMs = expirationMs();
        address();
        String[] keys = moreKeys();
        Transaction transaction = channel.transaction();
        int size = (int) bodySize;
        if (transaction != null) {
            router.check(to);
            transaction.publish(to, keys, raw, rawLength, in, at, size, mandatory, expirationMs);
            return;
        }
        Confirms confirms = channel.confirms();
        Held held = channel.publishes().held();
        if (held.holding()) {
            router.check(to);
            long number = confirms == null ? Router.UNCONFIRMED : confirms.take();
            ByteBuffer copiedProperties = HeldMessage.copy(raw, 0, rawLength);
            ByteBuffer copiedBody = HeldMessage.copy(in, at, size);
            held.add(new HeldMessage(channel, to, keys, copiedProperties, copiedBody, mandatory, expirationMs, number));
        } else {
            long number = confirms == null ? Router.UNCONFIRMED : confirms.take();
            router.publish(to, keys, properties, rawLength, in, at, size, mandatory, expirationMs, number);
        }
    }

    /** Copies of the message: keys of the headers CC and BCC; BCC itself is nobody's business but the sender's. */
    private String[] moreKeys() {
        if (!properties.has(Property.HEADERS)) {
            return Router.NO_KEYS;
        }
        int cc = properties.headerAt(CC);
        int bcc = properties.headerAt(BCC);
        if (cc < 0 && bcc < 0) {
            return Router.NO_KEYS;
        }
        String[] first = cc < 0 ? Router.NO_KEYS : keys("CC", properties.header(CC));
        String[] second = bcc < 0 ? Router.NO_KEYS : keys("BCC", properties.header(BCC));
        if (bcc >= 0) {
            Map<String, @Nullable Object> changes = new LinkedHashMap<>();
            changes.put("BCC", null);
            edit(changes, Set.of());
        }
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String[] keys(String header, @Nullable Object value) {
        if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid message: {unacceptable_type_in_headers,<<\"" + header + "\">>}");
        }
        return list.stream().map(String.class::cast).toArray(String[]::new);
    }

    /** A message that asks for a direct reply gets the address of this channel's consumer of replies. */
    private void address() {
        if (properties.length(Property.REPLY_TO) == ForeignQueues.REPLIES.length()
                && ForeignQueues.REPLIES.equals(properties.text(Property.REPLY_TO))) {
            take(properties.withReplyTo(channel.foreign().replyTo(channel)));
        }
    }

    private void edit(Map<String, @Nullable Object> changes, Set<Property> without) {
        take(properties.edited(changes, without));
    }

    private void take(ByteBuffer edited) {
        raw = edited;
        rawLength = edited.remaining();
        properties.wrap(raw, 0, rawLength);
    }

    private void checkUserId() {
        if (!properties.has(Property.USER_ID)) {
            return;
        }
        String claimed = properties.text(Property.USER_ID);
        if (!link.user().name().equals(claimed) && !link.user().tags().contains("impersonator")) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "user_id property set to '" + claimed + "' but authenticated user was '"
                            + link.user().name() + "'");
        }
    }

    private long expirationMs() {
        try {
            return properties.expirationMs();
        } catch (FieldTableException e) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid expiration '" + properties.text(Property.EXPIRATION) + "': " + e.getMessage());
        }
    }
}
