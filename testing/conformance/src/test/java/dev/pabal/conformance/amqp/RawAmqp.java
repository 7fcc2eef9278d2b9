package dev.pabal.conformance.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection on which a test writes what no client would. */
final class RawAmqp implements AutoCloseable {
    static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int PATIENCE_MS = 30_000;
    private static final int MAX_FRAME = 1 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawAmqp(AmqpUnderTest broker) throws IOException {
        socket = new Socket(broker.host(), broker.port());
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Through the handshake to an open connection. */
    static RawAmqp opened(AmqpUnderTest broker) throws IOException {
        return opened(broker, 2047, 131_072, 0);
    }

    static RawAmqp opened(AmqpUnderTest broker, int channelMax, int frameMax, int heartbeat) throws IOException {
        RawAmqp raw = new RawAmqp(broker);
        raw.logIn("\0guest\0guest");
        raw.await(AMQP.Connection.Tune.class);
        raw.tuneAndOpen(channelMax, frameMax, heartbeat, "/");
        raw.await(AMQP.Connection.OpenOk.class);
        return raw;
    }

    /** The same with channel 1 open. */
    static RawAmqp withChannel(AmqpUnderTest broker) throws IOException {
        RawAmqp raw = opened(broker);
        raw.openChannel(1);
        return raw;
    }

    void openChannel(int number) throws IOException {
        send(number, new AMQP.Channel.Open.Builder().build());
        await(AMQP.Channel.OpenOk.class);
    }

    AMQP.Connection.Start logIn(String plainResponse) throws IOException {
        write(HEADER);
        AMQP.Connection.Start start = await(AMQP.Connection.Start.class);
        send(0, startOk("PLAIN", plainResponse, Map.of()));
        return start;
    }

    static Method startOk(String mechanism, String response, Map<String, Object> properties) {
        LongString bytes = LongStringHelper.asLongString(response);
        return new AMQP.Connection.StartOk.Builder()
                .clientProperties(properties)
                .mechanism(mechanism)
                .response(bytes)
                .locale("en_US")
                .build();
    }

    void tuneAndOpen(int channelMax, int frameMax, int heartbeat, String vhost) throws IOException {
        tune(channelMax, frameMax, heartbeat);
        send(0, new AMQP.Connection.Open.Builder().virtualHost(vhost).build());
    }

    void tune(int channelMax, int frameMax, int heartbeat) throws IOException {
        send(
                0,
                new AMQP.Connection.TuneOk.Builder()
                        .channelMax(channelMax)
                        .frameMax(frameMax)
                        .heartbeat(heartbeat)
                        .build());
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(int channel, Method method) throws IOException {
        ((com.rabbitmq.client.impl.Method) method).toFrame(channel).writeTo(out);
        out.flush();
    }

    /** A frame under its true length. */
    void frame(int type, int channel, byte[] payload) throws IOException {
        frame(type, channel, payload.length, payload, AMQP.FRAME_END);
    }

    /** A frame under a length of the test's choosing, and with its end octet. */
    void frame(int type, int channel, int length, byte[] payload, int end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeByte(type);
        data.writeShort(channel);
        data.writeInt(length);
        data.write(payload);
        data.writeByte(end);
        write(bytes.toByteArray());
    }

    /** A content header frame. */
    void contentHeader(int channel, int classId, long bodySize, byte[] flagsAndProperties) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeShort(classId);
        data.writeShort(0);
        data.writeLong(bodySize);
        data.write(flagsAndProperties);
        frame(AMQP.FRAME_HEADER, channel, bytes.toByteArray());
    }

    void publish(int channel, String routingKey) throws IOException {
        send(channel, new AMQP.Basic.Publish.Builder().routingKey(routingKey).build());
    }

    Frame read() throws IOException {
        @Nullable Frame frame = Frame.readFrom(in, () -> MAX_FRAME);
        if (frame == null) {
            throw new IOException("no frame within " + PATIENCE_MS + " ms");
        }
        return frame;
    }

    /** The next method of this type; heartbeats and other frames before it are passed over. */
    <T extends Method> T await(Class<T> type) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.getType() != AMQP.FRAME_METHOD) {
                continue;
            }
            Method method = AMQImpl.readMethodFrom(new DataInputStream(new ByteArrayInputStream(frame.getPayload())));
            if (type.isInstance(method)) {
                return type.cast(method);
            }
            if (method instanceof AMQP.Connection.Close || method instanceof AMQP.Channel.Close) {
                throw new AssertionError("expected " + type.getSimpleName() + ", got " + method);
            }
        }
    }

    /** How the broker closes the connection, or -1 where it does so without a word. */
    int awaitClose() throws IOException {
        try {
            return await(AMQP.Connection.Close.class).getReplyCode();
        } catch (EOFException | SocketException e) {
            return -1;
        }
    }

    /** Reads bytes as they are. */
    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    /** Whether the broker has closed the socket, waiting for it and passing over what it says before. */
    boolean isClosedByBroker() throws IOException {
        try {
            while (in.read() >= 0) {
                // What it had to say.
            }
            return true;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    /** Reads nothing further and writes nothing, but keeps the socket open; see {@link #close()}. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    void receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
