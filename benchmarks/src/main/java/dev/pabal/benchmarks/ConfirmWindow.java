package dev.pabal.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import java.util.concurrent.TimeUnit;

/** At most 1,000 unconfirmed messages on a channel. Used by the channel's publishing thread and the connection's reading one. */
final class ConfirmWindow implements ConfirmListener {
    private static final int SIZE = 1_000;

    private final boolean[] confirmed = new boolean[SIZE];
    private final long first;
    private long published;
    private long floor;
    private boolean refused;

    /** @param channel with confirms on; the window counts from its next message */
    ConfirmWindow(Channel channel) {
        this.first = channel.getNextPublishSeqNo();
        channel.addConfirmListener(this);
    }

    /** Waits until one more message may be published, and counts it. */
    synchronized void awaitRoom(long timeoutMs) {
        awaitUnconfirmed(SIZE - 1, timeoutMs);
        published++;
    }

    /** Waits until everything is confirmed. */
    synchronized void awaitAll(long timeoutMs) {
        awaitUnconfirmed(0, timeoutMs);
    }

    private void awaitUnconfirmed(int most, long timeoutMs) {
        long begin = System.nanoTime();
        try {
            while (published - floor > most) {
                if (refused || System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                    throw new IllegalStateException(refused ? "a message was refused" : "confirms do not come");
                }
                wait(timeoutMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public synchronized void handleAck(long tag, boolean multiple) {
        long index = tag - first;
        for (long i = multiple ? floor : index; i <= index; i++) {
            confirmed[(int) (i % SIZE)] = true;
        }
        while (floor < published && confirmed[(int) (floor % SIZE)]) {
            confirmed[(int) (floor % SIZE)] = false;
            floor++;
        }
        notifyAll();
    }

    @Override
    public synchronized void handleNack(long tag, boolean multiple) {
        refused = true;
        notifyAll();
    }
}
