package dev.pabal.sqs.queue;

import dev.pabal.message.SqsAttribute;
import dev.pabal.message.SqsDigests;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages from requests and checks all that SQS checks. For one thread. */
public final class OutgoingReader {
    private static final ThreadLocal<OutgoingReader> READERS = ThreadLocal.withInitial(OutgoingReader::new);
    private static final String TRACE_HEADER = "AWSTraceHeader";
    private static final int MAX_TRACE_BYTES = 4096;
    private static final byte[] NOTHING = new byte[0];

    private final SqsDigests digests = new SqsDigests();
    private final MessageDigest sha256;

    private OutgoingReader() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The reader of this thread. */
    public static OutgoingReader ofThread() {
        return READERS.get();
    }

    /**
     * Reads one message.
     *
     * @param entry holds {@code MessageBody} and the rest
     * @param trace the request's header {@code X-Amzn-Trace-Id}, null where it has none: it is the message's {@code AWSTraceHeader}
     *     unless the message has its own
     * @throws SqsException where it breaks a rule
     */
    public OutgoingMessage read(Parameters entry, QueueAttributes queue, byte[] sender, @Nullable String trace) {
        String text = entry.text("MessageBody");
        if (text == null || text.isEmpty()) {
            throw SqsException.missing("MessageBody");
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        List<SqsAttribute> attributes = attributes(entry.structureMap("MessageAttributes"));
        if (body.length + (long) sizeInBytes(attributes) > queue.maximumMessageSizeInBytes()) {
            throw MessageRules.invalid("One or more parameters are invalid. Reason: Message must be shorter than "
                    + queue.maximumMessageSizeInBytes() + " bytes.");
        }
        MessageRules.checkBody(text, body);
        byte[] traceAttribute = traceAttribute(entry.structureMap("MessageSystemAttributes"));
        byte[] group = group(entry, queue);
        byte[] dedupId = dedupId(entry, queue, body);
        byte[] bodyMd5 = new byte[SqsDigests.BYTES];
        digests.body(ByteBuffer.wrap(body), 0, body.length, bodyMd5);
        return new OutgoingMessage(
                body,
                bodyMd5,
                attributes,
                attributes.isEmpty() ? null : digest(attributes),
                traceAttribute.length == 0 ? traceHeader(trace) : traceAttribute,
                traceAttribute.length == 0 ? null : digest(List.of(attribute(TRACE_HEADER, "String", traceAttribute))),
                group,
                dedupId,
                sender,
                delaySeconds(entry.integer("DelaySeconds"), queue));
    }

    private byte[] digest(List<SqsAttribute> attributes) {
        byte[] md5 = new byte[SqsDigests.BYTES];
        digests.attributes(attributes, md5);
        return md5;
    }

    private static List<SqsAttribute> attributes(@Nullable Map<String, Parameters> given) {
        if (given == null || given.isEmpty()) {
            return List.of();
        }
        if (given.size() > MessageRules.MAX_ATTRIBUTES) {
            throw MessageRules.invalid("Number of message attributes [" + given.size()
                    + "] exceeds the allowed maximum [" + MessageRules.MAX_ATTRIBUTES + "].");
        }
        List<SqsAttribute> attributes = new ArrayList<>(given.size());
        given.forEach((name, value) -> attributes.add(attribute(name, value)));
        return attributes;
    }

    private static SqsAttribute attribute(String name, Parameters given) {
        MessageRules.checkAttributeName(name);
        String type = given.text("DataType");
        if (type == null || type.isEmpty()) {
            throw MessageRules.invalid(
                    "The message attribute '" + name + "' must contain a non-empty message attribute type.");
        }
        MessageRules.checkAttributeType(name, type);
        if (MessageRules.isOf(type, "Binary")) {
            byte[] bytes = given.bytes("BinaryValue");
            if (bytes == null || bytes.length == 0) {
                throw MessageRules.emptyAttribute(name, type);
            }
            return attribute(name, type, bytes);
        }
        String text = given.text("StringValue");
        if (text == null || text.isEmpty()) {
            throw MessageRules.emptyAttribute(name, type);
        }
        MessageRules.checkAttributeText(name, type, text);
        return attribute(name, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static SqsAttribute attribute(String name, String type, byte[] value) {
        return new SqsAttribute(name, type, ByteBuffer.wrap(value), 0, value.length);
    }

    /** What attributes count in the size of a message: names, types and values. */
    static int sizeInBytes(List<SqsAttribute> attributes) {
        int size = 0;
        for (SqsAttribute attribute : attributes) {
            size += attribute.name().getBytes(StandardCharsets.UTF_8).length
                    + attribute.type().getBytes(StandardCharsets.UTF_8).length
                    + attribute.length();
        }
        return size;
    }

    /** What a message counts in a batch's size, without a look whether it breaks rules. */
    public static long sizeInBytes(Parameters entry) {
        String body = entry.text("MessageBody");
        long size = body == null ? 0 : utf8Bytes(body);
        Map<String, Parameters> attributes = entry.structureMap("MessageAttributes");
        if (attributes != null) {
            for (Map.Entry<String, Parameters> attribute : attributes.entrySet()) {
                size += utf8Bytes(attribute.getKey()) + valueBytes(attribute.getValue());
            }
        }
        return size;
    }

    private static long valueBytes(Parameters value) {
        String type = value.text("DataType");
        String text = value.text("StringValue");
        byte[] bytes = value.bytes("BinaryValue");
        return (type == null ? 0 : utf8Bytes(type))
                + (text == null ? 0 : utf8Bytes(text))
                + (bytes == null ? 0 : bytes.length);
    }

    private static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // The two halves of a pair have four bytes together.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** A header that could not be an attribute is nobody's mistake: tracing tools set it on the way. */
    private static byte[] traceHeader(@Nullable String header) {
        boolean fits = header != null
                && header.length() <= MAX_TRACE_BYTES
                && header.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return fits ? header.getBytes(StandardCharsets.US_ASCII) : NOTHING;
    }

    private static byte[] traceAttribute(@Nullable Map<String, Parameters> system) {
        if (system == null || system.isEmpty()) {
            return NOTHING;
        }
        Parameters trace = system.get(TRACE_HEADER);
        if (trace == null || system.size() > 1) {
            throw MessageRules.invalid("The only message system attribute that can be sent is " + TRACE_HEADER + ".");
        }
        String text = trace.text("StringValue");
        if (!"String".equals(trace.text("DataType")) || text == null || text.isEmpty()) {
            throw MessageRules.invalid(
                    "Message system attribute '" + TRACE_HEADER + "' must contain a non-empty value of type 'String'.");
        }
        MessageRules.checkAttributeText(TRACE_HEADER, "String", text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TRACE_BYTES) {
            throw MessageRules.invalid("Message system attribute '" + TRACE_HEADER + "' must be shorter than "
                    + (MAX_TRACE_BYTES + 1) + " bytes.");
        }
        return bytes;
    }

    private static byte[] group(Parameters entry, QueueAttributes queue) {
        String group = entry.text("MessageGroupId");
        if (group == null || group.isEmpty() && queue.fifo()) {
            if (queue.fifo()) {
                throw SqsException.missing("MessageGroupId");
            }
            return NOTHING;
        }
        MessageRules.checkId(group, "MessageGroupId");
        return group.getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] dedupId(Parameters entry, QueueAttributes queue, byte[] body) {
        String id = entry.text("MessageDeduplicationId");
        if (id != null) {
            MessageRules.checkId(id, "MessageDeduplicationId");
            if (!queue.fifo()) {
                throw SqsException.invalid(
                        id,
                        "MessageDeduplicationId",
                        "The request includes a parameter that is not valid for this queue type.");
            }
            return id.getBytes(StandardCharsets.US_ASCII);
        }
        if (!queue.fifo()) {
            return NOTHING;
        }
        if (!queue.contentBasedDeduplication()) {
            throw noDeduplication();
        }
        return HexFormat.of().formatHex(sha256.digest(body)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Checks a group's name, a deduplication id, or the like: 1 to 128 letters, digits and punctuation of ASCII. */
    public static void checkId(String id, String parameter) {
        MessageRules.checkId(id, parameter);
    }

    /** The refusal of a message that nothing tells from others. */
    public static SqsException noDeduplication() {
        return MessageRules.invalid("The queue should either have ContentBasedDeduplication enabled or "
                + "MessageDeduplicationId provided explicitly");
    }

    private static int delaySeconds(@Nullable Integer given, QueueAttributes queue) {
        if (queue.fifo()) {
            if (given != null && given != 0) {
                throw SqsException.invalid(
                        given, "DelaySeconds", "The request include parameter that is not valid for this queue type.");
            }
            return 0;
        }
        if (given == null) {
            return queue.delaySeconds();
        }
        if (given < 0 || given > MessageRules.MAX_DELAY_SECONDS) {
            throw SqsException.invalid(given, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
        }
        return given;
    }
}
