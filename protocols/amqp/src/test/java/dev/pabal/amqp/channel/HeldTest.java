package dev.pabal.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.AmqpLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldTest {
    private static final int MAX_BYTES = 1_000;

    private final FakeLink link = new FakeLink();
    private final List<String> done = new ArrayList<>();
    private final Held held = new Held(link, () -> done.add("flush"));
    private final ServerChannel one = link.channel(1);
    private final ServerChannel two = link.channel(2);
    /** Batches from this number on find the disk full. */
    private long fullFrom = Long.MAX_VALUE;

    HeldTest() {
        AmqpLimits usual = AmqpLimits.defaults();
        link.limits = new AmqpLimits(
                usual.frameMax(),
                usual.initialFrameMax(),
                usual.channelMax(),
                usual.heartbeatSeconds(),
                usual.handshakeTimeoutMs(),
                usual.maxMessageBytes(),
                MAX_BYTES);
    }

    @AfterEach
    void forgetAll() {
        held.drop();
    }

    private record FakeMessage(String name, ServerChannel channel, int sizeInBytes, List<String> done, boolean fails)
            implements Held.Message {
        @Override
        public boolean publish() {
            done.add(name);
            return !fails;
        }
    }

    private final class FakeBatch implements Held.Batch {
        private final long number;

        FakeBatch(long number) {
            this.number = number;
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public int records() {
            return 1;
        }

        @Override
        public int sizeInBytes() {
            return 100;
        }

        @Override
        public void again() {
            if (number >= fullFrom) {
                held.add(this);
            } else {
                done.add("batch " + number);
            }
        }

        @Override
        public void drop() {
            done.add("dropped " + number);
        }
    }

    private FakeMessage message(String name, ServerChannel channel) {
        return new FakeMessage(name, channel, 100, done, false);
    }

    @Test
    void refusedBatchesGoFirstInTheirOrderAndMessagesAfterThem() {
        held.add(new FakeBatch(2));
        assertThat(held.holding()).isTrue();
        held.add(message("a", one));
        held.add(message("b", two));
        held.add(new FakeBatch(1));
        held.release();
        assertThat(done).containsExactly("batch 1", "batch 2", "a", "b", "flush");
        assertThat(held.holding()).isFalse();
        assertThat(held.isEmpty()).isTrue();
    }

    @Test
    void whatIsRefusedAgainGoesOnWaitingBeforeWhatFollows() {
        held.add(new FakeBatch(1));
        held.add(new FakeBatch(2));
        held.add(new FakeBatch(3));
        held.add(message("a", one));
        fullFrom = 2;
        held.release();
        assertThat(done).containsExactly("batch 1", "flush");
        assertThat(held.holding()).isTrue();
        assertThat(held.holdsBatches()).isTrue();
        fullFrom = Long.MAX_VALUE;
        held.release();
        assertThat(done).containsExactly("batch 1", "flush", "batch 2", "batch 3", "a", "flush");
    }

    @Test
    void whatFollowsAFailureOnItsChannelIsIgnoredAndOtherChannelsGoOn() {
        held.hold();
        held.add(new FakeMessage("bad", one, 100, done, true));
        held.add(message("after", one));
        held.add(message("other", two));
        held.release();
        assertThat(done).containsExactly("bad", "other", "flush");
    }

    @Test
    void beyondTheBoundTheSocketIsNotReadUntilNothingIsHeld() {
        held.hold();
        for (int i = 0; i < 10; i++) {
            held.add(message("m", one));
        }
        assertThat(link.suspensions).isZero();
        held.add(message("m", one));
        held.add(new FakeBatch(1));
        assertThat(link.suspensions).isEqualTo(1);
        fullFrom = 1;
        held.release();
        assertThat(link.suspensions).isEqualTo(1);
        fullFrom = Long.MAX_VALUE;
        held.release();
        assertThat(link.suspensions).isZero();
    }

    @Test
    void whoWaitsIsToldWhenTheStoreHasTakenEverything() {
        held.add(new FakeBatch(1));
        held.add(message("a", one));
        CompletableFuture<Boolean> room = held.room();
        CompletableFuture<Boolean> gone = held.gone();
        fullFrom = 1;
        held.release();
        assertThat(room).isNotDone();
        assertThat(gone).isNotDone();
        fullFrom = Long.MAX_VALUE;
        held.release();
        assertThat(room).isCompleted();
        assertThat(gone).isCompleted();
        assertThat(held.room()).isCompleted();
        assertThat(held.gone()).isCompleted();
    }

    @Test
    void aChannelWaitsForItsOwnMessagesAndForAllBatches() {
        held.hold();
        assertThat(held.gone()).isCompleted();
        assertThat(held.room()).isNotDone();
        held.add(message("a", one));
        assertThat(held.gone(two)).isCompleted();
        assertThat(held.gone(one)).isNotDone();
        held.add(new FakeBatch(1));
        assertThat(held.gone(two)).isNotDone();
    }

    @Test
    void theEndOfTheConnectionDropsEverythingAndReleasesWhoWaits() {
        held.add(new FakeBatch(1));
        held.add(message("a", one));
        CompletableFuture<Boolean> gone = held.gone();
        held.drop();
        assertThat(done).containsExactly("dropped 1");
        assertThat(gone).isCompleted();
        assertThat(held.holding()).isFalse();
        held.add(new FakeBatch(2));
        assertThat(done).containsExactly("dropped 1", "dropped 2");
        assertThat(held.isEmpty()).isTrue();
    }
}
