package dev.pabal.amqp.codec;

import dev.pabal.message.FieldTableWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The parts of a method frame that all methods share, for the generated classes. */
public final class MethodWriter {
    private static final int MAX_SHORT_BYTES = 255;

    private MethodWriter() {}

    /** Writes the frame's header and the method's id; returns what {@link #end} needs. */
    public static int begin(ByteBuf out, int channel, int id) {
        int start = out.writerIndex();
        out.writeByte(Frames.METHOD).writeShort(channel).writeInt(0).writeInt(id);
        return start;
    }

    /** Fills the frame's size in and ends it. */
    public static void end(ByteBuf out, int start) {
        out.setInt(start + 3, out.writerIndex() - start - Frames.HEADER_BYTES);
        out.writeByte(Frames.END);
    }

    /** Cut as {@link #fitting} does: a name that was not UTF-8 when it came may have grown, and half a frame must not stay behind. */
    public static void shortstr(ByteBuf out, String text) {
        int at = out.writerIndex();
        out.writeByte(0);
        int bytes = ByteBufUtil.writeUtf8(out, text);
        if (bytes > MAX_SHORT_BYTES) {
            out.writerIndex(at + 1);
            bytes = ByteBufUtil.writeUtf8(out, fitting(text));
        }
        out.setByte(at, bytes);
    }

    /** @param bytes at most 255 */
    public static void shortstr(ByteBuf out, byte[] bytes) {
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    public static void longstr(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    public static void table(ByteBuf out, Map<String, ?> table) {
        out.writeBytes(FieldTableWriter.encode(table));
    }

    /** The text cut to what a shortstr holds, at the border of a character. */
    public static String fitting(String text) {
        String cut = text;
        while (cut.getBytes(StandardCharsets.UTF_8).length > MAX_SHORT_BYTES) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }
}
