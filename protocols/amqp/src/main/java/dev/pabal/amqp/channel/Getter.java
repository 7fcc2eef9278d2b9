package dev.pabal.amqp.channel;

import dev.pabal.broker.queue.MessageQueue;

/** Who holds what a channel got from one queue by {@code basic.get}. */
final class Getter extends Origin {
    private final MessageQueue queue;
    private final MessageQueue.Holder holder;

    Getter(Link link, MessageQueue queue) {
        super(link);
        this.queue = queue;
        this.holder = queue.newHolder();
    }

    @Override
    MessageQueue queue() {
        return queue;
    }

    MessageQueue.Holder holder() {
        return holder;
    }

    void close() {
        handOver();
        holder.close();
    }
}
