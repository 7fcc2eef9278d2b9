package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.OutgoingMessage;
import dev.pabal.sqs.queue.OutgoingReader;
import dev.pabal.sqs.queue.QueueAttributes;
import dev.pabal.sqs.queue.SendBatch;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stores up to ten messages, in one record batch. What breaks a rule fails alone, unless it makes nonsense of the request. */
final class SendMessageBatch implements Action {
    /** Bytes of all messages of a batch together. */
    private static final int MAX_BYTES = 1 << 20;

    private final MessageActions shared;

    SendMessageBatch(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "SendMessageBatch";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        BatchEntries entries = new BatchEntries(call.parameters(), name());
        checkGroups(entries, queue.attributes());
        byte[] sender = call.caller().accessKeyId().getBytes(StandardCharsets.UTF_8);
        List<OutgoingMessage> messages = new ArrayList<>(entries.size());
        int[] entryOf = new int[entries.size()];
        long sizeInBytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            try {
                OutgoingMessage message =
                        OutgoingReader.ofThread().read(entries.get(i), queue.attributes(), sender, call.trace());
                entryOf[messages.size()] = i;
                messages.add(message);
                sizeInBytes += message.sizeInBytes();
            } catch (SqsException e) {
                entries.failed(i, e);
                sizeInBytes += OutgoingReader.sizeInBytes(entries.get(i));
            }
        }
        checkSize(sizeInBytes);
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(entries);
        }
        return new SendBatch(queue, messages, shared.clock()).send().thenApply(offsets -> {
            for (int i = 0; i < offsets.length; i++) {
                entries.succeeded(entryOf[i], new SentMessage(messages.get(i), queue, offsets[i]));
            }
            return entries;
        });
    }

    /** Where one entry could not be put in order, or told from others, the whole request fails. */
    private static void checkGroups(BatchEntries entries, QueueAttributes queue) {
        if (!queue.fifo()) {
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            Parameters entry = entries.get(i);
            if (isMissing(entry, "MessageDeduplicationId") && !queue.contentBasedDeduplication()) {
                throw OutgoingReader.noDeduplication();
            }
            if (isMissing(entry, "MessageGroupId")) {
                throw new SqsException(
                        SqsError.INVALID_PARAMETER_VALUE, "The request must contain the parameter MessageGroupId.");
            }
        }
    }

    private static boolean isMissing(Parameters entry, String parameter) {
        String text = entry.text(parameter);
        return text == null || text.isEmpty();
    }

    private static void checkSize(long sizeInBytes) {
        if (sizeInBytes > MAX_BYTES) {
            throw new SqsException(
                    SqsError.BATCH_REQUEST_TOO_LONG,
                    "Batch requests cannot be longer than " + MAX_BYTES + " bytes. You have sent " + sizeInBytes
                            + " bytes.");
        }
    }
}
