package dev.pabal.amqp.channel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bodies of which frames are missing are bounded for all connections together. */
class IncompleteBodyTest {
    private static final int LARGE = 8 << 20;

    private final SharedMemory memory = SharedMemory.forHeap(64 << 20);
    private final FakeLink one = new FakeLink(memory);
    private final FakeLink two = new FakeLink(memory);

    /** A channel that has had a message's method and header. */
    private static ServerChannel announced(FakeLink link, int number) {
        ServerChannel channel = link.channel(number);
        Sent.open(channel);
        Sent.announce(channel, "q", LARGE);
        return channel;
    }

    @Test
    void allThatIsThereIsTakenAndNoMore() {
        Budget left = memory.incompleteBytes();
        long total = left.left();
        int fit = (int) (total / LARGE);
        byte[] most = new byte[LARGE - 1];
        for (int i = 1; i <= fit; i++) {
            Sent.body(announced(i % 2 == 0 ? one : two, i), most);
        }
        assertThat(one.failure).isNull();
        assertThat(two.failure).isNull();

        ServerChannel late = announced(one, fit + 1);
        Sent.body(late, most);
        AmqpException failure = requireNonNull(one.failure);
        assertThat(failure.code()).isEqualTo(ReplyCode.RESOURCE_ERROR);
        assertThat(left.left()).isEqualTo(total - (long) fit * (LARGE - 1));
    }

    @Test
    void whatHasComeGoesWithTheChannel() {
        long total = memory.incompleteBytes().left();
        ServerChannel channel = announced(one, 1);
        Sent.body(channel, new byte[1000]);
        assertThat(memory.incompleteBytes().left()).isEqualTo(total - 1000);
        Sent.body(channel, new byte[1000]);
        assertThat(memory.incompleteBytes().left()).isEqualTo(total - 2000);
        channel.connectionEnded();
        assertThat(memory.incompleteBytes().left()).isEqualTo(total);
    }

    @Test
    void largePropertiesCountToo() {
        long total = memory.incompleteBytes().left();
        ServerChannel channel = one.channel(1);
        Sent.open(channel);
        Sent.announce(channel, "q", 10, 100_000);
        assertThat(memory.incompleteBytes().left()).isEqualTo(total - 100_013);
        channel.connectionEnded();
        assertThat(memory.incompleteBytes().left()).isEqualTo(total);
    }
}
