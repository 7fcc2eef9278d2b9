package dev.pabal.sqs.queue;

import dev.pabal.broker.queue.OnceBatch;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.broker.queue.RecordIndex;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.MessageIds;
import dev.pabal.message.SqsProperties;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Messages on their way into one queue: one record batch, whether from one request for one message or for ten. */
public final class SendBatch implements OnceBatch {
    private static final byte[] DEFAULT_EXCHANGE = new byte[0];
    private static final long MAX_IDLE_BYTES = 16 << 20;
    private static final BatchMemory MEMORY = new BatchMemory(MAX_IDLE_BYTES);
    private static final ThreadLocal<Writer> WRITERS = ThreadLocal.withInitial(Writer::new);

    /** What builds batches, one for each thread. */
    private static final class Writer {
        private final AmqpBatch batch = new AmqpBatch(MEMORY);
        private final SqsProperties properties = new SqsProperties();
        private final AmqpProperties parsed = new AmqpProperties();
    }

    private final SqsQueue queue;
    private final List<OutgoingMessage> messages;
    private final Clock clock;

    /** @param messages at least one */
    public SendBatch(SqsQueue queue, List<OutgoingMessage> messages, Clock clock) {
        this.queue = queue;
        this.messages = messages;
        this.clock = clock;
    }

    /** Sends them; completes with the offset of each when all are durable, for a duplicate its original's. */
    public CompletableFuture<long[]> send() {
        if (queue.attributes().fifo()) {
            return queue.queue().publishOnce(this);
        }
        BitSet all = new BitSet();
        all.set(0, messages.size());
        return queue.queue().publish(make(all)).thenApply(produced -> {
            long[] offsets = new long[messages.size()];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = produced.baseOffset() + i;
            }
            return offsets;
        });
    }

    @Override
    public List<IndexEntry.Dedup> ids() {
        List<IndexEntry.Dedup> ids = new ArrayList<>(messages.size());
        for (OutgoingMessage message : messages) {
            ids.add(dedup(message));
        }
        return ids;
    }

    private IndexEntry.Dedup dedup(OutgoingMessage message) {
        ByteBuffer group = ByteBuffer.wrap(message.group());
        ByteBuffer id = ByteBuffer.wrap(message.dedupId());
        long scope = queue.attributes().deduplicatesPerGroup() ? MessageIds.groupHash(group, 0, group.limit()) : 0;
        return new IndexEntry.Dedup(
                MessageIds.dedupHigh(scope, id, 0, id.limit()), MessageIds.dedupLow(scope, id, 0, id.limit()));
    }

    @Override
    public PublishBatch make(BitSet fresh) {
        Writer writer = WRITERS.get();
        QueueSettings settings = queue.queue().settings();
        long nowMs = clock.wallMs();
        List<IndexEntry> index = new ArrayList<>(0);
        try {
            for (int i = fresh.nextSetBit(0); i >= 0; i = fresh.nextSetBit(i + 1)) {
                add(messages.get(i), writer, settings, nowMs, index);
            }
        } catch (RuntimeException e) {
            writer.batch.drop();
            throw e;
        }
        int records = writer.batch.records();
        long bodyBytes = writer.batch.bodyBytes();
        ByteBuffer sealed = writer.batch.seal(nowMs);
        return new PublishBatch(sealed, records, bodyBytes, index, () -> MEMORY.giveBack(sealed));
    }

    private void add(
            OutgoingMessage message, Writer writer, QueueSettings settings, long nowMs, List<IndexEntry> index) {
        ByteBuffer body = ByteBuffer.wrap(message.body());
        message.describe(writer.properties);
        ByteBuffer raw = writer.properties.write(body, 0, body.limit());
        if (message.delaySeconds() > 0) {
            AmqpProperties parsed = writer.parsed.wrap(raw, 0, raw.limit());
            long delayMs = message.delaySeconds() * 1000L;
            IndexEntry entry = RecordIndex.of(writer.batch.records(), parsed, settings, nowMs, delayMs);
            if (entry != null) {
                index.add(entry);
            }
        }
        writer.batch.add(DEFAULT_EXCHANGE, message.group(), raw, 0, raw.limit(), body, 0, body.limit());
    }
}
