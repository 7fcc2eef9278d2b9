package dev.pabal.cli.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Return;
import dev.pabal.cli.client.CommandFailure;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Bounds what is published and not yet confirmed on a channel, and counts what the broker refused or could not route. Any thread. */
public final class Confirms implements ConfirmListener {
    private static final int WINDOW = 1_000;
    private static final long TIMEOUT_MS = 60_000;

    private final boolean[] settled = new boolean[WINDOW];
    private final long first;
    private long published;
    private long floor;
    private long refused;
    private long unroutable;

    /** Switches confirms on. */
    public Confirms(Channel channel) throws IOException {
        channel.confirmSelect();
        this.first = channel.getNextPublishSeqNo();
        channel.addConfirmListener(this);
        channel.addReturnListener((Return message) -> returned());
    }

    /** Waits until one more message may be published, and counts it. */
    public synchronized void awaitRoom() throws InterruptedException {
        awaitUnconfirmed(WINDOW - 1);
        published++;
    }

    /** Waits until the broker has answered for all. */
    public synchronized void awaitAll() throws InterruptedException {
        awaitUnconfirmed(0);
    }

    public synchronized long published() {
        return published;
    }

    /** Messages that no queue wanted. */
    public synchronized long unroutable() {
        return unroutable;
    }

    /** Messages that the broker would not take: a full queue with {@code x-overflow=reject-publish}, say. */
    public synchronized long refused() {
        return refused;
    }

    private void awaitUnconfirmed(int most) throws InterruptedException {
        long begin = System.nanoTime();
        while (published - floor > most) {
            if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS)) {
                throw new CommandFailure(
                        CommandFailure.FAILED,
                        (published - floor) + " messages were not confirmed within a minute; the broker may be short of"
                                + " disk: look at GET /health on its http port.");
            }
            wait(TIMEOUT_MS);
        }
    }

    private synchronized void returned() {
        unroutable++;
    }

    @Override
    public synchronized void handleAck(long tag, boolean multiple) {
        settle(tag, multiple);
    }

    @Override
    public synchronized void handleNack(long tag, boolean multiple) {
        refused += settle(tag, multiple);
    }

    private long settle(long tag, boolean multiple) {
        long index = tag - first;
        long count = 0;
        for (long i = multiple ? floor : index; i <= index; i++) {
            if (!settled[(int) (i % WINDOW)]) {
                settled[(int) (i % WINDOW)] = true;
                count++;
            }
        }
        while (floor < published && settled[(int) (floor % WINDOW)]) {
            settled[(int) (floor % WINDOW)] = false;
            floor++;
        }
        notifyAll();
        return count;
    }
}
