package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement.Outcome;
import org.jspecify.annotations.Nullable;

/** A delivery that no queue made: whoever made it is told when it is settled. */
final class ForeignOrigin extends Origin {
    private final AmqpChannel.ForeignDelivery delivery;

    ForeignOrigin(Link link, AmqpChannel.ForeignDelivery delivery) {
        super(link);
        this.delivery = delivery;
    }

    @Override
    @Nullable
    MessageQueue queue() {
        return null;
    }

    @Override
    void settle(Outcome outcome, long offset, int generation) {
        delivery.settled();
    }
}
