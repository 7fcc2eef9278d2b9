package dev.pabal.sqs.action;

import dev.pabal.sqs.queue.OutgoingMessage;
import dev.pabal.sqs.queue.OutgoingReader;
import dev.pabal.sqs.queue.SendBatch;
import dev.pabal.sqs.queue.SqsQueue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stores one message. */
final class SendMessage implements Action {
    private final MessageActions shared;

    SendMessage(MessageActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "SendMessage";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        SqsQueue queue = shared.of(call);
        byte[] sender = call.caller().accessKeyId().getBytes(StandardCharsets.UTF_8);
        OutgoingMessage message =
                OutgoingReader.ofThread().read(call.parameters(), queue.attributes(), sender, call.trace());
        return new SendBatch(queue, List.of(message), shared.clock())
                .send()
                .thenApply(offsets -> new SentMessage(message, queue, offsets[0]));
    }
}
