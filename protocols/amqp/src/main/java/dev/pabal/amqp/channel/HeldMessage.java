package dev.pabal.amqp.channel;

import dev.pabal.message.AmqpProperties;
import java.nio.ByteBuffer;

/**
 * A published message, copied, that waits until the store takes writes again.
 *
 * @param number as in {@link Router#publish}
 */
record HeldMessage(
        ServerChannel channel,
        Route route,
        String[] moreKeys,
        ByteBuffer properties,
        ByteBuffer body,
        boolean mandatory,
        long expirationMs,
        long number)
        implements Held.Message {
    /** About what the objects take beside the bytes. */
    private static final int OVERHEAD_BYTES = 256;

    @Override
    public int sizeInBytes() {
        return properties.limit() + body.limit() + OVERHEAD_BYTES;
    }

    @Override
    public boolean publish() {
        try {
            channel.publisher()
                    .router()
                    .publish(
                            route,
                            moreKeys,
                            new AmqpProperties().wrap(properties, 0, properties.limit()),
                            properties.limit(),
                            body,
                            0,
                            body.limit(),
                            mandatory && channel.open(),
                            expirationMs,
                            number);
            return true;
        } catch (RuntimeException e) {
            channel.fail(Failures.of(e));
            return false;
        }
    }

    /** Bytes that lie in a buffer that is used again, copied. */
    static ByteBuffer copy(ByteBuffer of, int at, int length) {
        return ByteBuffer.allocate(length).put(0, of, at, length);
    }
}
