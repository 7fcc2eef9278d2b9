package dev.pabal.amqp.connection;

import dev.pabal.amqp.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says that the broker is there, and notices when the client is not: a frame goes out when nothing else did for half the interval; a client of
 * whom nothing came for two intervals is gone (AMQP 0-9-1, 4.2.7). On the connection's event loop.
 */
final class Heartbeat {
    private final EventLoop loop;
    private final Outbox outbox;
    private final Runnable lost;
    private io.netty.util.concurrent.@Nullable ScheduledFuture<?> tick;
    private long intervalMs;
    private long lastMark;
    private int silentTicks;
    private boolean heard;
    private boolean deaf;

    /** @param lost run once when the client is gone */
    Heartbeat(EventLoop loop, Outbox outbox, Runnable lost) {
        this.loop = loop;
        this.outbox = outbox;
        this.lost = lost;
    }

    /** @param intervalSeconds as agreed, 0 = no heartbeats */
    void start(int intervalSeconds) {
        if (intervalSeconds > 0) {
            intervalMs = intervalSeconds * 1000L;
            lastMark = outbox.mark();
            // Not at a fixed rate: after a standstill of the loop, ticks would make up for it at once, and the client
            // be lost before it is read.
            tick = loop.scheduleWithFixedDelay(this::tick, intervalMs / 2, intervalMs / 2, TimeUnit.MILLISECONDS);
        }
    }

    /** Something was received. */
    void heard() {
        heard = true;
    }

    /** While the broker itself does not read, silence means nothing. */
    void deaf(boolean notReading) {
        deaf = notReading;
        heard = true;
    }

    private void tick() {
        if (outbox.mark() == lastMark && outbox.writable()) {
            write(outbox.buffer());
        }
        lastMark = outbox.mark();
        silentTicks = heard || deaf ? 0 : silentTicks + 1;
        heard = false;
        if (silentTicks >= 4) {
            stop();
            lost.run();
        }
    }

    static void write(ByteBuf out) {
        out.writeByte(Frames.HEARTBEAT).writeShort(0).writeInt(0).writeByte(Frames.END);
    }

    long intervalMs() {
        return intervalMs;
    }

    void stop() {
        if (tick != null) {
            tick.cancel(false);
            tick = null;
        }
    }
}
