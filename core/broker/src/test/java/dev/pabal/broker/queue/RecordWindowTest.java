package dev.pabal.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.queue.RecordWindow.Place;
import dev.pabal.log.Log;
import dev.pabal.log.LogException;
import dev.pabal.log.LogRead;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RecordWindowTest {
    private final ArrayDeque<CompletableFuture<LogRead>> reads = new ArrayDeque<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private int arrivals;
    private final RecordWindow window =
            new RecordWindow(slowLog(), Runnable::run, later::add, () -> arrivals++, RecordWindow.MANY_WALKS);

    /** A log whose reads are answered by the test. */
    private Log slowLog() {
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("startOffset")) {
                        return 0L;
                    }
                    CompletableFuture<LogRead> read = new CompletableFuture<>();
                    reads.add(read);
                    return read;
                });
    }

    @Test
    void aReadThatFailsLaterIsToldOnceAndThenTriedAgain() {
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        reads.remove().completeExceptionally(new LogException(LogException.Reason.IO, "the disk is broken"));
        assertThat(window.locate(5)).isEqualTo(Place.FAILED);
        assertThat(window.failure()).hasMessageContaining("broken");
        assertThat(reads).isEmpty();
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        assertThat(reads).hasSize(1);
    }

    @Test
    void aReadThatTheStoreIsTooBusyForIsMadeAgainAndNobodyIsTold() {
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        reads.remove().completeExceptionally(new LogException(LogException.Reason.BUSY, "too many reads wait"));
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        assertThat(reads).as("not at once").isEmpty();
        assertThat(arrivals).isZero();
        later.remove().run();
        assertThat(arrivals).isEqualTo(1);
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        assertThat(reads).hasSize(1);
    }

    @Test
    void whatIsExpectedIsReadBesideWhatIsAwaitedAndOnce() {
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        for (long offset = 5_000; offset < 100_000; offset += 5_000) {
            window.expect(offset);
            window.expect(offset);
        }
        assertThat(reads).hasSize(RecordWindow.MAX_PENDING);
        assertThat(window.locate(5_000)).isEqualTo(Place.PENDING);
        assertThat(reads).hasSize(RecordWindow.MAX_PENDING);
        reads.remove();
        reads.remove().completeExceptionally(new LogException(LogException.Reason.IO, "the disk is broken"));
        assertThat(window.locate(5_000)).isEqualTo(Place.FAILED);
        assertThat(window.locate(5)).as("its own read is still under way").isEqualTo(Place.PENDING);
    }

    @Test
    void eachOfSeveralReadsThatFailIsTold() {
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        for (long offset = 5_000; offset < 100_000; offset += 5_000) {
            window.expect(offset);
        }
        while (!reads.isEmpty()) {
            reads.remove().completeExceptionally(new LogException(LogException.Reason.IO, "the disk is broken"));
        }
        assertThat(window.locate(5)).as("others failed after it").isEqualTo(Place.FAILED);
        assertThat(window.locate(5_000)).isEqualTo(Place.FAILED);
        assertThat(window.failure()).hasMessageContaining("broken");
        assertThat(reads).as("nothing is read again before that").isEmpty();
    }

    @Test
    void aFailureThatNobodyAskedForAgainIsNotToldToThoseWhoComeLater() {
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
        reads.remove().completeExceptionally(new LogException(LogException.Reason.IO, "the disk is broken"));
        window.release();
        assertThat(window.locate(5)).isEqualTo(Place.PENDING);
    }
}
