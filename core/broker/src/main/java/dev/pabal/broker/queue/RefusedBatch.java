package dev.pabal.broker.queue;

import dev.pabal.broker.queue.DeadLetterRoutes.Target;
import dev.pabal.log.BatchHeader;
import dev.pabal.message.AmqpRecord;
import dev.pabal.queue.DeadReason;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch for a queue with {@code reject-publish-dlx}: where the queue is full its messages are published as dead letters, once, and the
 * publisher is refused. Keeps the batch's memory until that is decided.
 */
final class RefusedBatch {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedBatch.class);

    private final QueueRuntime queue;
    private final PublishBatch batch;
    private final DeadLetterRoutes routes;
    private final long nowMs;
    private boolean decided;
    private boolean released;

    RefusedBatch(QueueRuntime queue, PublishBatch batch, DeadLetterRoutes routes, long nowMs) {
        this.queue = queue;
        this.batch = batch;
        this.routes = routes;
        this.nowMs = nowMs;
    }

    /** The batch, to be given to the log: its memory is kept back until {@link #decide}. */
    PublishBatch guarded() {
        return new PublishBatch(batch.batch(), batch.records(), batch.bodyBytes(), batch.index(), this::released);
    }

    private void released() {
        boolean now;
        synchronized (this) {
            released = true;
            now = decided;
        }
        if (now) {
            giveBack(batch.released());
        }
    }

    /** Whether the queue refused it for want of room. */
    void decide(boolean full) {
        if (full) {
            try {
                deadLetter();
            } catch (RuntimeException e) {
                LOG.warn("messages that {} refused could not be dead-lettered: {}", queue, e.getMessage());
            }
        }
        boolean now;
        synchronized (this) {
            decided = true;
            now = released;
        }
        if (now) {
            giveBack(batch.released());
        }
    }

    private static void giveBack(@Nullable Runnable memory) {
        if (memory != null) {
            memory.run();
        }
    }

    private void deadLetter() {
        if (queue.settings().deadLetterExchange() == null) {
            return;
        }
        ByteBuffer buffer = batch.batch();
        int at = buffer.position();
        int end = at + BatchHeader.sizeInBytes(buffer, at);
        long baseTimestampMs = BatchHeader.baseTimestamp(buffer, at);
        AmqpRecord record = new AmqpRecord();
        Map<Target, LetterBatch> batches = new LinkedHashMap<>();
        int next = at + BatchHeader.BYTES;
        while (next < end) {
            record.wrap(buffer, next, baseTimestampMs);
            next += record.sizeInBytes();
            Letter.Content content = Letter.Content.of(-1, record, DeadReason.MAXLEN, queue, nowMs);
            for (Target target : routes.route(queue.definition().vhost(), content)) {
                QueueRuntime to = target.queue();
                if (to == null || !content.deaths().isCycle(to.definition().name(), DeadReason.MAXLEN)) {
                    batches.computeIfAbsent(target, t -> new LetterBatch())
                            .add(new Letter(-1, DeadReason.MAXLEN), content, target, nowMs);
                }
            }
        }
        batches.forEach((target, letters) -> letters.send(target, nowMs, letter -> {}));
    }
}
