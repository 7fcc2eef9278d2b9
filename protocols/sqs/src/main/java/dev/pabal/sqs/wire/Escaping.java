package dev.pabal.sqs.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How a wire format writes characters of ASCII that mean something to it. All else is copied in runs, from texts and from UTF-8 in memory alike,
 * for escapes are rare: eight bytes are looked at in one step.
 */
abstract class Escaping {
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** What stands for each character of ASCII, null where it stands for itself. */
    private final byte @Nullable [][] replacements = new byte[128][];

    final void replace(int character, byte[] with) {
        replacements[character] = with;
    }

    /**
     * Whether one of eight bytes may need a replacement: true too often costs time, false wrongly would break the reply.
     *
     * @param bytes eight bytes of UTF-8 in any order
     */
    abstract boolean mayHold(long bytes);

    /** Sets the high bit of some byte where one of the bytes equals {@code wanted}, and perhaps of others. */
    static long equalTo(long bytes, int wanted) {
        long difference = bytes ^ (LOW_BITS * wanted);
        return (difference - LOW_BITS) & ~difference & HIGH_BITS;
    }

    /** Sets the high bit of some byte where one of the bytes is below {@code bound} (at most 128), and perhaps of others. */
    static long below(long bytes, int bound) {
        return (bytes - LOW_BITS * bound) & ~bytes & HIGH_BITS;
    }

    final void write(ByteBuf out, ByteBuffer utf8, int at, int length) {
        ByteBuffer in = utf8.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int end = at + length;
        int run = at;
        int next = at;
        while (next < end) {
            if (end - next >= Long.BYTES && !mayHold(in.getLong(next))) {
                next += Long.BYTES;
                continue;
            }
            int stop = Math.min(end, next + Long.BYTES);
            for (; next < stop; next++) {
                byte character = in.get(next);
                byte[] replacement = character < 0 ? null : replacements[character];
                if (replacement != null) {
                    copy(out, in, run, next);
                    out.writeBytes(replacement);
                    run = next + 1;
                }
            }
        }
        copy(out, in, run, end);
    }

    private static void copy(ByteBuf out, ByteBuffer in, int from, int to) {
        if (to > from) {
            in.limit(to).position(from);
            out.writeBytes(in);
            in.clear();
        }
    }

    final void write(ByteBuf out, String text) {
        int run = 0;
        for (int next = 0; next < text.length(); next++) {
            char character = text.charAt(next);
            byte[] replacement = replacement(character, text, next);
            if (replacement != null) {
                ByteBufUtil.reserveAndWriteUtf8(out, text, run, next, ByteBufUtil.utf8MaxBytes(next - run));
                out.writeBytes(replacement);
                run = next + 1;
            }
        }
        ByteBufUtil.reserveAndWriteUtf8(out, text, run, text.length(), ByteBufUtil.utf8MaxBytes(text.length() - run));
    }

    private byte @Nullable [] replacement(char character, String text, int at) {
        return character < 128 ? replacements[character] : replacementBeyondAscii(character, text, at);
    }

    /** What stands for a character beyond ASCII of a text, null where it stands for itself. */
    byte @Nullable [] replacementBeyondAscii(char character, String text, int at) {
        return null;
    }
}
