package dev.pabal.amqp.channel;

import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.PublishBatch;
import dev.pabal.message.AmqpBatch;
import dev.pabal.message.AmqpHeaders;
import dev.pabal.message.BatchMemory;
import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A queue or partition that one connection publishes to, with the batch that is being gathered for it. On the connection's event loop. */
final class Target {
    private final @Nullable MessageQueue queue;
    private final @Nullable Partition partition;
    private final ForeignQueues.@Nullable Address address;
    private final BatchMemory memory;
    private final AmqpBatch batch;
    private List<IndexEntry> index = List.of();
    /** Ranges of confirms that the batch has messages of, with their numbers; only for channels in confirm mode. */
    private @Nullable Refusals numbers;

    private @Nullable Refusals lastNumbers;
    /** Whether the batch has messages whose sender would not hear that they are refused. */
    private boolean unconfirmed;

    private Target(
            @Nullable MessageQueue queue,
            @Nullable Partition partition,
            ForeignQueues.@Nullable Address address,
            AmqpHeaders headers,
            BatchMemory memory) {
        this.queue = queue;
        this.partition = partition;
        this.address = address;
        this.memory = memory;
        this.batch = new AmqpBatch(memory, headers);
    }

    static Target of(MessageQueue queue, AmqpHeaders headers, BatchMemory memory) {
        return new Target(queue, null, null, headers, memory);
    }

    static Target of(Partition partition, AmqpHeaders headers, BatchMemory memory) {
        return new Target(null, partition, null, headers, memory);
    }

    static Target of(ForeignQueues.Address address, AmqpHeaders headers, BatchMemory memory) {
        return new Target(null, null, address, headers, memory);
    }

    boolean is(ForeignQueues.Address other) {
        return other.equals(address);
    }

    @Nullable
    MessageQueue queue() {
        return queue;
    }

    /** What it is called, for people. */
    String name() {
        if (queue != null) {
            return queue.definition().name();
        }
        return partition == null ? ForeignQueues.REPLIES : partition.topic();
    }

    /** Whether it refuses what is too much: a batch is refused whole, so that each message goes alone, and as many get in as there is room for. */
    boolean rejects() {
        return queue != null && queue.settings().rejects();
    }

    AmqpBatch batch() {
        return batch;
    }

    boolean empty() {
        return batch.records() == 0;
    }

    /** Something is out of the ordinary about the message that comes next. */
    void index(int priority, long expiresAtMs, long dueAtMs) {
        if (index.isEmpty()) {
            index = new ArrayList<>();
        }
        index.add(new IndexEntry(batch.records(), priority, expiresAtMs, dueAtMs, 0, null));
    }

    /** The message that was just added has this number: needed should the batch be refused. */
    void numbered(Confirms.Range range, long number) {
        if (lastNumbers == null) {
            numbers = new Refusals(range, number);
            lastNumbers = numbers;
        } else {
            lastNumbers = lastNumbers.add(range, number);
        }
    }

    /** Nobody would be told of the message that was just added, should the batch be refused. */
    void unconfirmed() {
        unconfirmed = true;
    }

    /** Seals the batch: what comes next belongs to another one. */
    SealedBatch seal(Publishes publishes, PublishGroup group, long number, long nowMs) {
        int records = batch.records();
        long bodyBytes = batch.bodyBytes();
        SealedBatch sealed = new SealedBatch(
                publishes, this, group, number, batch.seal(nowMs), records, bodyBytes, index, numbers, unconfirmed);
        index = List.of();
        numbers = null;
        lastNumbers = null;
        unconfirmed = false;
        return sealed;
    }

    /** Appends a batch of {@link #seal}. */
    CompletableFuture<?> append(
            ByteBuffer sealed, int records, long bodyBytes, List<IndexEntry> entries, Runnable released) {
        if (queue != null) {
            return queue.publish(new PublishBatch(sealed, records, bodyBytes, entries, released));
        }
        if (partition != null) {
            return partition.produce(sealed, released);
        }
        return java.util.Objects.requireNonNull(address).accept(sealed, released);
    }

    /** Nobody needs the memory of a batch any more. Any thread. */
    void giveBack(ByteBuffer sealed) {
        memory.giveBack(sealed);
    }

    /** Numbers of the messages in a batch, as a chain of runs, mostly of one: told to their ranges where the batch is refused. */
    static final class Refusals {
        private final Confirms.Range range;
        private final long from;
        private long to;
        private @Nullable Refusals next;

        Refusals(Confirms.Range range, long number) {
            this.range = range;
            this.from = number;
            this.to = number;
        }

        /** Adds a number to this run, the last one; returns the run that is the last one then. */
        Refusals add(Confirms.Range ofRange, long number) {
            if (ofRange == range && to == number - 1) {
                to = number;
                return this;
            }
            Refusals added = new Refusals(ofRange, number);
            next = added;
            return added;
        }

        void refuse() {
            for (Refusals run = this; run != null; run = run.next) {
                for (long n = run.from; n <= run.to; n++) {
                    run.range.refuse(n);
                }
            }
        }
    }
}
