package dev.pabal.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.codec.method.BasicAck;
import dev.pabal.amqp.codec.method.BasicNack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmsTest {
    private static final int CHANNEL = 7;
    /** Type, channel and size of a frame, and the class and method in it. */
    private static final int TAG_AT = 11;

    private final Confirms confirms = new Confirms();

    private Confirms.Range range(int messages) {
        Confirms.Range range = confirms.begin(confirms.take());
        for (int i = 1; i < messages; i++) {
            range.to = confirms.take();
        }
        return range;
    }

    /** What is written now, in words. */
    private List<String> written() {
        ByteBuf out = Unpooled.buffer();
        confirms.write(out, CHANNEL);
        List<String> frames = new ArrayList<>();
        while (out.isReadable()) {
            int at = out.readerIndex();
            assertThat(out.getUnsignedShort(at + 1)).isEqualTo(CHANNEL);
            int method = out.getInt(at + 7);
            String word = method == BasicAck.ID ? "ack " : method == BasicNack.ID ? "nack " : "? ";
            int flags = out.getByte(at + TAG_AT + 8);
            frames.add(word + out.getLong(at + TAG_AT) + ((flags & 1) != 0 ? " multiple" : ""));
            out.skipBytes(8 + (int) out.getUnsignedInt(at + 3));
        }
        return frames;
    }

    @Test
    void oneFrameConfirmsAllThatIsDoneInOrder() {
        Confirms.Range first = range(1);
        Confirms.Range second = range(4);
        Confirms.Range third = range(2);
        second.done();
        assertThat(written()).isEmpty();
        first.done();
        assertThat(written()).containsExactly("ack 5 multiple");
        assertThat(confirms.settled()).isFalse();
        assertThat(confirms.unconfirmed()).isEqualTo(2);
        third.done();
        assertThat(written()).containsExactly("ack 7 multiple");
        assertThat(confirms.settled()).isTrue();
        assertThat(confirms.unconfirmed()).isZero();
    }

    @Test
    void aSingleMessageIsConfirmedAsOne() {
        range(1).done();
        assertThat(written()).containsExactly("ack 1");
        assertThat(written()).isEmpty();
    }

    @Test
    void refusedOnesAreSaidOneByOneInOrder() {
        Confirms.Range range = range(6);
        range.refuse(5);
        range.refuse(2);
        range.refuse(5);
        range.done();
        assertThat(written()).containsExactly("ack 1", "nack 2", "ack 4 multiple", "nack 5", "ack 6");
    }

    @Test
    void refusalsAtTheEdgesAndOfWholeRanges() {
        Confirms.Range first = range(1);
        Confirms.Range second = range(2);
        Confirms.Range third = range(2);
        first.refuse(1);
        second.refuse(3);
        third.refuse(4);
        third.refuse(5);
        first.done();
        second.done();
        third.done();
        assertThat(written()).containsExactly("nack 1", "ack 2", "nack 3", "nack 4", "nack 5");
        assertThat(confirms.settled()).isTrue();
    }
}
