package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Failures;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Callback;
import org.jspecify.annotations.Nullable;

/** Counts what the broker has acknowledged and keeps the first failure. Any thread. */
final class Acknowledgements {
    private final LongAdder expected = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** The callback for one more record of {@code sizeInBytes}. */
    Callback expect(int sizeInBytes) {
        expected.increment();
        return (metadata, error) -> {
            if (error == null) {
                records.increment();
                bytes.add(sizeInBytes);
            } else {
                failure.compareAndSet(null, error);
            }
        };
    }

    boolean failed() {
        return failure.get() != null;
    }

    long records() {
        return records.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    /** @throws CommandFailure where not every record was acknowledged */
    void check() {
        Exception first = failure.get();
        if (first != null) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    (expected.sum() - records.sum()) + " of " + expected.sum() + " records sent were not acknowledged: "
                            + Failures.sentence(first));
        }
    }
}
