package dev.pabal.amqp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendTimeoutTest {
    /** A socket that is full: what is flushed waits. */
    private static final class Full extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            ctx.channel().unsafe().outboundBuffer().addFlush();
        }
    }

    private boolean heldBack;
    private final EmbeddedChannel channel = new EmbeddedChannel(new Full());
    private final Outbox outbox = new Outbox(channel, () -> {}, bytes -> {});
    private final SendTimeout timeout = new SendTimeout(channel, outbox, () -> heldBack);

    SendTimeoutTest() {
        channel.freezeTime();
    }

    @AfterEach
    void releaseAll() {
        if (channel.isOpen()) {
            channel.close();
        }
    }

    private void send(int bytes) {
        ByteBuf out = outbox.buffer();
        out.writeZero(bytes);
        outbox.flushNow();
        timeout.handedOver();
    }

    private void take(int bytes) {
        channel.unsafe().outboundBuffer().removeBytes(bytes);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void aClientThatTakesNothingIsGivenUpAfterHalfAMinute() {
        send(100_000);
        assertThat(outbox.writable()).isFalse();
        pass(29);
        assertThat(channel.isOpen()).isTrue();
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void moreThatWaitsIsNothingTaken() {
        send(100_000);
        pass(14);
        send(200_000);
        pass(18);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aSingleByteIsASignOfLife() {
        send(100_000);
        pass(28);
        take(1);
        pass(28);
        assertThat(channel.isOpen()).isTrue();
        pass(8);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoMayBeBusyWritingWhatTheBrokerDoesNotReadIsNotGivenUp() {
        heldBack = true;
        send(100_000);
        pass(120);
        assertThat(channel.isOpen()).isTrue();
        heldBack = false;
        pass(36);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoHasRoomIsNotWatched() {
        send(1_000);
        assertThat(outbox.writable()).isTrue();
        pass(120);
        assertThat(channel.isOpen()).isTrue();
        send(100_000);
        pass(10);
        take(101_000);
        assertThat(outbox.writable()).isTrue();
        pass(120);
        assertThat(channel.isOpen()).isTrue();
        send(100_000);
        pass(36);
        assertThat(channel.isOpen()).isFalse();
    }
}
