package dev.pabal.sqs.http;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsLimits;
import dev.pabal.sqs.action.Actions;
import dev.pabal.sqs.auth.Authenticator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.RecvByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an accepted socket a connection of SQS clients. Bind it as the child handler of a server bootstrap. */
@Sharable
public final class SqsListener extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(SqsListener.class);

    /**
     * A request for one message is read at once: at the smaller sizes that Netty comes down to, every tenth took two reads. A large one is read
     * on as long as there is more, as many times as Netty's own sockets do; by itself such a measure would go back to the selector each time.
     */
    private static final RecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(4096, 4096, 65_536).maxMessagesPerRead(16);

    private final Service service;
    private final AtomicInteger open = new AtomicInteger();

    public SqsListener(Actions actions, Authenticator authenticator, SqsLimits limits, Clock clock) {
        this.service = Service.of(actions, authenticator, limits, clock);
    }

    @Override
    protected void initChannel(Channel channel) {
        if (open.incrementAndGet() > service.limits().maxConnections()) {
            open.decrementAndGet();
            LOG.debug("One SQS connection too many, from {}; it is refused.", channel.remoteAddress());
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        channel.config().setRecvByteBufAllocator(READS);
        RequestDecoder decoder = new RequestDecoder(service.limits());
        channel.pipeline().addLast(decoder, new SqsConnection(service, decoder));
    }

    /** Bytes that requests and unsent replies take in memory now, for tests and metrics. */
    public long memoryInUse() {
        return service.memory().usedInBytes();
    }
}
