package dev.pabal.amqp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.codec.method.ConnectionCloseOk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class LostFramesTest {
    private final LostFrames lost = new LostFrames();

    private static ByteBuf closeOk() {
        ByteBuf frame = Unpooled.buffer();
        ConnectionCloseOk.write(frame, 0);
        return frame;
    }

    @Test
    void theAgreementIsSeenBehindAnything() {
        ByteBuf bytes = Unpooled.buffer().writeZero(1_000).writeBytes(closeOk());
        assertThat(lost.agreed(bytes)).isTrue();
        assertThat(bytes.readerIndex()).isZero();
    }

    @Test
    void theAgreementMayComeInPieces() {
        assertThat(lost.agreed(Unpooled.buffer().writeZero(5_000))).isFalse();
        ByteBuf frame = closeOk();
        while (frame.readableBytes() > 1) {
            assertThat(lost.agreed(frame.readSlice(1))).isFalse();
        }
        assertThat(lost.agreed(Unpooled.EMPTY_BUFFER)).isFalse();
        assertThat(lost.agreed(frame)).isTrue();
    }

    @Test
    void otherBytesAreNoAgreement() {
        assertThat(lost.agreed(Unpooled.buffer().writeZero(12))).isFalse();
        assertThat(lost.agreed(closeOk().writeByte(0))).isFalse();
    }
}
