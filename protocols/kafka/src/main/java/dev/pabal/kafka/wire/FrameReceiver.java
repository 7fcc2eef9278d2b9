package dev.pabal.kafka.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/** Lets the socket be read straight into the reader's buffer, so that a large request is received where it stays. One for each connection. */
final class FrameReceiver extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Reads in a row before other connections of the loop get their turn. */
    private static final int MOST_READS = 16;

    private final FrameReader reader;

    FrameReceiver(FrameReader reader) {
        super(MOST_READS);
        this.reader = reader;
    }

    @Override
    @SuppressWarnings("deprecation") // the old name of ExtendedHandle is still the return type that Netty asks for
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return reader.room().retain();
            }

            @Override
            public int guess() {
                return FrameReader.FIRST_BYTES;
            }
        };
    }
}
