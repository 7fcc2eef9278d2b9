package dev.pabal.server.http;

import dev.pabal.admin.AdminApi;
import dev.pabal.admin.AdminRequest;
import dev.pabal.admin.AdminResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one HTTP connection, one after the other: reading stops while a slow page is being made. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private final HttpPages pages;

    HttpHandler(HttpPages pages) {
        this.pages = pages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (request.decoderResult().isFailure()) {
            ctx.writeAndFlush(response(HttpPage.text(400, "The request is no HTTP request or is too large.\n"), false))
                    .addListener(ChannelFutureListener.CLOSE);
        } else if (pages.api() != null && request.uri().startsWith(AdminApi.PREFIX)) {
            serveApi(ctx, pages.api(), request, head);
        } else if (!head && !request.method().equals(HttpMethod.GET)) {
            DefaultFullHttpResponse refused =
                    response(HttpPage.text(405, "Only GET and HEAD are served here.\n"), false);
            refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            ctx.writeAndFlush(refused);
        } else {
            serve(ctx, path(request.uri()), head);
        }
    }

    private void serve(ChannelHandlerContext ctx, String path, boolean head) {
        Supplier<HttpPage> quick = pages.quick().get(path);
        Supplier<HttpPage> slow = pages.slow().get(path);
        if (quick != null) {
            ctx.writeAndFlush(response(made(quick, path), head));
        } else if (slow != null) {
            serveSlowly(ctx, slow, path, head);
        } else {
            ctx.writeAndFlush(
                    response(HttpPage.text(404, "Nothing is here; try /health, /metrics or /api/overview.\n"), head));
        }
    }

    private void serveSlowly(ChannelHandlerContext ctx, Supplier<HttpPage> page, String path, boolean head) {
        ctx.channel().config().setAutoRead(false);
        try {
            pages.executor().execute(() -> answerAndReadOn(ctx, response(made(page, path), head)));
        } catch (RejectedExecutionException e) {
            answerAndReadOn(ctx, response(HttpPage.text(503, "Too many requests wait; try again later.\n"), head));
        }
    }

    private void serveApi(ChannelHandlerContext ctx, AdminApi api, FullHttpRequest request, boolean head) {
        AdminRequest asked = new AdminRequest(
                request.method().name(),
                request.uri(),
                request.headers().get(HttpHeaderNames.AUTHORIZATION),
                request.headers().get("X-Reason"),
                Peers.isLoopback(ctx.channel()),
                ByteBufUtil.getBytes(request.content()));
        ctx.channel().config().setAutoRead(false);
        try {
            pages.executor().execute(() -> api.handle(asked)
                    .thenAccept(answer -> answerAndReadOn(ctx, response(answer, head))));
        } catch (RejectedExecutionException e) {
            answerAndReadOn(ctx, response(HttpPage.text(503, "Too many requests wait; try again later.\n"), head));
        }
    }

    private static DefaultFullHttpResponse response(AdminResponse answer, boolean head) {
        DefaultFullHttpResponse response = response(answer.status(), AdminResponse.CONTENT_TYPE, answer.body(), head);
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        return response;
    }

    private static void answerAndReadOn(ChannelHandlerContext ctx, DefaultFullHttpResponse response) {
        ctx.writeAndFlush(response).addListener(sent -> ctx.channel().config().setAutoRead(true));
    }

    private static HttpPage made(Supplier<HttpPage> page, String path) {
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.error("The page {} could not be made; the request was answered with 500.", path, e);
            return HttpPage.text(500, "The page could not be made; the broker's log says why.\n");
        }
    }

    /** @param head whether only the headers are sent, with the length that the body would have */
    private static DefaultFullHttpResponse response(HttpPage page, boolean head) {
        return response(page.status(), page.contentType(), page.bytes(), head);
    }

    private static DefaultFullHttpResponse response(int status, String contentType, byte[] body, boolean head) {
        ByteBuf content = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        return response;
    }

    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("An HTTP connection from {} was closed: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }
}
