package dev.pabal.amqp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger lost = new AtomicInteger();
    private final Heartbeat heartbeat =
            new Heartbeat(channel.eventLoop(), new Outbox(channel, () -> {}, bytes -> {}), lost::incrementAndGet);

    @BeforeEach
    void start() {
        channel.freezeTime();
        heartbeat.start(10);
    }

    @AfterEach
    void stop() {
        heartbeat.stop();
        channel.finishAndReleaseAll();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    @Test
    void aClientOfWhomNothingComesForTwoIntervalsIsGone() {
        for (int half = 0; half < 3; half++) {
            pass(5);
        }
        assertThat(lost).hasValue(0);
        pass(5);
        assertThat(lost).hasValue(1);
    }

    @Test
    void whoIsHeardStaysAndIsToldThatTheBrokerIsThere() {
        for (int half = 0; half < 20; half++) {
            heartbeat.heard();
            pass(5);
        }
        assertThat(lost).hasValue(0);
        assertThat(channel.outboundMessages()).isNotEmpty();
    }

    /** What the client has sent meanwhile lies in its socket, and is read after the ticks that were due. */
    @Test
    void aLoopThatStoodStillDoesNotTakeItsOwnSilenceForTheClients() {
        pass(5);
        pass(60);
        assertThat(lost).hasValue(0);
        heartbeat.heard();
        for (int half = 0; half < 3; half++) {
            pass(5);
        }
        assertThat(lost).hasValue(0);
    }
}
