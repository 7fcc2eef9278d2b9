package dev.pabal.amqp.stream;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.log.LogRead;
import dev.pabal.message.AmqpRecord;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One partition's part of a stream consumer: reads ahead by one piece at most, and waits where nothing is stored yet. On the connection's
 * event loop but where said otherwise.
 */
final class PartitionReader {
    /** Bytes asked for at once; one batch more than that may be held. */
    private static final int READ_BYTES = 64 << 10;

    /** Who is told, on any thread, that a reader has something to do. */
    interface Listener {
        void wake();
    }

    private record Arrival(@Nullable LogRead read, @Nullable Throwable error) {}

    private final Partition partition;
    private final Listener listener;
    private final AtomicReference<@Nullable Arrival> arrived = new AtomicReference<>();
    private long nextOffset;
    private @Nullable RecordCursor cursor;
    private boolean reading;
    /** End of the read that is under way or was the last. */
    private long readEnd;
    /** Set by any thread when the wait is over. */
    private volatile boolean waiting;

    private Partition.@Nullable Waiter waiter;
    private volatile boolean closed;

    PartitionReader(Partition partition, long from, Listener listener) {
        this.partition = partition;
        this.nextOffset = from;
        this.listener = listener;
    }

    Partition partition() {
        return partition;
    }

    /**
     * Goes to the next record at hand.
     *
     * @return its offset, -1 where none is at hand: a read is then under way, or the reader waits
     * @throws BrokerException where the partition cannot be read any more
     */
    long next(AmqpRecord out) {
        take();
        while (cursor != null) {
            long offset = cursor.next(out);
            if (offset >= 0) {
                return offset;
            }
            // A read without a batch: what was before its end was compacted away.
            nextOffset = cursor.isEmpty() ? readEnd : cursor.nextOffset();
            cursor.close();
            cursor = null;
            fill();
            take();
        }
        fill();
        return -1;
    }

    /** Gives the log's memory back until the next call of {@link #next}. */
    void rest() {
        if (cursor != null) {
            cursor.keep();
        }
    }

    private void take() {
        Arrival arrival = arrived.getAndSet(null);
        if (arrival == null) {
            return;
        }
        reading = false;
        Throwable error = arrival.error();
        if (error != null) {
            Throwable cause = Cause.of(error);
            boolean trimmed = cause instanceof BrokerException e && e.refusal() == Refusal.OFFSET_OUT_OF_RANGE;
            if (!trimmed) {
                throw cause instanceof BrokerException e
                        ? e
                        : new BrokerException(Refusal.STORAGE, "a read failed: " + cause.getMessage(), cause);
            }
        } else if (arrival.read() != null) {
            cursor = new RecordCursor(arrival.read(), nextOffset);
        }
    }

    private void fill() {
        if (reading || waiting || closed || cursor != null) {
            return;
        }
        if (partition.deleted()) {
            throw new BrokerException(Refusal.UNKNOWN_TOPIC, "the stream was deleted");
        }
        // What retention has taken is passed over.
        nextOffset = Math.max(nextOffset, partition.log().startOffset());
        long end = partition.log().durableEnd();
        if (nextOffset >= end) {
            waiting = true;
            waiter = partition.awaitDurable(nextOffset, this::waited);
            return;
        }
        reading = true;
        readEnd = end;
        partition.read(nextOffset, end, READ_BYTES).whenComplete(this::read);
    }

    /** Any thread. */
    private void waited() {
        waiting = false;
        listener.wake();
    }

    /** Any thread. */
    private void read(@Nullable LogRead read, @Nullable Throwable error) {
        arrived.set(new Arrival(read, error));
        if (closed) {
            discard();
        } else {
            listener.wake();
        }
    }

    private void discard() {
        Arrival arrival = arrived.getAndSet(null);
        if (arrival != null && arrival.read() != null) {
            arrival.read().close();
        }
    }

    void close() {
        closed = true;
        discard();
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        if (waiter != null) {
            waiter.cancel();
        }
    }
}
