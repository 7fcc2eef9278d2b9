package dev.pabal.broker.queue;

import dev.pabal.log.seam.Clock;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.MessageIds;
import dev.pabal.message.SqsProperties;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** Messages as SQS writes them. */
record FifoMessages(Clock clock, List<Sent> messages) implements OnceBatch {
    /** One message. */
    record Sent(String group, String id, String body) {}

    @Override
    public List<IndexEntry.Dedup> ids() {
        return messages.stream()
                .map(message -> {
                    ByteBuffer id = ByteBuffer.wrap(bytes(message.id()));
                    return new IndexEntry.Dedup(
                            MessageIds.dedupHigh(0, id, 0, id.limit()), MessageIds.dedupLow(0, id, 0, id.limit()));
                })
                .toList();
    }

    @Override
    public PublishBatch make(BitSet fresh) {
        AmqpBatch batch = new AmqpBatch(new BatchMemory(0));
        fresh.stream().forEach(i -> {
            Sent message = messages.get(i);
            ByteBuffer body = ByteBuffer.wrap(bytes(message.body()));
            ByteBuffer properties = new SqsProperties()
                    .clear()
                    .bodyMd5(new byte[16])
                    .group(bytes(message.group()))
                    .dedupId(bytes(message.id()))
                    .write(body, 0, body.limit());
            batch.add(new byte[0], bytes(message.group()), properties, 0, properties.limit(), body, 0, body.limit());
        });
        long bodyBytes = batch.bodyBytes();
        return new PublishBatch(batch.seal(clock.wallMs()), fresh.cardinality(), bodyBytes, List.of(), () -> {});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
