package dev.pabal.logkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogId;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Start and end of each rule's store, and the few words that rules are written in. */
abstract class ContractBase {
    static final LogId ID = new LogId(new UUID(7, 7), 0);
    static final int MIB = 1 << 20;

    final ManualClock clock = new ManualClock(1_700_000_000_000L);

    @SuppressWarnings("NullAway.Init")
    StoreUnderTest subject;

    @SuppressWarnings("NullAway.Init")
    LogStore store;

    /**
     * A store with nothing in it.
     *
     * @param states what the store attaches to its logs
     * @param clock the time that it must go by
     */
    protected abstract StoreUnderTest start(LogState.Factory states, Clock clock) throws Exception;

    /** The largest append that the store must take, in bytes. */
    protected int largestAppendInBytes() {
        return 8 * MIB;
    }

    @BeforeEach
    final void startStore() throws Exception {
        subject = start(id -> new RecordingState(), clock);
        store = subject.store();
    }

    @AfterEach
    final void endStore() throws Exception {
        if (subject != null) {
            subject.close();
        }
    }

    Log open() {
        return open(ID);
    }

    Log open(LogId id) {
        return store.open(id, LogConfig.DEFAULT.keepForever());
    }

    static LogId id(int n) {
        return new LogId(new UUID(n, 1), n % 7);
    }

    /** Appends one batch of these values and waits until it is durable. */
    static Append append(Log log, String... values) {
        return appendAndWait(log, Batches.of(values));
    }

    static Append appendAndWait(Log log, ByteBuffer batches) {
        Append append = log.append(batches, null);
        LogReader.await(append.durable());
        return append;
    }

    static List<String> values(Log log) {
        return LogReader.values(LogReader.readAll(log, MIB));
    }

    /** The reason why a call was refused; fails where it was not, or not with a {@link LogException}. */
    static LogException.Reason refusal(Callable<?> call) {
        Throwable thrown = catchThrowable(call::call);
        assertThat(thrown).isInstanceOf(LogException.class);
        return ((LogException) thrown).reason();
    }

    /** Stops and starts the store; logs must be opened again. */
    void restart() throws Exception {
        store = subject.restart();
    }

    /** Crashes and starts the store; logs must be opened again. */
    void crash() throws Exception {
        store = subject.crash();
    }
}
