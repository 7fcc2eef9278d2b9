package dev.pabal.kafka.wire;

import dev.pabal.broker.client.QuietLog;
import dev.pabal.kafka.KafkaMetrics;
import dev.pabal.kafka.KafkaMetrics.Rejection;
import dev.pabal.kafka.KafkaRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: cuts requests out of what is received, hands them to their handlers, and sends the answers in the order of the
 * requests.
 *
 * <p>Requests of one connection are served one after the other, as Kafka does, save that produce requests which follow one another are
 * under way together, so that they share a commit. The socket is not read while a whole request waits for its turn, while the client does
 * not read its answers, and while the memory for requests is used up.
 *
 * <p>Everything happens on the connection's event loop but {@link #answered} and the plain getters.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements KafkaRequest.Connection {
    /** Connections refused or closed for what the client did. */
    static final QuietLog REJECTED = new QuietLog(LoggerFactory.getLogger("dev.pabal.kafka.rejected"));

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ListenerName LISTENER = new ListenerName("PLAINTEXT");

    private final String id = "c" + NUMBERS.incrementAndGet();
    private final Channel channel;
    private final Wire wire;
    private final RequestParser parser;
    private final FrameReader reader;
    private final ConnectionWatch watch;
    private final ArrayDeque<RequestInFlight> inFlight = new ArrayDeque<>();
    private final AtomicBoolean sendScheduled = new AtomicBoolean();
    private ClientInformation client = ClientInformation.EMPTY;
    private @Nullable ScheduledFuture<?> nextCheck;
    private boolean closed;
    private boolean reading;
    private boolean serving;
    private boolean flushNeeded;
    /** A whole request waits until those before it are answered. */
    private boolean blocked;

    private boolean awaitsMemory;
    private boolean stallWatched;
    /** Answers under way that point to the store's memory. */
    private int unsentAnswers;

    ClientConnection(Channel channel, Wire wire, FrameReader reader) {
        this.channel = channel;
        this.wire = wire;
        this.reader = reader;
        this.parser = new RequestParser(wire);
        this.watch = new ConnectionWatch(wire.limits(), nowMs());
    }

    // ---- what comes in ----

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        wire.metrics().connectionOpened();
        scheduleCheck();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        reading = true;
        try {
            watch.received(bytes.readableBytes(), nowMs());
            if (!reader.owns(bytes)) {
                reader.append(bytes);
            }
        } finally {
            bytes.release();
        }
        serve();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        reader.idle();
        flushIfNeeded();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        serve();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} from {} broke: {}", id, peer(), cause.toString());
        } else {
            LOG.error("connection {} from {} is closed after a defect of the broker", id, peer(), cause);
            wire.metrics().connectionRejected(Rejection.INTERNAL);
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        if (nextCheck != null) {
            nextCheck.cancel(false);
        }
        wire.metrics().connectionClosed();
        wire.memory().finish(this);
        reader.close();
        send();
    }

    // ---- requests ----

    /** Hands out every whole request whose turn it is. */
    private void serve() {
        if (serving || closed) {
            return;
        }
        serving = true;
        try {
            blocked = false;
            int size = reader.nextWhole();
            while (size > 0 && !blocked && !closed) {
                if (mayServe(reader.peekApiKey())) {
                    serve(reader.take(size));
                    size = reader.nextWhole();
                } else {
                    blocked = true;
                }
            }
        } catch (BadRequestException e) {
            reject(Rejection.BAD_REQUEST, e.getMessage());
        } finally {
            serving = false;
        }
        RequestInFlight last = blocked ? inFlight.peekLast() : null;
        if (last != null) {
            last.hurry();
        }
        if (!closed) {
            channel.config().setAutoRead(mayRead());
        }
        if (!reading) {
            flushIfNeeded();
        }
    }

    private boolean mayServe(short apiKey) {
        if (!channel.isWritable()) {
            return false;
        }
        RequestInFlight last = inFlight.peekLast();
        if (last == null) {
            return true;
        }
        boolean produces = apiKey == ApiKeys.PRODUCE.id && last.apiKey() == ApiKeys.PRODUCE;
        return produces && inFlight.size() < wire.limits().maxInFlight();
    }

    private void serve(FrameReader.Frame frame) {
        watch.requestTaken();
        wire.memory().finish(this);
        RequestParser.Parsed parsed;
        try {
            parsed = parser.parse(frame.buffer().nioBuffer(frame.start(), frame.length()));
        } catch (BadRequestException e) {
            frame.buffer().release();
            wire.memory().release(frame.chargedBytes());
            throw e;
        }
        RequestInFlight request = new RequestInFlight(this, parsed, frame, System.nanoTime());
        inFlight.add(request);
        wire.metrics().request(request.apiKey(), frame.length() + FrameReader.LENGTH_BYTES);
        if (parsed.body() instanceof ApiVersionsRequestData versions) {
            client = new ClientInformation(versions.clientSoftwareName(), versions.clientSoftwareVersion());
        }
        try {
            parsed.handler().handle(request);
        } catch (Throwable t) {
            // Whatever a handler throws concerns its request alone; the loop and the connection live on.
            request.fail(t);
        }
    }

    /** Whether the socket may be read; sees to it that it is read again later where it may not. */
    private boolean mayRead() {
        RequestMemory memory = wire.memory();
        if (blocked || !channel.isWritable()) {
            // Who does not read on must not keep others from going on.
            memory.finish(this);
            return false;
        }
        if (!memory.exhausted() || (reader.pendingBytes() > 0 && memory.mayGoBeyond(this))) {
            return true;
        }
        if (!awaitsMemory) {
            awaitsMemory = true;
            memory.whenAvailable(() -> onLoop(this::resumeReading));
        }
        return false;
    }

    private void resumeReading() {
        awaitsMemory = false;
        serve();
    }

    // ---- answers ----

    /** A request has its answer. Any thread. */
    void answered() {
        if (channel.eventLoop().inEventLoop()) {
            send();
        } else if (sendScheduled.compareAndSet(false, true)) {
            onLoop(() -> {
                sendScheduled.set(false);
                send();
            });
        }
    }

    /** Writes the answers that are due, in the order of the requests. */
    private void send() {
        boolean sentAny = false;
        RequestInFlight head = inFlight.peek();
        while (head != null && head.done()) {
            inFlight.poll();
            write(head);
            sentAny = true;
            head = inFlight.peek();
        }
        if (sentAny && !serving) {
            serve();
        }
    }

    private void write(RequestInFlight request) {
        int written = 0;
        try {
            ApiMessage response = request.response();
            if (closed || response == null) {
                runSafely(request.sent());
            } else {
                written = write(request, response);
            }
        } finally {
            request.release();
            wire.memory().release(request.chargedBytes());
            wire.metrics().response(request.apiKey(), written, System.nanoTime() - request.arrivedNs());
        }
    }

    private int write(RequestInFlight request, ApiMessage response) {
        List<ByteBuf> parts;
        try {
            parts = ResponseWriter.write(
                    channel.alloc(), request.header().toResponseHeader(), response, request.answerVersion());
        } catch (RuntimeException | OutOfMemoryError e) {
            // Netty throws the latter where direct memory is used up: it concerns this connection, not the process.
            LOG.error(
                    "{} v{}: the answer cannot be written; closing {}", request.apiKey(), request.version(), peer(), e);
            runSafely(request.sent());
            channel.close();
            return 0;
        }
        int bytes = 0;
        Runnable sent = request.sent();
        for (int i = 0; i < parts.size(); i++) {
            ByteBuf part = parts.get(i);
            bytes += part.readableBytes();
            boolean last = i == parts.size() - 1;
            if (last && sent != null) {
                channel.write(part, holding(bytes, sent));
            } else {
                channel.write(part, channel.voidPromise());
            }
        }
        flushNeeded = true;
        return bytes;
    }

    /** Counts what an answer holds of the store's memory until it is sent. */
    private ChannelPromise holding(long bytes, Runnable sent) {
        unsentAnswers++;
        wire.unsent().hold(this, bytes);
        ChannelPromise promise = channel.newPromise();
        promise.addListener(outcome -> {
            unsentAnswers--;
            wire.unsent().letGo(this, bytes, unsentAnswers == 0);
            runSafely(sent);
        });
        return promise;
    }

    /** Lets the client go if it takes nothing while others need the memory that its answers hold. Any thread. */
    void watchForStall() {
        onLoop(() -> {
            if (!stallWatched) {
                stallWatched = true;
                long taken = outboundMark();
                channel.eventLoop().schedule(() -> stalledSince(taken), UnsentReads.STALLED_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void stalledSince(long taken) {
        stallWatched = false;
        if (unsentAnswers == 0 || !wire.unsent().tooMuch()) {
            return;
        }
        if (outboundMark() == taken) {
            reject(Rejection.SLOW, "does not read its answers while others need the memory that they hold");
        } else {
            watchForStall();
        }
    }

    /** Changes whenever the socket takes something. */
    private long outboundMark() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? -1 : waiting.currentProgress() - waiting.totalPendingWriteBytes();
    }

    private void flushIfNeeded() {
        if (flushNeeded) {
            flushNeeded = false;
            channel.flush();
        }
    }

    // ---- the end ----

    private void scheduleCheck() {
        nextCheck = channel.eventLoop().schedule(this::check, watch.checkAfterMs(), TimeUnit.MILLISECONDS);
    }

    private void check() {
        boolean partial = reader.pendingBytes() > 0 && channel.config().isAutoRead();
        Rejection why = watch.check(nowMs(), !inFlight.isEmpty(), partial);
        if (why == Rejection.SLOW) {
            reject(why, "sends a request more slowly than it may");
        } else if (why != null) {
            LOG.debug("connection {} from {} was idle and is closed", id, peer());
            wire.metrics().connectionRejected(why);
            channel.close();
        } else if (!closed) {
            scheduleCheck();
        }
    }

    private void reject(Rejection why, @Nullable String words) {
        REJECTED.warn("the client at {} {}; its connection is closed", peer(), words);
        wire.metrics().connectionRejected(why);
        channel.close();
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop ends only with the process, and the connection with it: nobody waits for this any more.
            LOG.debug("connection {}: its loop has ended", id);
        }
    }

    private static void runSafely(@Nullable Runnable task) {
        if (task != null) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task at the end of an answer or a connection failed", e);
            }
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    // ---- what handlers ask ----

    @Override
    public String id() {
        return id;
    }

    @Override
    public String advertisedHost() {
        return wire.advertised().host();
    }

    @Override
    public int advertisedPort() {
        return wire.advertised().port();
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public void close() {
        channel.close();
    }

    ScheduledExecutorService loop() {
        return channel.eventLoop();
    }

    KafkaMetrics metrics() {
        return wire.metrics();
    }

    /** Who is at the other end, for people. */
    String peer() {
        return String.valueOf(channel.remoteAddress());
    }

    RequestContext contextOf(RequestHeader header) {
        InetSocketAddress address = channel.remoteAddress() instanceof InetSocketAddress a ? a : null;
        return new RequestContext(
                header,
                id,
                address == null ? InetAddress.getLoopbackAddress() : address.getAddress(),
                address == null ? Optional.empty() : Optional.of(address.getPort()),
                KafkaPrincipal.ANONYMOUS,
                LISTENER,
                SecurityProtocol.PLAINTEXT,
                client,
                false);
    }
}
