package dev.pabal.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Function;

/** A bound port and the connections that came in by it. */
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final Channel channel;
    private final ChannelGroup connections;

    private Listener(Channel channel, ChannelGroup connections) {
        this.channel = channel;
        this.connections = connections;
    }

    /**
     * Binds a port.
     *
     * @param name what listens, for messages
     * @param portKey config key of the port, for messages
     * @param port 0 for any free one
     * @param initializer makes the connections' set-up; gets the group that each open connection is to be added to
     * @throws StartException where the port cannot be bound
     */
    static Listener bind(
            EventLoops loops,
            String name,
            String portKey,
            String host,
            int port,
            Function<ChannelGroup, ChannelHandler> initializer) {
        ChannelGroup connections = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer.apply(connections))
                .bind(new InetSocketAddress(host, port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartException(
                    StartException.CANNOT_START,
                    "The " + name + " port " + host + ":" + port + " cannot be bound (" + reason(bound.cause())
                            + "); stop what uses it or choose another with " + portKey + " (0 takes any free one).",
                    bound.cause());
        }
        return new Listener(bound.channel(), connections);
    }

    /** Sets connections up with {@code options} and by {@code initializer}, and adds each to the open ones. */
    static ChannelHandler joining(
            ChannelGroup open, Map<ChannelOption<Integer>, Integer> options, ChannelHandler initializer) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                open.add(channel);
                options.forEach(channel.config()::setOption);
                channel.pipeline().addLast(initializer);
            }
        };
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    int connections() {
        return connections.size();
    }

    /** Takes no more connections. */
    void stopAccepting() {
        channel.close().awaitUninterruptibly();
    }

    /** Takes no more connections and closes those that are open. */
    @Override
    public void close() {
        stopAccepting();
        connections.close().awaitUninterruptibly();
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        return message.contains("Address already in use") ? "it is in use" : message;
    }
}
