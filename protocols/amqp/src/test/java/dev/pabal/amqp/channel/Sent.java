package dev.pabal.amqp.channel;

import dev.pabal.amqp.codec.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as a client would send them. */
final class Sent {
    private Sent() {}

    static void open(ServerChannel channel) {
        frame(
                channel,
                Frames.METHOD,
                ByteBuffer.allocate(5).putShort((short) 20).putShort((short) 10).put((byte) 0));
    }

    /** The method and the header of a message to a queue, by way of the default exchange. */
    static void announce(ServerChannel channel, String queue, long bodyLength) {
        announce(channel, queue, bodyLength, new byte[2]);
    }

    /** The same with a header of that size in the message. */
    static void announce(ServerChannel channel, String queue, long bodyLength, int valueLength) {
        ByteBuffer table = ByteBuffer.allocate(2 + 4 + 7 + valueLength).putShort((short) 0x2000);
        table.putInt(7 + valueLength)
                .put((byte) 1)
                .put((byte) 'h')
                .put((byte) 'S')
                .putInt(valueLength);
        announce(channel, queue, bodyLength, table.array());
    }

    private static void announce(ServerChannel channel, String queue, long bodyLength, byte[] properties) {
        byte[] key = queue.getBytes(StandardCharsets.UTF_8);
        ByteBuffer publish = ByteBuffer.allocate(9 + key.length);
        publish.putShort((short) 60).putShort((short) 40).putShort((short) 0).put((byte) 0);
        frame(channel, Frames.METHOD, publish.put((byte) key.length).put(key).put((byte) 0));
        ByteBuffer header = ByteBuffer.allocate(12 + properties.length).putShort((short) 60);
        frame(
                channel,
                Frames.CONTENT_HEADER,
                header.putShort((short) 0).putLong(bodyLength).put(properties));
    }

    static void body(ServerChannel channel, byte[] bytes) {
        frame(channel, Frames.BODY, ByteBuffer.wrap(bytes).position(bytes.length));
    }

    static void message(ServerChannel channel, String queue, byte[] body) {
        announce(channel, queue, body.length);
        body(channel, body);
    }

    private static void frame(ServerChannel channel, int type, ByteBuffer filled) {
        channel.frame(type, filled.flip(), 0, filled.limit());
    }
}
