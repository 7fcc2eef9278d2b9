package dev.pabal.sqs.action;

import dev.pabal.message.MessageIds;
import dev.pabal.sqs.queue.OutgoingMessage;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.ReplyWriter;
import java.util.HexFormat;

/** What a sender is told of a message that is stored. */
final class SentMessage implements Reply, BatchEntries.Members {
    private final OutgoingMessage message;
    private final SqsQueue queue;
    private final long offset;

    /** @param offset where it lies, or for a duplicate its original */
    SentMessage(OutgoingMessage message, SqsQueue queue, long offset) {
        this.message = message;
        this.queue = queue;
        this.offset = offset;
    }

    @Override
    public void write(ReplyWriter out) {
        out.text("MessageId", MessageIds.messageId(queue.queue().id(), offset).toString());
        out.text("MD5OfMessageBody", HexFormat.of().formatHex(message.bodyMd5()));
        byte[] attributesMd5 = message.attributesMd5();
        if (attributesMd5 != null) {
            out.text("MD5OfMessageAttributes", HexFormat.of().formatHex(attributesMd5));
        }
        byte[] systemMd5 = message.systemMd5();
        if (systemMd5 != null) {
            out.text("MD5OfMessageSystemAttributes", HexFormat.of().formatHex(systemMd5));
        }
        if (queue.attributes().fifo()) {
            out.text("SequenceNumber", MessageIds.sequenceNumber(offset));
        }
    }
}
