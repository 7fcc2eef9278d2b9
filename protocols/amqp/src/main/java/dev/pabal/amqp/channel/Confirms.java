package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.method.BasicAck;
import dev.pabal.amqp.codec.method.BasicNack;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The sequence numbers of a channel in confirm mode: given out as messages come, confirmed in their order, as many as possible by one frame.
 */
final class Confirms {
    private final ArrayDeque<Range> open = new ArrayDeque<>();
    private long next = 1;

    /** Messages published together; on the event loop only. */
    static final class Range {
        final long from;
        long to;
        private boolean done;
        private long[] refused = {};

        Range(long from) {
            this.from = from;
            this.to = from;
        }

        /** One of its messages was not taken. */
        void refuse(long number) {
            if (Arrays.stream(refused).noneMatch(n -> n == number)) {
                refused = Arrays.copyOf(refused, refused.length + 1);
                refused[refused.length - 1] = number;
            }
        }

        void done() {
            done = true;
        }
    }

    /** The number of the next message. */
    long take() {
        return next++;
    }

    /** Begins a range with a number just taken. */
    Range begin(long number) {
        Range range = new Range(number);
        open.add(range);
        return range;
    }

    /** Whether everything published has been confirmed. */
    boolean settled() {
        return open.isEmpty();
    }

    /** Messages that are not confirmed, nearly. Any thread. */
    int unconfirmed() {
        Range oldest = open.peek();
        return oldest == null ? 0 : (int) Math.max(0, next - oldest.from);
    }

    /** Writes what can be confirmed now. */
    void write(ByteBuf out, int channel) {
        long from = 0;
        long upTo = 0;
        Range head = open.peek();
        while (head != null && head.done) {
            open.poll();
            if (from == 0) {
                from = head.from;
            }
            if (head.refused.length > 0) {
                Arrays.sort(head.refused);
                for (long number : head.refused) {
                    ack(out, channel, from, number - 1);
                    BasicNack.write(out, channel, number, false, false);
                    from = number + 1;
                }
            }
            upTo = head.to;
            head = open.peek();
        }
        ack(out, channel, from, upTo);
    }

    private static void ack(ByteBuf out, int channel, long from, long upTo) {
        if (upTo >= from && upTo > 0) {
            BasicAck.write(out, channel, upTo, upTo > from);
        }
    }
}
