package dev.pabal.sqs.http;

import dev.pabal.sqs.action.Action;
import dev.pabal.sqs.action.Call;
import dev.pabal.sqs.action.ClientConnection;
import dev.pabal.sqs.action.Reply;
import dev.pabal.sqs.auth.ReceivedRequest;
import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: takes one request at a time and answers it before the next; what was sent behind it waits where it was received, and
 * past {@value #MAX_WAITING_BYTES} bytes nothing more is read. Everything runs on the connection's event loop.
 */
final class SqsConnection extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SqsConnection.class);
    private static final int MAX_WAITING_BYTES = 128 << 10;
    /** How long what a refused client still sends is thrown away, so that it reads why before its socket breaks. */
    private static final long LINGER_MS = 1_000;

    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());
    private static final AsciiString TRACE = AsciiString.cached("x-amzn-trace-id");
    private static final Runnable NOTHING = () -> {};

    private final Service service;
    private final RequestDecoder decoder;
    private final ConnectionWatch watch;
    private final BaseUrl baseUrl = new BaseUrl();
    private final RequestBody body = new RequestBody();
    private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable HttpRequest head;
    private long charged;
    private boolean answering;
    private boolean draining;
    private boolean closing;
    private boolean gone;
    private boolean fromLoopback;
    private Runnable whenGone = NOTHING;
    private @Nullable Future<?> nextCheck;
    private @Nullable ChannelHandlerContext context;

    SqsConnection(Service service, RequestDecoder decoder) {
        this.service = service;
        this.decoder = decoder;
        this.watch = new ConnectionWatch(service.limits(), nowMs());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        fromLoopback = !(ctx.channel().remoteAddress() instanceof InetSocketAddress peer)
                || (peer.getAddress() != null && peer.getAddress().isLoopbackAddress());
        watchAgain(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpObject part = (HttpObject) message;
        if (closing) {
            ReferenceCountUtil.release(part);
        } else if (answering || !waiting.isEmpty() || !ctx.channel().isWritable()) {
            await(ctx, part);
        } else {
            take(ctx, part);
        }
    }

    private void await(ChannelHandlerContext ctx, HttpObject part) {
        waiting.add(part);
        waitingBytes += size(part);
        if (!service.memory().charge(size(part))) {
            Failures.REFUSED.warn(
                    "SQS requests take more memory than they may together; a connection that sent several at"
                            + " once is closed.");
            closing = true;
            dropReceived();
            ctx.close();
            return;
        }
        if (waitingBytes > MAX_WAITING_BYTES) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** A head counts too: requests without bodies are not free. */
    private static int size(HttpObject part) {
        return 512 + (part instanceof HttpContent content ? content.content().readableBytes() : 0);
    }

    /** Goes on with what waits, now that a reply was written or taken. */
    private void takeWaiting(ChannelHandlerContext ctx) {
        if (draining) {
            return;
        }
        draining = true;
        while (!answering && !closing && !waiting.isEmpty() && ctx.channel().isWritable()) {
            HttpObject part = waiting.remove();
            waitingBytes -= size(part);
            service.memory().release(size(part));
            take(ctx, part);
        }
        draining = false;
        if (waiting.isEmpty() && !ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void take(ChannelHandlerContext ctx, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            refuse(ctx, part.decoderResult());
            return;
        }
        if (part instanceof HttpRequest request) {
            head = request;
            begin(ctx, request);
        }
        if (part instanceof HttpContent content) {
            if (closing) {
                content.release();
                return;
            }
            takeContent(ctx, content);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.protocolVersion().majorVersion() != 1) {
            refuse(ctx, 505, "HttpVersionNotSupported");
            return;
        }
        if (HttpUtil.getContentLength(request, 0L) > service.limits().maxBodyBytes()) {
            refuseTooLarge(ctx, request);
            return;
        }
        if (hasUnknownCoding(request)) {
            refuse(ctx, 501, "NotImplemented");
            return;
        }
        String expect = request.headers().get(HttpHeaderNames.EXPECT);
        if (expect == null || request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return; // RFC 9110, section 10.1.1: in HTTP/1.0 it means nothing
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(CONTINUE.duplicate());
        } else {
            refuse(ctx, 417, "ExpectationFailed");
        }
    }

    /** Where the body ends is known of chunks alone (RFC 9112, section 6.1): of any other coding, somebody on the way may think otherwise. */
    private static boolean hasUnknownCoding(HttpRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return !codings.isEmpty()
                && !(codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked"));
    }

    private void takeContent(ChannelHandlerContext ctx, HttpContent content) {
        HttpRequest request = head;
        if (request == null) {
            content.release();
            return;
        }
        int bytes = content.content().readableBytes();
        body.add(content.content());
        charged += bytes;
        if (!service.memory().charge(bytes) || isLarge() && service.memory().isScarce()) {
            Failures.REFUSED.warn(
                    "SQS requests take more memory than they may together; one was refused with ServiceUnavailable.");
            refuse(ctx, request, SqsError.SERVICE_UNAVAILABLE, "Too many large requests are under way; try again.");
        } else if (body.length() > service.limits().maxBodyBytes()) {
            refuseTooLarge(ctx, request);
        } else if (content instanceof LastHttpContent) {
            head = null;
            perform(ctx, request);
        }
    }

    private boolean isLarge() {
        return body.length() > service.limits().maxBodyBytes() / 64;
    }

    private void perform(ChannelHandlerContext ctx, HttpRequest request) {
        answering = true;
        watch.progress(nowMs());
        boolean keepAlive = request.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(request);
        Exchange exchange = new Exchange(
                this,
                ctx.channel().eventLoop(),
                SqsRequest.form(request),
                service.ids().next(),
                keepAlive);
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.POST) && !method.equals(HttpMethod.GET)) {
            body.clear();
            answerPlainly(ctx, exchange, 405, "");
            return;
        }
        CompletableFuture<Reply> replied;
        try {
            replied = start(ctx, request, exchange);
        } catch (RuntimeException | OutOfMemoryError e) {
            replied = CompletableFuture.failedFuture(e);
        } finally {
            body.clear();
        }
        // Only now, for with the reply the next request may begin to use the body.
        if (replied == null) {
            answerPlainly(ctx, exchange, 404, "UnknownOperationException");
        } else {
            replied.whenComplete(exchange);
        }
    }

    /** Begins the action; null where the request names none. */
    private @Nullable CompletableFuture<Reply> start(
            ChannelHandlerContext ctx, HttpRequest request, Exchange exchange) {
        String base = baseUrl.of(request, ctx.channel());
        byte[] bytes = body.array();
        int at = body.arrayAt();
        int length = body.length();
        Caller caller = service.authenticator()
                .caller(new ReceivedRequest(
                        request.method().name(),
                        request.uri(),
                        request.headers()::getAll,
                        ByteBuffer.wrap(bytes, at, length),
                        fromLoopback));
        SqsRequest parsed = SqsRequest.parse(request, exchange.form(), bytes, at, length);
        if (parsed.action() == null) {
            return null;
        }
        exchange.action(parsed.action());
        Action action = service.actions().find(parsed.action());
        if (action == null || !parsed.validAtItsPath(exchange.form())) {
            throw new SqsException(
                    exchange.form() == Form.JSON ? SqsError.UNKNOWN_OPERATION : SqsError.INVALID_ACTION,
                    "The action " + parsed.action() + " is not valid for this endpoint.");
        }
        String trace = request.headers().get(TRACE);
        return action.perform(new Call(parsed.parameters(), parsed.queuePath(), base, caller, trace, this));
    }

    /** Writes the reply of an exchange that is completed, or drops it where nobody is there any more. */
    void answer(Exchange exchange) {
        ChannelHandlerContext ctx = context;
        if (gone || ctx == null) {
            exchange.drop();
            return;
        }
        whenGone = NOTHING;
        long wallMs = service.clock().wallMs();
        ByteBuf response;
        Throwable failure = exchange.failure();
        try {
            Reply reply = exchange.reply();
            if (failure == null && reply != null) {
                response = service.responses()
                        .reply(
                                exchange.form(),
                                exchange.action(),
                                exchange.requestId(),
                                reply,
                                wallMs,
                                exchange.keepAlive());
            } else {
                response = error(exchange, failure == null ? new NullPointerException("no reply") : failure, wallMs);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            response = error(exchange, e, wallMs);
        } finally {
            exchange.drop();
        }
        send(ctx, response, exchange.keepAlive());
    }

    private ByteBuf error(Exchange exchange, Throwable failure, long wallMs) {
        SqsException told = Failures.translated(failure, exchange.action(), exchange.requestId());
        return service.responses().error(exchange.form(), exchange.requestId(), told, wallMs, exchange.keepAlive());
    }

    private void answerPlainly(ChannelHandlerContext ctx, Exchange exchange, int status, String element) {
        long wallMs = service.clock().wallMs();
        send(
                ctx,
                service.responses().plain(status, element, exchange.requestId(), wallMs, exchange.keepAlive()),
                exchange.keepAlive());
    }

    private void send(ChannelHandlerContext ctx, ByteBuf response, boolean keepAlive) {
        answering = false;
        giveBack();
        watch.progress(nowMs());
        if (!keepAlive) {
            sendAndClose(ctx, response);
            return;
        }
        write(ctx, response);
        takeWaiting(ctx);
    }

    private ChannelFuture write(ChannelHandlerContext ctx, ByteBuf response) {
        int bytes = response.readableBytes();
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!written.isDone()) {
            service.memory().charge(bytes);
            written.addListener(sent -> service.memory().release(bytes));
        }
        return written;
    }

    /** Lets the client read the response, and closes. */
    private void sendAndClose(ChannelHandlerContext ctx, ByteBuf response) {
        closing = true;
        dropReceived();
        ctx.channel().config().setAutoRead(true);
        write(ctx, response).addListener(sent -> {
            if (ctx.channel() instanceof DuplexChannel channel && channel.isActive()) {
                channel.shutdownOutput();
            }
            ctx.executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        });
    }

    private void refuseTooLarge(ChannelHandlerContext ctx, HttpRequest request) {
        String message =
                "The body of the request is larger than " + service.limits().maxBodyBytes() + " bytes.";
        refuse(ctx, request, SqsError.REQUEST_TOO_LARGE, message);
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, SqsError error, String message) {
        SqsException failure = new SqsException(error, message);
        long wallMs = service.clock().wallMs();
        String requestId = service.ids().next();
        sendAndClose(ctx, service.responses().error(SqsRequest.form(request), requestId, failure, wallMs, false));
    }

    private void refuse(ChannelHandlerContext ctx, DecoderResult broken) {
        LOG.debug(
                "A broken request from {} was refused: {}",
                ctx.channel().remoteAddress(),
                broken.cause().toString());
        if (broken.cause() instanceof TooLongHttpLineException && head == null) {
            refuse(ctx, 414, "RequestUriTooLong");
        } else if (broken.cause() instanceof TooLongHttpHeaderException) {
            refuse(ctx, 431, "RequestHeaderSectionTooLarge");
        } else {
            refuse(ctx, 400, "BadRequest");
        }
    }

    private void refuse(ChannelHandlerContext ctx, int status, String element) {
        long wallMs = service.clock().wallMs();
        sendAndClose(
                ctx, service.responses().plain(status, element, service.ids().next(), wallMs, false));
    }

    @Override
    public void onGone(Runnable task) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.executor().inEventLoop()) {
            // An action that goes on elsewhere: its answer follows this on the same way, so it cannot come too late.
            try {
                ctx.executor().execute(() -> onGone(task));
            } catch (RejectedExecutionException e) {
                task.run(); // the broker stops: nobody is there to answer to
            }
        } else if (gone) {
            task.run();
        } else {
            whenGone = task;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        takeWaiting(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        closing = true;
        if (nextCheck != null) {
            nextCheck.cancel(false);
        }
        dropReceived();
        Runnable task = whenGone;
        whenGone = NOTHING;
        task.run();
    }

    private void dropReceived() {
        head = null;
        body.clear();
        giveBack();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        service.memory().release(waitingBytes);
        waitingBytes = 0;
    }

    private void giveBack() {
        service.memory().release(charged);
        charged = 0;
    }

    private void watchAgain(ChannelHandlerContext ctx) {
        nextCheck = ctx.executor().schedule(() -> check(ctx), watch.checkAfterMs(), TimeUnit.MILLISECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        if (gone) {
            return;
        }
        ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
        long unsentBytes = unsent == null ? 0 : unsent.totalPendingWriteBytes() - unsent.currentProgress();
        boolean partial = !answering && decoder.unfinished();
        String reason = watch.check(nowMs(), decoder.receivedBytes(), answering, partial, unsentBytes);
        if (reason == null) {
            watchAgain(ctx);
            return;
        }
        LOG.debug("The SQS connection from {} is closed: {}", ctx.channel().remoteAddress(), reason);
        ctx.close();
    }

    private long nowMs() {
        return service.clock().monotonicNs() / 1_000_000;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("The SQS connection from {} is closed: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }
}
