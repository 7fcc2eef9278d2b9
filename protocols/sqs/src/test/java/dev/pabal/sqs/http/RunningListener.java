package dev.pabal.sqs.http;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsLimits;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.action.Actions;
import dev.pabal.sqs.auth.Authenticators;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** An SQS listener on a free port of the loopback address. */
final class RunningListener implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SqsListener listener;
    private final Channel channel;

    RunningListener(Actions actions, SqsLimits limits) {
        listener =
                new SqsListener(actions, Authenticators.of(SqsSettings.defaults(), Clock.SYSTEM), limits, Clock.SYSTEM);
        channel = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(listener)
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    long memoryInUse() {
        return listener.memoryInUse();
    }

    RawClient connect() {
        return new RawClient(port());
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
