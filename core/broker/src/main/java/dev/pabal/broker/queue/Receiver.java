package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.queue.Acquired;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who receives, from the request to the answer. Its fields are the shard's thread's; its methods of {@link Reception} anybody's. */
final class Receiver implements Reception, QueueCommand {
    private final QueueRuntime queue;
    final ReceiveOptions options;
    private final CompletableFuture<@Nullable Deliveries> answer = new CompletableFuture<>();

    /** When it waits no longer, wall ms. */
    long untilMs;
    /** Tells receivers of the same time apart. */
    long number;
    /** Its neighbours among those who wait. */
    @Nullable
    Receiver before;

    @Nullable
    Receiver after;
    /** Whether it stands among those who wait. */
    boolean listed;
    /** What it has been handed so far, null for nothing. */
    private @Nullable DeliveryBatch batch;

    private long lastOffset = -1;

    Receiver(QueueRuntime queue, ReceiveOptions options) {
        this.queue = queue;
        this.options = options;
    }

    @Override
    public CompletableFuture<@Nullable Deliveries> answer() {
        return answer;
    }

    @Override
    public void cancel() {
        if (!answer.isDone()) {
            queue.run(core -> core.receivers().cancel(this));
        }
    }

    @Override
    public void run(QueueCore core) {
        BrokerException trouble = core.shard().journalTrouble();
        if (trouble != null) {
            // Each attempt would leave entries in a journal that takes none.
            fail(trouble);
        } else {
            core.receivers().add(this);
        }
    }

    @Override
    public void refused(RuntimeException why) {
        fail(why);
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    /** Whether it has been handed anything. */
    boolean isBegun() {
        return batch != null;
    }

    /** How many it has been handed. */
    int size() {
        return batch == null ? 0 : batch.size();
    }

    /** The message that it was handed last. */
    long lastOffset() {
        return lastOffset;
    }

    /** Whether one more record of that size is too much. */
    boolean isTooMuch(int sizeInBytes) {
        return batch != null && batch.windowBytes() + sizeInBytes > options.maxBytes();
    }

    /** Hands it a message; whether it takes no more. */
    boolean hand(Acquired message, FoundRecord found) {
        DeliveryBatch gathering = batch;
        if (gathering == null) {
            gathering = new DeliveryBatch(queue);
            batch = gathering;
        }
        gathering.add(message, found);
        lastOffset = message.offset;
        return gathering.size() >= options.maxMessages() || gathering.windowBytes() >= options.maxBytes();
    }

    /** Answers with what it was handed, or with nothing. */
    void answer(long readyAfter) {
        DeliveryBatch handed = batch;
        batch = null;
        if (handed != null) {
            handed.readyAfter(readyAfter);
        }
        if (!answer.complete(handed) && handed != null) {
            handed.close();
        }
    }

    void fail(RuntimeException why) {
        DeliveryBatch handed = takeBack();
        if (handed != null) {
            handed.close();
        }
        answer.completeExceptionally(why);
    }

    /** What it was handed and not answered with, null for nothing. */
    @Nullable
    DeliveryBatch takeBack() {
        DeliveryBatch handed = batch;
        batch = null;
        return handed;
    }
}
