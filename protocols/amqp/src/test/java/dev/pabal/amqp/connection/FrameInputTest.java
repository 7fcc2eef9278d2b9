package dev.pabal.amqp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.amqp.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameInputTest {
    private static final int MAX_FRAME = 4_096;

    private final List<String> shown = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    /** The frame after which it pauses; -1 = none. */
    private int pauseAfter = -1;

    private boolean resumeAtOnce;

    private final FrameInput input = new FrameInput(
            ByteBufAllocator.DEFAULT,
            new FrameInput.Sink() {
                @Override
                public void frame(int type, int channel, ByteBuffer in, int at, int size) {
                    int sum = 0;
                    for (int i = 0; i < size; i++) {
                        sum += in.get(at + i) & 0xff;
                    }
                    shown.add(words(type, channel, size, sum));
                    if (shown.size() == pauseAfter) {
                        pause();
                    }
                }

                @Override
                public void malformed(String why) {
                    malformed.add(why);
                }
            },
            MAX_FRAME);

    private void pause() {
        input.pause();
        if (resumeAtOnce) {
            input.resume();
        }
    }

    @AfterEach
    void close() {
        input.close();
    }

    private static String words(int type, int channel, int size, int sum) {
        return type + " on " + channel + ", " + size + " bytes, sum " + sum;
    }

    private static void frame(ByteBuf out, int type, int channel, byte[] payload) {
        out.writeByte(type)
                .writeShort(channel)
                .writeInt(payload.length)
                .writeBytes(payload)
                .writeByte(Frames.END);
    }

    private void receive(ByteBuf bytes) {
        input.received(bytes);
        assertThat(bytes.readableBytes()).isZero();
    }

    private static ByteBuf frames(int count) {
        ByteBuf out = Unpooled.buffer();
        for (int i = 1; i <= count; i++) {
            frame(out, Frames.METHOD, i, new byte[] {(byte) i});
        }
        return out;
    }

    @Test
    void wholeFramesOfOneReadAreShownInOrder() {
        receive(frames(3));
        assertThat(shown).containsExactly(words(1, 1, 1, 1), words(1, 2, 1, 2), words(1, 3, 1, 3));
    }

    @Test
    void framesInPiecesOfAnySizeComeOutTheSame() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        ByteBuf all = Unpooled.buffer();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(12)];
            random.nextBytes(payload);
            int sum = 0;
            for (byte b : payload) {
                sum += b & 0xff;
            }
            int channel = random.nextInt(65_536);
            frame(all, Frames.BODY, channel, payload);
            expected.add(words(Frames.BODY, channel, payload.length, sum));
        }
        while (all.isReadable()) {
            int size = Math.min(all.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 5 : 3_000));
            receive(all.readSlice(size));
        }
        assertThat(shown).as("seed %d", seed).isEqualTo(expected);
        assertThat(malformed).isEmpty();
    }

    @Test
    void pausedItShowsNothingAndForgetsNothing() {
        pauseAfter = 2;
        receive(frames(4));
        receive(frames(1));
        assertThat(shown).hasSize(2);
        assertThat(input.paused()).isTrue();
        pauseAfter = 4;
        input.resume();
        assertThat(shown).hasSize(4);
        pauseAfter = -1;
        input.resume();
        assertThat(shown).hasSize(5);
        receive(frames(1));
        assertThat(shown).hasSize(6);
    }

    @Test
    void aHandlerThatPausesAndResumesAtOnceLosesNoFrame() {
        resumeAtOnce = true;
        pauseAfter = 1;
        receive(frames(3));
        assertThat(shown).hasSize(3);
    }

    @Test
    void aFrameBeyondTheBoundIsRefusedByItsLengthField() {
        ByteBuf out = Unpooled.buffer().writeByte(Frames.BODY).writeShort(1).writeInt(MAX_FRAME - 7);
        receive(out);
        assertThat(malformed).hasSize(1);
        receive(frames(1));
        assertThat(shown).isEmpty();
    }

    @Test
    void theLargestFrameIsTakenAndAHigherBoundTakesMore() {
        ByteBuf out = Unpooled.buffer();
        frame(out, Frames.BODY, 1, new byte[MAX_FRAME - Frames.OVERHEAD_BYTES]);
        receive(out.readSlice(100));
        receive(out);
        input.limit(2 * MAX_FRAME);
        ByteBuf more = Unpooled.buffer();
        frame(more, Frames.BODY, 1, new byte[MAX_FRAME]);
        receive(more);
        assertThat(shown).hasSize(2);
        assertThat(malformed).isEmpty();
    }

    @Test
    void aWrongEndMarkerIsSaid() {
        ByteBuf out = frames(1);
        out.setByte(out.writerIndex() - 1, 0x11);
        receive(out);
        assertThat(shown).isEmpty();
        assertThat(malformed).singleElement().asString().contains("end marker 17");
    }
}
