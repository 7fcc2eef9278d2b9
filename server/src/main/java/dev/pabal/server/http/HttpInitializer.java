package dev.pabal.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sets up an HTTP connection. Everything a client can make large is bounded: the request line and headers 8 KiB, bodies by {@link BodyLimits}, the
 * connections {@value #MAX_CONNECTIONS}, silence {@value #IDLE_SECONDS} s; one request of a connection is answered at a time.
 */
public final class HttpInitializer extends ChannelInitializer<Channel> {
    static final int MAX_CONNECTIONS = 256;
    static final int IDLE_SECONDS = 60;
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_CHUNK_BYTES = 8 * 1024;

    private final HttpPages pages;
    private final ChannelGroup open;
    private final AtomicLong bodyBytes = new AtomicLong();

    /** @param open the connections that are open, to close them at a stop */
    public HttpInitializer(HttpPages pages, ChannelGroup open) {
        this.pages = pages;
        this.open = open;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (open.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        open.add(channel);
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES))
                .addLast(new HttpServerKeepAliveHandler())
                .addLast(new BodyLimits(pages.api(), bodyBytes))
                .addLast(new HttpObjectAggregator(BodyLimits.MAX_BODY_BYTES))
                .addLast(new FlowControlHandler())
                .addLast(new HttpHandler(pages));
    }
}
