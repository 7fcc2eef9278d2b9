package dev.pabal.amqp.reply;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.codec.method.BasicConsumeOk;
import dev.pabal.broker.topology.Names;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for direct replies on this node, by address: {@code amq.rabbitmq.reply-to.} and a token that nobody can guess. At most one
 * consumer for each channel. Any thread but where a channel is an argument: then its event loop.
 *
 * @see <a href="https://www.rabbitmq.com/docs/direct-reply-to">RabbitMQ: Direct Reply-to</a>
 */
public final class DirectReplies {
    private final Map<String, ReplyConsumer> waiting = new ConcurrentHashMap<>();

    /** What a channel knows of its replies. */
    private static final class Own {
        @Nullable
        ReplyConsumer consumer;
    }

    private static Own own(AmqpChannel channel) {
        return channel.attachment(Own.class, Own::new);
    }

    /** Begins to wait for replies, and answers. */
    public void consume(AmqpChannel channel, ForeignQueues.Consume request) {
        Own own = own(channel);
        if (!request.noAck()) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "reply consumer cannot acknowledge");
        }
        if (own.consumer != null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "reply consumer already set");
        }
        String tag = request.tag().isEmpty() ? channel.newConsumerTag() : request.tag();
        // Two parts, the second one padded: some look whether it has RabbitMQ's form.
        String address = Names.generated(ForeignQueues.REPLIES + ".g1.") + "==";
        ReplyConsumer consumer = new ReplyConsumer(channel, address, tag);
        own.consumer = consumer;
        waiting.put(address, consumer);
        channel.addConsumer(tag, () -> {
            waiting.remove(address);
            consumer.close();
            own.consumer = null;
        });
        if (!request.nowait()) {
            BasicConsumeOk.write(channel.out(), channel.number(), tag);
        }
    }

    /** Who waits at the address, null where nobody does. */
    public ForeignQueues.@Nullable Address find(String address) {
        return waiting.get(address);
    }

    /**
     * The address of the channel's own consumer.
     *
     * @throws AmqpException 406 where it has none
     */
    public String addressOf(AmqpChannel channel) {
        ReplyConsumer consumer = own(channel).consumer;
        if (consumer == null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "fast reply consumer does not exist");
        }
        return consumer.address();
    }
}
