package dev.pabal.sqs.move;

import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.broker.queue.RecordIndex;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpProperties;
import dev.pabal.message.AmqpRecord;
import dev.pabal.message.BatchMemory;
import dev.pabal.message.MessageIds;
import dev.pabal.message.SqsEnvelope;
import dev.pabal.message.SqsRecord;
import dev.pabal.queue.IndexEntry;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Received messages, copied as they are stored into one batch for each queue that they go to. They keep body, attributes, and, where they came
 * over SQS, their id and the time at which they were sent. For one thread.
 */
final class MovedBatches {
    /** SQS's word for a dead letter that somebody sent there directly. */
    static final String NO_SOURCE = "CouldNotDetermineMessageSource";

    /** SQS's word for a destination that is gone. */
    static final String NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue";

    /** The history of deaths ({@code x-death}) stays. */
    private static final List<String> DEATH_HEADERS = List.of(
            "x-first-death-queue",
            "x-first-death-reason",
            "x-first-death-exchange",
            "x-last-death-queue",
            "x-last-death-reason",
            "x-last-death-exchange");

    private static final BatchMemory MEMORY = new BatchMemory(4 << 20);

    private final SqsQueues queues;
    private final @Nullable String destinationArn;
    private final long nowMs;
    private final Map<String, Batch> batches = new LinkedHashMap<>();
    private final SqsRecord record = new SqsRecord();
    private final AmqpProperties properties = new AmqpProperties();

    private static final class Batch {
        private final MessageQueue queue;
        private final AmqpBatch records = new AmqpBatch(MEMORY);
        private final List<IndexEntry> index = new ArrayList<>(0);

        private Batch(MessageQueue queue) {
            this.queue = queue;
        }
    }

    /** @param destinationArn where all go, null = each to where it came from */
    MovedBatches(SqsQueues queues, @Nullable String destinationArn, long nowMs) {
        this.queues = queues;
        this.destinationArn = destinationArn;
        this.nowMs = nowMs;
    }

    /** Copies them. Fails with {@link MoveFailure} where one has no place to go to; then nothing is kept. */
    void add(Deliveries deliveries) {
        try {
            for (int i = 0; i < deliveries.size(); i++) {
                add(deliveries, i);
            }
        } catch (MoveFailure | IllegalArgumentException e) {
            drop();
            throw e;
        }
    }

    private void add(Deliveries deliveries, int i) {
        record.wrap(deliveries.buffer(i), deliveries.position(i), deliveries.baseTimestampMs(i));
        Batch batch = batches.computeIfAbsent(destination(), name -> new Batch(queue(name)));
        AmqpRecord stored = record.record();
        stored.properties(properties);
        ByteBuffer kept = kept(deliveries, i, stored);
        AmqpProperties parsed = new AmqpProperties().wrap(kept, 0, kept.limit());
        int position = batch.records.records();
        batch.records.add(
                new byte[0],
                stored.routingKey().getBytes(StandardCharsets.UTF_8),
                kept,
                0,
                kept.limit(),
                stored.buffer(),
                stored.bodyAt(),
                stored.bodyLength());
        IndexEntry entry = RecordIndex.of(position, parsed, batch.queue.settings(), nowMs, 0);
        if (entry != null) {
            batch.index.add(entry);
        }
    }

    /** The stored name of the queue that it goes to. */
    private String destination() {
        if (destinationArn != null) {
            SqsQueue queue = queues.findByArn(destinationArn);
            if (queue == null) {
                throw new MoveFailure(NO_QUEUE);
            }
            return queue.storedName();
        }
        String source = record.sourceQueue();
        if (source == null) {
            throw new MoveFailure(NO_SOURCE);
        }
        return source;
    }

    private MessageQueue queue(String name) {
        SqsQueue queue = queues.findStored(name);
        if (queue == null) {
            throw new MoveFailure(NO_QUEUE);
        }
        return queue.queue();
    }

    /** The properties with an envelope that remembers where the message began; a later death is the first of a new life. */
    private ByteBuffer kept(Deliveries deliveries, int i, AmqpRecord stored) {
        Map<String, @Nullable Object> changes = new HashMap<>();
        DEATH_HEADERS.forEach(name -> changes.put(name, null));
        if (record.fromSqs()) {
            UUID id = MessageIds.messageId(deliveries.queue().id(), deliveries.offset(i));
            changes.put(SqsEnvelope.NAME, SqsEnvelope.moved(properties, id, stored.timestampMs(), null));
        }
        return properties.edited(changes, Set.of());
    }

    /** Appends all of them. Completes when they are durable; fails where one batch could not be taken. */
    CompletableFuture<Void> publish() {
        List<CompletableFuture<?>> durable = new ArrayList<>();
        for (Batch batch : batches.values()) {
            int records = batch.records.records();
            long bodyBytes = batch.records.bodyBytes();
            ByteBuffer sealed = batch.records.seal(nowMs);
            durable.add(batch.queue.publish(new PublishBatch(
                    sealed, records, bodyBytes, List.copyOf(batch.index), () -> MEMORY.giveBack(sealed))));
        }
        return CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new));
    }

    private void drop() {
        batches.values().forEach(batch -> batch.records.drop());
        batches.clear();
    }
}
