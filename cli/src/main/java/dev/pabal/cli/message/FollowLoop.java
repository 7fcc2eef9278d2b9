package dev.pabal.cli.message;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import dev.pabal.cli.client.CommandFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Consumes, prints, and acknowledges what was printed, until enough has come or nothing comes any more. */
final class FollowLoop {
    private static final int PREFETCH = 200;

    /** Stands in the line of deliveries where they end. */
    private static final Delivery END = new Delivery(null, new AMQP.BasicProperties(), new byte[0]);

    private final Channel channel;
    private final MessageFormat format;
    private final OutputStream out;
    private final long count;
    private final long timeoutMs;
    /** Never longer than the prefetch, plus the end. */
    private final BlockingQueue<Delivery> delivered = new LinkedBlockingQueue<>();

    private volatile @Nullable ShutdownSignalException shutdown;

    /**
     * @param count ends after so many
     * @param timeoutMs ends when none has come for so long
     */
    FollowLoop(Channel channel, MessageFormat format, OutputStream out, long count, long timeoutMs) {
        this.channel = channel;
        this.format = format;
        this.out = out;
        this.count = count;
        this.timeoutMs = timeoutMs;
    }

    /**
     * @param offset where to begin in a stream; null for the queue's own default
     * @return how many messages were printed
     * @throws CommandFailure where the queue was deleted meanwhile
     */
    long run(String queue, @Nullable String offset) throws IOException, InterruptedException {
        channel.basicQos((int) Math.min(PREFETCH, count));
        Map<String, Object> arguments = offset == null ? Map.of() : Map.of("x-stream-offset", position(offset));
        CancelCallback cancelled = tag -> delivered.add(END);
        channel.basicConsume(
                queue, false, arguments, (tag, message) -> delivered.add(message), cancelled, (tag, signal) -> {
                    shutdown = signal;
                    delivered.add(END);
                });
        long printed = 0;
        while (printed < count) {
            Delivery first = delivered.poll(timeoutMs, TimeUnit.MILLISECONDS);
            if (first == null) {
                break;
            }
            printed += printAll(first, count - printed, queue);
        }
        return printed;
    }

    private long printAll(Delivery first, long most, String queue) throws IOException {
        long printed = 0;
        long tag = 0;
        for (Delivery next = first; next != null; next = printed < most ? delivered.poll() : null) {
            if (next == END) {
                throw ended(queue);
            }
            format.write(next.getEnvelope(), next.getProperties(), next.getBody(), out);
            tag = next.getEnvelope().getDeliveryTag();
            printed++;
        }
        out.flush();
        channel.basicAck(tag, true);
        return printed;
    }

    private RuntimeException ended(String queue) {
        ShutdownSignalException signal = shutdown;
        if (signal != null) {
            return signal;
        }
        return new CommandFailure(CommandFailure.FAILED, "Queue " + queue + " was deleted; nothing more can come.");
    }

    private static Object position(String offset) {
        return offset.matches("\\d+") ? (Object) Long.parseLong(offset) : offset;
    }
}
