package dev.pabal.amqp.stream;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.ForeignQueues;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.codec.method.BasicConsumeOk;
import dev.pabal.amqp.reply.DirectReplies;
import dev.pabal.broker.Partition;
import dev.pabal.broker.topology.Names;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Streams as channels see them, and the pseudo queue of direct replies. One object for all connections; any thread. */
public final class Streams implements ForeignQueues {
    private final DirectReplies replies = new DirectReplies();

    @Override
    public boolean consumes(AmqpChannel channel, String queue) {
        return queue.equals(REPLIES) || topic(channel, Names.strip(queue)) != null;
    }

    /** The topic that a client may read by position under that name: a stream, or a topic that no queue has. Null where it is none. */
    private static @Nullable Topic topic(AmqpChannel channel, String name) {
        CatalogImage image = channel.broker().catalog();
        Queue queue = image.queue(channel.vhost(), name);
        if (queue != null) {
            return queue.view() == Queue.View.NONE ? image.topic(queue.id()) : null;
        }
        Topic topic = channel.vhost().equals(VirtualHost.DEFAULT) ? image.topic(name) : null;
        return topic == null || topic.internal() ? null : topic;
    }

    @Override
    public void consume(AmqpChannel channel, Consume request) {
        if (request.queue().equals(REPLIES)) {
            replies.consume(channel, request);
            return;
        }
        String name = Names.strip(request.queue());
        Topic topic = topic(channel, name);
        if (topic == null) {
            throw Names.notFound(Names.queue(channel.vhost(), name));
        }
        check(channel, request, name);
        StreamStart start = StreamStart.parse(
                request.arguments(),
                channel.vhost(),
                name,
                channel.broker().clock().wallMs());
        StreamFilter filter = StreamFilter.of(request.arguments());
        String tag = request.tag().isEmpty() ? channel.newConsumerTag() : request.tag();
        List<Partition> partitions = partitions(channel, topic);
        StreamConsumer consumer = new StreamConsumer(
                channel,
                tag,
                channel.prefetch(),
                filter,
                channel.broker().shard(topic.firstShard()).loop());
        // Earlier publishes of this connection count as stored before it began.
        channel.afterEarlier(() -> channel.await(starts(start, partitions), offsets -> {
            channel.addConsumer(tag, consumer);
            if (!request.nowait()) {
                BasicConsumeOk.write(channel.out(), channel.number(), tag);
            }
            List<PartitionReader> readers = new ArrayList<>();
            for (int i = 0; i < partitions.size(); i++) {
                readers.add(new PartitionReader(partitions.get(i), offsets.get(i), consumer.listener()));
            }
            consumer.start(readers);
        }));
    }

    private static void check(AmqpChannel channel, Consume request, String name) {
        String what = Names.queue(channel.vhost(), name);
        if (request.noAck()) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED, "automatic acknowledgement not supported by stream queues " + what);
        }
        if (channel.prefetch() == 0) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "consumer prefetch count is not set for stream " + what);
        }
        if (channel.sharedPrefetch() != 0) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, what + " does not support global qos");
        }
        if (request.arguments().containsKey("x-priority")) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg 'x-priority' for " + what + " of queue type rabbit_stream_queue");
        }
    }

    private static List<Partition> partitions(AmqpChannel channel, Topic topic) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitions(); i++) {
            Partition partition = channel.broker().partition(topic.id(), i);
            if (partition != null) {
                partitions.add(partition);
            }
        }
        return partitions;
    }

    private static CompletableFuture<List<Long>> starts(StreamStart start, List<Partition> partitions) {
        List<CompletableFuture<Long>> all = partitions.stream().map(start::in).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> all.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public @Nullable Address replyAddress(String routingKey) {
        return replies.find(routingKey);
    }

    @Override
    public String replyTo(AmqpChannel channel) {
        return replies.addressOf(channel);
    }
}
