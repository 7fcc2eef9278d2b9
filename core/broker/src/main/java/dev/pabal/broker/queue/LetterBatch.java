package dev.pabal.broker.queue;

import dev.pabal.broker.queue.DeadLetterRoutes.Target;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.BatchMemory;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Dead letters for one target, appended together. */
final class LetterBatch {
    private static final BatchMemory MEMORY = new BatchMemory(4 << 20);

    private final AmqpBatch batch = new AmqpBatch(MEMORY);
    private final List<Letter> letters = new ArrayList<>();
    private final List<IndexEntry> index = new ArrayList<>(0);

    void add(Letter letter, Letter.Content content, Target target, long nowMs) {
        ByteBuffer properties = content.properties();
        batch.add(
                content.exchange().getBytes(StandardCharsets.UTF_8),
                content.routingKey().getBytes(StandardCharsets.UTF_8),
                properties,
                0,
                properties.limit(),
                content.body(),
                content.bodyAt(),
                content.bodyLength());
        QueueRuntime queue = target.queue();
        IndexEntry entry = queue == null
                ? null
                : RecordIndex.of(letters.size(), content.parsed(), queue.settings(), nowMs, target.delayMs());
        if (entry != null) {
            index.add(entry);
        }
        letters.add(letter);
    }

    /** Appends them; each letter for which this was the last append is shown, on any thread. */
    void send(Target target, long nowMs, Consumer<Letter> ended) {
        int records = batch.records();
        long bodyBytes = batch.bodyBytes();
        ByteBuffer sealed = batch.seal(nowMs);
        CompletableFuture<?> durable = target.publish(
                new PublishBatch(sealed, records, bodyBytes, List.copyOf(index), () -> MEMORY.giveBack(sealed)));
        durable.whenComplete((produced, error) -> {
            for (Letter letter : letters) {
                if (letter.ended(target.partition(), error == null)) {
                    ended.accept(letter);
                }
            }
        });
    }
}
