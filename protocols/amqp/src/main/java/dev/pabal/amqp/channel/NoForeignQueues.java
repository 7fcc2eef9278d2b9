package dev.pabal.amqp.channel;

import org.jspecify.annotations.Nullable;

/** There are neither streams nor direct replies. */
public final class NoForeignQueues implements ForeignQueues {
    @Override
    public boolean consumes(AmqpChannel channel, String queue) {
        return false;
    }

    @Override
    public void consume(AmqpChannel channel, Consume request) {
        throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "no consumer of queue '" + request.queue() + "'");
    }

    @Override
    public @Nullable Address replyAddress(String routingKey) {
        return null;
    }

    @Override
    public String replyTo(AmqpChannel channel) {
        throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "fast reply consumer does not exist");
    }
}
