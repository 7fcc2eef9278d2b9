package dev.pabal.amqp.connection;

import dev.pabal.amqp.AmqpLimits;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.Closings;
import dev.pabal.amqp.channel.Consumer;
import dev.pabal.amqp.channel.Link;
import dev.pabal.amqp.channel.Origin;
import dev.pabal.amqp.channel.Publishes;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.channel.ServerChannel;
import dev.pabal.amqp.channel.SharedMemory;
import dev.pabal.amqp.codec.Frames;
import dev.pabal.amqp.codec.MalformedFrameException;
import dev.pabal.amqp.codec.Method;
import dev.pabal.amqp.codec.MethodWriter;
import dev.pabal.amqp.codec.method.ChannelCloseOk;
import dev.pabal.amqp.codec.method.ConnectionClose;
import dev.pabal.amqp.codec.method.ConnectionCloseOk;
import dev.pabal.amqp.codec.method.ConnectionUpdateSecret;
import dev.pabal.amqp.codec.method.Methods;
import dev.pabal.broker.Broker;
import dev.pabal.catalog.User;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: from bytes to frames, from frames to channels, and back. Everything happens on its event loop but what {@link Link}
 * opens to any thread.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Link, FrameInput.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    /** How long a client may take to agree to a close. */
    private static final int CLOSE_TIMEOUT_MS = 5_000;
    /** How long one that has said close may take to read what was sent before. */
    private static final int TAKE_TIMEOUT_MS = 30_000;

    private final UUID id = UUID.randomUUID();
    private final Channel channel;
    private final Wiring wiring;
    private final Methods methods = new Methods();
    private final Outbox outbox;
    private final FrameInput input;
    private final Handshake handshake;
    private final Heartbeat heartbeat;
    private final ShownConnection shown;
    private final Publishes publishes;
    private final Blocking blocking;
    /** Changed on the event loop; shown to any thread. */
    private final Map<Integer, ServerChannel> channels = new ConcurrentHashMap<>();

    private final Sending sending;
    private final Settling settling = new Settling();
    private State state = State.HEADER;
    private int headerBytes;
    private int suspensions;
    private boolean inRead;
    private @Nullable LostFrames lost;
    /** Channels that count towards the user's limit. */
    private int counted;

    private @Nullable ServerChannel lastChannel;

    /** How far it is on its way. */
    private enum State {
        HEADER,
        HANDSHAKE,
        OPEN,
        /** The broker has said close and waits for the client to agree. */
        CLOSING,
        CLOSED
    }

    ClientConnection(Channel channel, Wiring wiring) {
        this.channel = channel;
        this.wiring = wiring;
        this.input = new FrameInput(channel.alloc(), this, wiring.limits().initialFrameMax());
        this.handshake = new Handshake(wiring, channel.remoteAddress());
        this.shown = new ShownConnection(
                this, channel, handshake, channels, wiring.broker().clock().wallMs());
        this.outbox = new Outbox(channel, this::sent, shown::sent);
        this.sending = new Sending(outbox, this, new SendTimeout(channel, outbox, this::heldBack));
        this.heartbeat = new Heartbeat(channel.eventLoop(), outbox, this::silent);
        this.publishes = new Publishes(this);
        this.blocking = new Blocking(this, wiring, publishes, channel.eventLoop());
    }

    // ---- what comes in

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        wiring.connections().add(this);
        channel.eventLoop()
                .schedule(this::handshakeTimedOut, wiring.limits().handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!inRead) {
                inRead = true;
                outbox.readBegan();
            }
            heartbeat.heard();
            shown.received(bytes.readableBytes());
            if (state == State.HEADER) {
                header(bytes);
            }
            if (lost != null) {
                if (lost.agreed(bytes)) {
                    channel.close();
                }
            } else if (state != State.HEADER && state != State.CLOSED) {
                input.received(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endOfRead();
    }

    private void endOfRead() {
        publishes.flush();
        handOverSettlements();
        inRead = false;
        outbox.readEnded();
    }

    private void header(ByteBuf bytes) {
        while (bytes.isReadable() && headerBytes < HEADER.length) {
            if (bytes.readByte() != HEADER[headerBytes]) {
                outbox.buffer().writeBytes(HEADER);
                closeAfterFlush();
                return;
            }
            headerBytes++;
        }
        if (headerBytes == HEADER.length) {
            state = State.HANDSHAKE;
            handshake.start(outbox.buffer());
        }
    }

    @Override
    public void frame(int type, int number, ByteBuffer in, int at, int size) {
        try {
            switch (type) {
                case Frames.METHOD, Frames.CONTENT_HEADER, Frames.BODY -> {
                    if (number == 0) {
                        control(type, in, at, size);
                    } else {
                        channelFrame(type, number, in, at, size);
                    }
                }
                case Frames.HEARTBEAT -> {
                    if (number != 0) {
                        throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "a heartbeat on channel " + number);
                    }
                }
                default -> throw new MalformedFrameException("unknown frame type " + type);
            }
        } catch (MalformedFrameException e) {
            fail(new AmqpException(ReplyCode.FRAME_ERROR, String.valueOf(e.getMessage())), 0, 0);
        } catch (AmqpException e) {
            fail(e, 0, 0);
        } catch (RuntimeException e) {
            LOG.error("connection {} is closed after a defect of the broker", name(), e);
            fail(new AmqpException(ReplyCode.INTERNAL_ERROR, "the broker failed; its log says more"), 0, 0);
        }
    }

    @Override
    public void malformed(String why) {
        fail(new AmqpException(ReplyCode.FRAME_ERROR, why), 0, 0);
        lost = new LostFrames();
    }

    private void channelFrame(int type, int number, ByteBuffer in, int at, int size) {
        if (state == State.CLOSING) {
            return;
        }
        if (state != State.OPEN) {
            throw new AmqpException(ReplyCode.CHANNEL_ERROR, "a channel before the connection is open");
        }
        ServerChannel to = lastChannel;
        if (to == null || to.number() != number) {
            to = channels.get(number);
            if (to == null) {
                if (type == Frames.METHOD && size >= 4 && in.getInt(at) == ChannelCloseOk.ID) {
                    // Both sides have closed the channel at once: the client agrees to what it asked for itself.
                    return;
                }
                to = newChannel(number);
            }
            lastChannel = to;
        }
        to.frame(type, in, at, size);
    }

    private ServerChannel newChannel(int number) {
        if (channels.size() >= handshake.channelMax()) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "number of channels opened (" + channels.size() + ") has reached the negotiated channel_max ("
                            + handshake.channelMax() + ")");
        }
        wiring.connections().openChannel(broker().catalog(), user().name());
        counted++;
        ServerChannel opened = new ServerChannel(number, this, wiring.handlers(), methods, wiring.foreign());
        channels.put(number, opened);
        return opened;
    }

    /** A frame of channel 0. */
    private void control(int type, ByteBuffer in, int at, int size) {
        if (type != Frames.METHOD) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "content on channel 0");
        }
        if (size < 4) {
            throw new MalformedFrameException("a method frame is too short");
        }
        int methodId = in.getInt(at);
        if (state == State.CLOSING && methodId != ConnectionClose.ID && methodId != ConnectionCloseOk.ID) {
            return;
        }
        Method method = methods.of(methodId);
        if (method == null || method.id() >>> 16 != ConnectionClose.ID >>> 16) {
            throw new AmqpException(
                    ReplyCode.COMMAND_INVALID,
                    method == null
                            ? "unknown method " + (methodId >>> 16) + "." + (methodId & 0xffff)
                            : "unimplemented method " + method.word() + " on channel 0");
        }
        method.wrap(in, at + 4, at + size);
        control(method);
    }

    private void control(Method method) {
        if (method instanceof ConnectionClose) {
            closeByClient();
        } else if (method instanceof ConnectionCloseOk) {
            if (state == State.CLOSING) {
                channel.close();
            }
        } else if (state == State.OPEN) {
            if (!(method instanceof ConnectionUpdateSecret)) {
                throw new AmqpException(
                        ReplyCode.CHANNEL_ERROR, "unexpected method " + method.word() + " in connection state running");
            }
            handshake.updateSecret(outbox.buffer());
        } else {
            handshake(method);
        }
    }

    private void handshake(Method method) {
        handshake.method(method, outbox.buffer());
        switch (handshake.step()) {
            case OPEN -> {
                // As RabbitMQ, eight bytes more than agreed: some clients do not count a frame's own.
                input.limit(handshake.frameMax() + Frames.OVERHEAD_BYTES);
                heartbeat.start(handshake.heartbeatSeconds());
            }
            case DONE -> {
                state = State.OPEN;
                wiring.clients().add(shown);
            }
            default -> {}
        }
    }

    // ---- the end

    private void closeByClient() {
        if (state == State.CLOSING || state == State.HANDSHAKE) {
            ConnectionCloseOk.write(outbox.buffer(), 0);
            closeAfterFlush();
            return;
        }
        suspend();
        handOverSettlements();
        publishes.whenDone(() -> {
            releaseChannels();
            exclusiveQueuesGone()
                    .whenComplete((nothing, failure) -> execute(() -> {
                        if (state == State.OPEN) {
                            ConnectionCloseOk.write(outbox.buffer(), 0);
                            closeAfterFlush();
                        }
                    }));
        });
    }

    private CompletableFuture<?> exclusiveQueuesGone() {
        try {
            return wiring.broker().topology().connectionClosed(id).orTimeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void releaseChannels() {
        List<ServerChannel> open = new ArrayList<>(channels.values());
        channels.clear();
        lastChannel = null;
        open.forEach(ServerChannel::connectionEnded);
    }

    @Override
    public void fail(AmqpException failure, int classId, int methodId) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        boolean loginRefused = state == State.HANDSHAKE && failure.code() == ReplyCode.ACCESS_REFUSED;
        boolean silent = state == State.HEADER || (loginRefused && !clientCan("authentication_failure_close"));
        Closings.log(name(), failure);
        state = State.CLOSING;
        publishes.end();
        releaseChannels();
        if (silent) {
            channel.close();
            return;
        }
        ConnectionClose.write(
                outbox.buffer(),
                0,
                failure.code().number(),
                MethodWriter.fitting(failure.replyText()),
                classId,
                methodId);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private void closeAfterFlush() {
        signOff();
        state = State.CLOSED;
        input.pause();
        outbox.flushNow();
        LastWord.closeBehind(channel, TAKE_TIMEOUT_MS, CLOSE_TIMEOUT_MS);
    }

    /** It counts no more. */
    private void signOff() {
        if (state != State.CLOSED) {
            wiring.connections().remove(this);
            wiring.clients().remove(shown);
            handshake.ended(counted);
            heartbeat.stop();
        }
    }

    private void handshakeTimedOut() {
        if (state == State.HEADER || state == State.HANDSHAKE) {
            LOG.info("connection {} did not complete its handshake in time and is closed", name());
            channel.close();
        }
    }

    private void silent() {
        LOG.warn(
                "connection {} is closed: missed heartbeats from client, timeout: {}s",
                name(),
                heartbeat.intervalMs() / 1000);
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        signOff();
        state = State.CLOSED;
        publishes.end();
        handOverSettlements();
        releaseChannels();
        input.close();
        outbox.close();
        exclusiveQueuesGone().whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.warn("exclusive queues of connection {} could not be deleted: {}", name(), failure.toString());
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} broke: {}", name(), cause.toString());
        } else {
            LOG.error("connection {} is closed after a defect of the broker", name(), cause);
        }
        ctx.close();
    }

    // ---- what goes out

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        sent();
    }

    private void sent() {
        sending.sent();
    }

    // ---- blocked

    /** The store takes no more, or takes again. */
    void storeWritable(boolean writable) {
        blocking.storeWritable(writable);
    }

    @Override
    public void storeRefused() {
        blocking.storeRefused();
    }

    @Override
    public void publishing() {
        blocking.publishing();
    }

    // ---- what channels ask

    @Override
    public Broker broker() {
        return wiring.broker();
    }

    @Override
    public AmqpLimits limits() {
        return wiring.limits();
    }

    @Override
    public SharedMemory memory() {
        return wiring.memory();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String name() {
        return ConnectionName.of(channel);
    }

    @Override
    public String vhost() {
        return handshake.vhost();
    }

    @Override
    public User user() {
        return handshake.user();
    }

    @Override
    public boolean traced() {
        return wiring.broker().topology().traced(handshake.vhost());
    }

    @Override
    public boolean clientCan(String capability) {
        return handshake.clientCan(capability);
    }

    @Override
    public int frameMax() {
        return handshake.frameMax();
    }

    @Override
    public ByteBuf out() {
        return outbox.buffer();
    }

    @Override
    public long unsentBytes() {
        return outbox.unsentBytes();
    }

    @Override
    public void suspend() {
        if (suspensions++ == 0) {
            input.pause();
            heartbeat.deaf(true);
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resume() {
        if (--suspensions > 0 || state == State.CLOSED) {
            return;
        }
        heartbeat.deaf(false);
        if (inRead) {
            input.resume();
        } else {
            inRead = true;
            outbox.readBegan();
            input.resume();
            endOfRead();
        }
        if (suspensions == 0) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            post(task);
        }
    }

    @Override
    public void post(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("connection {}: its loop has ended", name());
        }
    }

    @Override
    public boolean open() {
        return state == State.OPEN;
    }

    @Override
    public void sending(Consumer consumer) {
        sending.add(consumer);
    }

    @Override
    public void settling(Origin origin) {
        settling.add(origin);
    }

    @Override
    public void handOverSettlements() {
        settling.handOver();
    }

    @Override
    public Publishes publishes() {
        return publishes;
    }

    @Override
    public void channelClosed(ServerChannel closed) {
        if (channels.remove(closed.number(), closed)) {
            counted--;
            wiring.connections().closeChannel(user().name());
        }
        lastChannel = null;
    }

    /** Ends the connection because the broker stops. Any thread. */
    void shutDown() {
        closeForced("broker forced connection closure with reason 'shutdown'");
    }

    /** Ends the connection on an operator's word. Any thread. */
    void closeForced(String reason) {
        execute(() -> fail(new AmqpException(ReplyCode.CONNECTION_FORCED, reason), 0, 0));
    }

    /** Whether its publishes wait for the store. Any thread. */
    boolean heldBack() {
        return blocking.heldBack();
    }
}
