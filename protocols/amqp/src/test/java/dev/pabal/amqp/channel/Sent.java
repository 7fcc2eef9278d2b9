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
        byte[] key = queue.getBytes(StandardCharsets.UTF_8);
        ByteBuffer publish = ByteBuffer.allocate(9 + key.length);
        publish.putShort((short) 60).putShort((short) 40).putShort((short) 0).put((byte) 0);
        frame(channel, Frames.METHOD, publish.put((byte) key.length).put(key).put((byte) 0));
        ByteBuffer header = ByteBuffer.allocate(14).putShort((short) 60).putShort((short) 0);
        frame(channel, Frames.CONTENT_HEADER, header.putLong(bodyLength).putShort((short) 0));
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
