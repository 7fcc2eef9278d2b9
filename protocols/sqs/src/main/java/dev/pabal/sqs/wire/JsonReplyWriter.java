package dev.pabal.sqs.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Replies as JSON objects. {@link #begin} and {@link #finish} enclose the members. For one thread, one reply at a time; may be used again.
 */
public final class JsonReplyWriter implements ReplyWriter {
    private static final int MAX_DEPTH = 16;

    private ByteBuf out;
    private int depth;
    private final byte[] closings = new byte[MAX_DEPTH];
    private final boolean[] followed = new boolean[MAX_DEPTH];

    /** @param out where the first reply goes */
    public JsonReplyWriter(ByteBuf out) {
        this.out = out;
    }

    /** Begins a reply in {@code buffer}. */
    public void begin(ByteBuf buffer) {
        out = buffer;
        depth = 0;
        open('{', '}');
    }

    /** Ends the reply. */
    public void finish() {
        end();
    }

    /** Writes an error as SQS's JSON clients read it. */
    public static void error(ByteBuf out, SqsError error, String message) {
        JsonReplyWriter writer = new JsonReplyWriter(out);
        writer.begin(out);
        writer.text("__type", error.namespace() + "#" + error.type());
        writer.text("message", message);
        writer.finish();
    }

    @Override
    public void text(String name, String value) {
        name(name);
        quoted(value);
    }

    @Override
    public void text(String name, ByteBuffer utf8, int at, int length) {
        name(name);
        out.writeByte('"');
        JsonEscaping.JSON.write(out, utf8, at, length);
        out.writeByte('"');
    }

    @Override
    public void number(String name, long value) {
        name(name);
        ByteBufUtil.writeAscii(out, Long.toString(value));
    }

    @Override
    public void bool(String name, boolean value) {
        name(name);
        ByteBufUtil.writeAscii(out, value ? "true" : "false");
    }

    @Override
    public void bytes(String name, ByteBuffer bytes, int at, int length) {
        name(name);
        out.writeByte('"');
        out.writeBytes(
                Base64.getEncoder().encode(bytes.duplicate().limit(at + length).position(at)));
        out.writeByte('"');
    }

    @Override
    public void beginList(String name, String xmlName) {
        name(name);
        open('[', ']');
    }

    @Override
    public void beginElement() {
        separate();
        open('{', '}');
    }

    @Override
    public void element(String value) {
        separate();
        quoted(value);
    }

    @Override
    public void beginMap(String name, String xmlName, String keyName, String valueName) {
        name(name);
        open('{', '}');
    }

    @Override
    public void entry(String key, String value) {
        key(key);
        quoted(value);
    }

    @Override
    public void beginEntry(String key) {
        key(key);
        open('{', '}');
    }

    @Override
    public void end() {
        out.writeByte(closings[--depth]);
    }

    private void open(char opening, char closing) {
        out.writeByte(opening);
        closings[depth] = (byte) closing;
        followed[depth] = false;
        depth++;
    }

    private void separate() {
        if (followed[depth - 1]) {
            out.writeByte(',');
        }
        followed[depth - 1] = true;
    }

    /** Writes the name of a member: one of SQS's own, with nothing to escape. */
    private void name(String name) {
        separate();
        out.writeByte('"');
        ByteBufUtil.writeAscii(out, name);
        out.writeByte('"');
        out.writeByte(':');
    }

    private void key(String key) {
        separate();
        quoted(key);
        out.writeByte(':');
    }

    private void quoted(String value) {
        out.writeByte('"');
        JsonEscaping.JSON.write(out, value);
        out.writeByte('"');
    }
}
