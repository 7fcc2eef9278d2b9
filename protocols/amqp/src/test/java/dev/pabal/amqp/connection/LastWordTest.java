package dev.pabal.amqp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastWordTest {
    /** A client that reads nothing: what is written stays. */
    private static final class Stalled extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    @Test
    void aClientThatNeverTakesTheLastWordIsNotWaitedForForEver() {
        EmbeddedChannel channel = new EmbeddedChannel(new Stalled());
        channel.freezeTime();
        LastWord.closeBehind(channel, 30_000, 5_000);
        channel.advanceTimeBy(29, TimeUnit.SECONDS);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatWasWrittenIsTakenBeforeTheEnd() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.write(Unpooled.wrappedBuffer(new byte[] {7}));
        LastWord.closeBehind(channel, 30_000, 5_000);
        channel.runPendingTasks();
        assertThat(channel.<Object>readOutbound()).isEqualTo(Unpooled.wrappedBuffer(new byte[] {7}));
        assertThat(channel.isOpen()).isFalse();
    }
}
