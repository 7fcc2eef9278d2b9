package dev.pabal.amqp.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.codec.Frames;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement;
import dev.pabal.broker.queue.Settlement.Outcome;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedLimitTest {
    private final FakeLink link = new FakeLink();
    private final ServerChannel channel = link.channel(1);
    private final SharedLimit shared = channel.consumers().shared();
    private final FakeQueue fake = new FakeQueue();
    private final MessageQueue queue = fake.queue();
    private final Consumer first = consumer("first", false);
    private final Consumer second = consumer("second", false);

    private Consumer consumer(String tag, boolean noAck) {
        return new Consumer(channel, tag, queue, noAck, 100, 0);
    }

    private void take(Consumer consumer, long offset, String... bodies) {
        try (FakeDeliveries deliveries = new FakeDeliveries(queue, offset, bodies)) {
            channel.write(consumer, deliveries);
        }
    }

    /** Bodies written since the last call. */
    private List<String> written() {
        ByteBuf out = link.out();
        List<String> bodies = new ArrayList<>();
        while (out.isReadable()) {
            int at = out.readerIndex();
            int size = (int) out.getUnsignedInt(at + 3);
            if (out.getByte(at) == Frames.BODY) {
                bodies.add(out.toString(at + Frames.HEADER_BYTES, size, UTF_8));
            }
            out.skipBytes(size + Frames.OVERHEAD_BYTES);
        }
        return bodies;
    }

    private void settle(long tag) {
        channel.unsettled().settle(tag, Outcome.ACK);
        shared.release();
    }

    @Test
    void withoutALimitEverythingIsWrittenAtOnce() {
        assertThat(shared.applies(first)).isFalse();
        assertThat(shared.within(10)).isEqualTo(10);
        take(first, 0, "a", "b", "c");
        assertThat(written()).containsExactly("a", "b", "c");
    }

    @Test
    void allConsumersTogetherHoldNoMoreThanTheLimit() {
        shared.limit(2);
        assertThat(shared.within(10)).isEqualTo(2);
        assertThat(shared.within(1)).isEqualTo(1);
        take(first, 0, "a", "b", "c");
        take(second, 10, "d");
        assertThat(written()).containsExactly("a", "b");
        settle(2);
        assertThat(written()).containsExactly("c");
        settle(1);
        assertThat(written()).containsExactly("d");
        settle(3);
        assertThat(written()).isEmpty();
    }

    @Test
    void whatIsGotOneByOneAndWhatNeedsNoSettlingDoesNotCount() {
        Consumer noAck = consumer("third", true);
        shared.limit(1);
        channel.unsettled().add(new Getter(link, queue), 50, 0);
        assertThat(shared.applies(noAck)).isFalse();
        take(noAck, 20, "x", "y");
        take(first, 0, "a", "b");
        assertThat(written()).containsExactly("x", "y", "a");
    }

    @Test
    void whatNeedsNoSettlingWaitsForRoomAndTakesNone() {
        shared.limit(1);
        Consumer noAck = consumer("third", true);
        take(first, 0, "a");
        take(noAck, 20, "x", "y");
        assertThat(written()).containsExactly("a");
        assertThat(fake.settlements).isEmpty();
        settle(1);
        assertThat(written()).containsExactly("x", "y");
        assertThat(fake.settlements).hasSize(2).allSatisfy(settlement -> assertThat(settlement.outcome())
                .isEqualTo(Outcome.ACK));
        assertThat(link.settling).as("listed until the link comes for it").containsOnlyOnce(noAck);
        take(first, 1, "b");
        assertThat(written()).containsExactly("b");
    }

    @Test
    void aHigherLimitLetsMoreThroughAndNoneAll() {
        shared.limit(1);
        take(first, 0, "a", "b", "c", "d");
        assertThat(written()).containsExactly("a");
        shared.limit(3);
        assertThat(written()).containsExactly("b", "c");
        shared.limit(0);
        assertThat(written()).containsExactly("d");
        assertThat(shared.applies(first)).isFalse();
    }

    @Test
    void theBytesOfABatchAreGivenBackWithItsLastMessage() {
        shared.limit(1);
        take(first, 0, "a", "b");
        assertThat(first.unsentBytes()).isZero();
        settle(1);
        assertThat(first.unsentBytes()).isPositive();
    }

    @Test
    void whatWaitedForACancelledConsumerGoesBackToItsQueue() {
        shared.limit(1);
        take(first, 0, "a", "b");
        take(second, 10, "c");
        first.stop();
        shared.cancelled(first);
        first.handOver();
        assertThat(fake.settlements).hasSize(1);
        Settlement back = fake.settlements.get(0);
        assertThat(back.outcome()).isEqualTo(Outcome.RELEASE);
        assertThat(back.size()).isEqualTo(1);
        assertThat(back.offset(0)).isEqualTo(1);
        assertThat(written()).containsExactly("a");
        settle(1);
        assertThat(written()).containsExactly("c");
    }

    @Test
    void aRecordThatIsNoneIsDiscardedAndTheRestGoesOn() {
        shared.limit(5);
        FakeDeliveries broken = new FakeDeliveries(queue, 0, "a", "b", "c");
        broken.buffer(1).put(broken.position(1), (byte) 0x7f);
        channel.write(first, broken);
        assertThat(fake.settlements).hasSize(1);
        assertThat(fake.settlements.get(0).outcome()).isEqualTo(Outcome.DISCARD);
        assertThat(fake.settlements.get(0).offset(0)).isEqualTo(1);
        assertThat(written()).containsExactly("a", "c");
    }
}
