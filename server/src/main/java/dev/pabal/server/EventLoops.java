package dev.pabal.server;

import dev.pabal.broker.ShardLoop;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve connections and shards: Linux's epoll where its native part loads, otherwise the JDK's selectors.
 */
final class EventLoops implements AutoCloseable {
    private static final long QUIET_MS = 0;
    /**
     * Sockets that a loop reads before it turns to its tasks: thousands of clients that ask at the same moment must not hold up what others wait
     * for. One more system call for so many is little.
     */
    private static final int MOST_SOCKETS_AT_ONCE = 128;

    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final Class<? extends ServerChannel> serverChannel;
    private final long stopTimeoutMs;

    EventLoops(int count, long stopTimeoutMs) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll
                ? EpollIoHandler.newFactory(MOST_SOCKETS_AT_ONCE, DefaultSelectStrategyFactory.INSTANCE)
                : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("pabal-loop", true), factory);
        this.serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.stopTimeoutMs = stopTimeoutMs;
        for (EventExecutor executor : group) {
            loops.add((EventLoop) executor);
        }
    }

    EventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    /** The loops as the broker borrows them for its shards. */
    List<ShardLoop> shardLoops() {
        return loops.stream()
                .map(loop -> new ShardLoop(loop, loop::inEventLoop))
                .toList();
    }

    /** Stops the loops' threads, waiting at most the stop's timeout for what they have begun. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MS, stopTimeoutMs, TimeUnit.MILLISECONDS).awaitUninterruptibly(stopTimeoutMs);
    }
}
