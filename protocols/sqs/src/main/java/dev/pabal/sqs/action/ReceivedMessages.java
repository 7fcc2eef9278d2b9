package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.message.MessageIds;
import dev.pabal.message.SqsAttribute;
import dev.pabal.message.SqsDigests;
import dev.pabal.message.SqsRecord;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import dev.pabal.sqs.wire.ReplyWriter;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages on their way to whoever received them: bodies go from the log's memory into the response as they are written. */
final class ReceivedMessages implements Reply {
    private static final Logger LOG = LoggerFactory.getLogger(ReceivedMessages.class);
    /** Names, ids, digests and the handle of a message. */
    private static final int ENTRY_BYTES = 512;

    private static final int MAX_ESTIMATE = 2 << 20;
    private static final ThreadLocal<Reader> READERS = ThreadLocal.withInitial(Reader::new);

    /** What reads stored records, one for each thread. */
    private static final class Reader {
        private final SqsRecord record = new SqsRecord();
        private final SqsDigests digests = new SqsDigests();
        private final byte[] md5 = new byte[SqsDigests.BYTES];
    }

    private final SqsQueue queue;
    private final SqsQueues queues;
    private final Deliveries messages;
    private final ReceiveFilter filter;
    private final long receivedMs;
    private final int incarnation;

    /** @param receivedMs when, wall ms */
    ReceivedMessages(
            SqsQueue queue,
            SqsQueues queues,
            Deliveries messages,
            ReceiveFilter filter,
            long receivedMs,
            int incarnation) {
        this.queue = queue;
        this.queues = queues;
        this.messages = messages;
        this.filter = filter;
        this.receivedMs = receivedMs;
        this.incarnation = incarnation;
    }

    @Override
    public void write(ReplyWriter out) {
        Reader reader = READERS.get();
        boolean begun = false;
        for (int i = 0; i < messages.size(); i++) {
            if (!isReadable(reader, i)) {
                continue;
            }
            if (!begun) {
                out.beginList("Messages", "Message");
                begun = true;
            }
            out.beginElement();
            write(out, reader, i);
            out.end();
        }
        if (begun) {
            out.end();
        }
    }

    /** A Kafka producer may have stored anything; what is no record keeps nobody else's messages back. */
    private boolean isReadable(Reader reader, int index) {
        try {
            reader.record.wrap(messages.buffer(index), messages.position(index), messages.baseTimestampMs(index));
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "queue {}: the record at offset {} cannot be shown over SQS ({}); receive it over Kafka, or delete it there",
                    queue.storedName(),
                    messages.offset(index),
                    e.getMessage());
            return false;
        }
    }

    private void write(ReplyWriter out, Reader reader, int index) {
        SqsRecord record = reader.record;
        long offset = messages.offset(index);
        out.text("MessageId", record.messageId(queue.queue().id(), offset));
        out.text(
                "ReceiptHandle",
                new ReceiptHandle(queue.queue().id(), offset, messages.generation(index), receivedMs, incarnation)
                        .encoded());
        record.bodyMd5(reader.digests, reader.md5);
        out.text("MD5OfBody", HexFormat.of().formatHex(reader.md5));
        out.text("Body", record.bodyBuffer(), record.bodyAt(), record.bodyLength());
        if (filter.wantsSystem()) {
            writeSystem(out, record, index);
        }
        if (!filter.wantsNone() && !record.hasNoAttributes()) {
            writeAttributes(out, reader);
        }
    }

    private void writeSystem(ReplyWriter out, SqsRecord record, int index) {
        out.beginMap("Attributes", "Attribute", "Name", "Value");
        entry(out, SystemAttribute.SENDER_ID, record.sender());
        entry(out, SystemAttribute.SENT_TIMESTAMP, Long.toString(record.sentMs()));
        entry(out, SystemAttribute.APPROXIMATE_RECEIVE_COUNT, Integer.toString(messages.acquiredBefore(index) + 1));
        entry(out, SystemAttribute.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP, Long.toString(messages.firstAcquiredMs(index)));
        if (queue.attributes().fifo()) {
            entry(out, SystemAttribute.SEQUENCE_NUMBER, MessageIds.sequenceNumber(messages.offset(index)));
        }
        entry(out, SystemAttribute.MESSAGE_DEDUPLICATION_ID, record.dedupId());
        entry(out, SystemAttribute.MESSAGE_GROUP_ID, record.group());
        entry(out, SystemAttribute.AWS_TRACE_HEADER, record.traceHeader());
        String source = record.sourceQueue();
        entry(out, SystemAttribute.DEAD_LETTER_QUEUE_SOURCE_ARN, source == null ? null : queues.arn(source));
        out.end();
    }

    private void entry(ReplyWriter out, SystemAttribute attribute, @Nullable String value) {
        if (value != null && filter.wants(attribute)) {
            out.entry(attribute.label(), value);
        }
    }

    private void writeAttributes(ReplyWriter out, Reader reader) {
        List<SqsAttribute> wanted = filter.wanted(reader.record.attributes());
        if (wanted.isEmpty()) {
            return;
        }
        reader.digests.attributes(wanted, reader.md5);
        out.text("MD5OfMessageAttributes", HexFormat.of().formatHex(reader.md5));
        out.beginMap("MessageAttributes", "MessageAttribute", "Name", "Value");
        for (SqsAttribute attribute : wanted) {
            out.beginEntry(attribute.name());
            if (attribute.binary()) {
                out.bytes("BinaryValue", attribute.memory(), attribute.at(), attribute.length());
            } else {
                out.text("StringValue", attribute.memory(), attribute.at(), attribute.length());
            }
            out.text("DataType", attribute.type());
            out.end();
        }
        out.end();
    }

    @Override
    public int estimatedBytes() {
        long bytes = messages.windowBytes() + messages.windowBytes() / 8 + (long) messages.size() * ENTRY_BYTES;
        return (int) Math.min(bytes, MAX_ESTIMATE);
    }

    @Override
    public void close() {
        messages.close();
    }
}
