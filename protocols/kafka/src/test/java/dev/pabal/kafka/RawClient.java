package dev.pabal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.ResponseHeader;

/** A client that sends what it is told, right or wrong, and reads answers strictly: nothing may be left over. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private int correlation;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** The frame of a request, length field included. */
    public static ByteBuffer frame(ApiKeys api, short version, int correlation, ApiMessage body) {
        short headerVersion = api.requestHeaderVersion(version);
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlation)
                .setClientId("raw");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = header.size(cache, headerVersion) + body.size(cache, version);
        ByteBuffer frame = ByteBuffer.allocate(4 + size);
        frame.putInt(size);
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        body.write(new ByteBufferAccessor(frame), cache, version);
        return frame.flip();
    }

    /** Sends a request and reads its answer in the same version. */
    @SuppressWarnings("unchecked")
    public <T extends ApiMessage> T call(ApiKeys api, int version, ApiMessage body) throws IOException {
        send(api, version, body);
        return (T) answer(api, (short) version, correlation);
    }

    /** Sends a request; returns its correlation id. */
    public int send(ApiKeys api, int version, ApiMessage body) throws IOException {
        ByteBuffer frame = frame(api, (short) version, ++correlation, body);
        send(frame.array());
        return correlation;
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads the next answer, which must be to this correlation id. */
    public ApiMessage answer(ApiKeys api, short version, int correlation) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        ResponseHeader header = ResponseHeader.parse(buffer, api.responseHeaderVersion(version));
        assertThat(header.correlationId()).isEqualTo(correlation);
        ApiMessage response = api.messageType.newResponse();
        response.read(new ByteBufferAccessor(buffer), version);
        assertThat(buffer.remaining())
                .as("bytes left over in %s v%s", api, version)
                .isZero();
        return response;
    }

    /** Whether the broker has closed the connection; waits for it, or for bytes. */
    public boolean closedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
