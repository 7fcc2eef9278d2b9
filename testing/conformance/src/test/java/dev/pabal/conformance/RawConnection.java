package dev.pabal.conformance;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** A connection on which a test writes what no client would. */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket;
    private int correlationId;

    RawConnection(BrokerUnderTest broker) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
        socket.setSoTimeout(PATIENCE_MS);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** A frame of this body, under its true length. */
    void writeFrame(ByteBuffer body) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(4 + body.remaining());
        frame.putInt(body.remaining()).put(body.duplicate());
        write(frame.array());
    }

    /** Reads one frame. */
    ByteBuffer readFrame() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    /** Sends a request and parses the response to it. */
    <T extends AbstractResponse> T ask(AbstractRequest request, Class<T> type) throws IOException {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "raw", ++correlationId);
        writeFrame(request.serializeWithHeader(header));
        return type.cast(AbstractResponse.parseResponse(readFrame(), header));
    }

    /** The first bytes of a request: key, version, correlation id, client id. */
    static ByteBuffer header(short apiKey, short version, int space) {
        ByteBuffer buffer = ByteBuffer.allocate(14 + space);
        buffer.putShort(apiKey).putShort(version).putInt(1).putShort((short) 3).put(Clients.bytes("raw"));
        if (version >= 0 && ApiKeys.hasId(apiKey) && flexible(apiKey, version)) {
            buffer.put((byte) 0);
        }
        return buffer;
    }

    private static boolean flexible(short apiKey, short version) {
        return ApiKeys.forId(apiKey).requestHeaderVersion(version) >= 2;
    }

    /** Whether the broker has closed the connection, waiting for it. */
    boolean isClosedByBroker() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
