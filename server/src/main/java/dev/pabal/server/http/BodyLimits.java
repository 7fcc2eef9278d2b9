package dev.pabal.server.http;

import dev.pabal.admin.AdminApi;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what bodies take of memory, by the bytes that arrived and before they are gathered: little for strangers, more for users of the
 * management API, and for all connections together {@value #MAX_TOTAL_BYTES} bytes. What goes beyond is answered with 413 or 503, and the
 * connection is closed.
 */
final class BodyLimits extends ChannelDuplexHandler {
    /** Most bytes of a body that any page takes; the API's own bounds are lower or equal. */
    static final int MAX_BODY_BYTES = 16 << 20;

    static final int MAX_TOTAL_BYTES = 64 << 20;
    private static final int SMALL_BODY_BYTES = 1024;

    private final @Nullable AdminApi api;
    private final AtomicLong total;
    private long held;
    private long left;
    private boolean refused;

    /** @param total bytes held by all connections together */
    BodyLimits(@Nullable AdminApi api, AtomicLong total) {
        this.api = api;
        this.total = total;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            left = limit(ctx, request);
            if (HttpUtil.getContentLength(request, 0L) > left) {
                refuse(ctx, message, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
                return;
            }
        }
        if (message instanceof HttpContent content) {
            int bytes = content.content().readableBytes();
            left -= bytes;
            held += bytes;
            if (total.addAndGet(bytes) > MAX_TOTAL_BYTES) {
                refuse(ctx, message, HttpResponseStatus.SERVICE_UNAVAILABLE);
                return;
            }
            if (left < 0) {
                refuse(ctx, message, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
                return;
            }
        }
        ctx.fireChannelRead(message);
    }

    private long limit(ChannelHandlerContext ctx, HttpRequest request) {
        boolean bodyComes = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        if (api == null || !bodyComes || !request.uri().startsWith(AdminApi.PREFIX)) {
            return SMALL_BODY_BYTES;
        }
        return api.maxBodyBytes(request.headers().get(HttpHeaderNames.AUTHORIZATION), Peers.isLoopback(ctx.channel()));
    }

    private void refuse(ChannelHandlerContext ctx, Object message, HttpResponseStatus status) {
        ReferenceCountUtil.release(message);
        refused = true;
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        giveBack();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            giveBack();
        }
        ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        giveBack();
        ctx.fireChannelInactive();
    }

    private void giveBack() {
        total.addAndGet(-held);
        held = 0;
    }
}
