package dev.pabal.amqp.channel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.codec.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
        frame(channel, Frames.METHOD, new byte[] {0, 20, 0, 10, 0});
        ByteBuffer publish = ByteBuffer.allocate(64)
                .putShort((short) 60)
                .putShort((short) 40)
                .putShort((short) 0);
        publish.put((byte) 0)
                .put((byte) 1)
                .put("q".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0);
        frame(channel, Frames.METHOD, bytes(publish));
        ByteBuffer header = ByteBuffer.allocate(14)
                .putShort((short) 60)
                .putShort((short) 0)
                .putLong(LARGE)
                .putShort((short) 0);
        frame(channel, Frames.CONTENT_HEADER, bytes(header));
        return channel;
    }

    private static byte[] bytes(ByteBuffer filled) {
        byte[] bytes = new byte[filled.flip().remaining()];
        filled.get(bytes);
        return bytes;
    }

    private static void frame(ServerChannel channel, int type, byte[] bytes) {
        channel.frame(type, ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Test
    void allThatIsThereIsTakenAndNoMore() {
        Budget left = memory.incompleteBytes();
        long total = left.left();
        int fit = (int) (total / LARGE);
        byte[] most = new byte[LARGE - 1];
        for (int i = 1; i <= fit; i++) {
            frame(announced(i % 2 == 0 ? one : two, i), Frames.BODY, most);
        }
        assertThat(one.failure).isNull();
        assertThat(two.failure).isNull();

        ServerChannel late = announced(one, fit + 1);
        frame(late, Frames.BODY, most);
        AmqpException failure = requireNonNull(one.failure);
        assertThat(failure.code()).isEqualTo(ReplyCode.RESOURCE_ERROR);
        assertThat(left.left()).isEqualTo(total - (long) fit * (LARGE - 1));
    }

    @Test
    void whatHasComeGoesWithTheChannel() {
        long total = memory.incompleteBytes().left();
        ServerChannel channel = announced(one, 1);
        frame(channel, Frames.BODY, new byte[1000]);
        assertThat(memory.incompleteBytes().left()).isEqualTo(total - 1000);
        frame(channel, Frames.BODY, new byte[1000]);
        assertThat(memory.incompleteBytes().left()).isEqualTo(total - 2000);
        channel.connectionEnded();
        assertThat(memory.incompleteBytes().left()).isEqualTo(total);
    }
}
