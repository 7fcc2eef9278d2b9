package dev.pabal.sqs.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Replies as XML, in the form of AWS's Query protocol:
 *
 * <pre>{@code
 * <?xml version="1.0"?>
 * <SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">
 *   <SendMessageResult> members </SendMessageResult>
 *   <ResponseMetadata><RequestId>...</RequestId></ResponseMetadata>
 * </SendMessageResponse>
 * }</pre>
 *
 * <p>An action that says nothing has no {@code Result}. For one thread, one reply.
 */
public final class XmlReplyWriter implements ReplyWriter {
    private static final String PROLOGUE = "<?xml version=\"1.0\"?>";
    private static final String NAMESPACE = " xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"";
    private static final int MAX_DEPTH = 16;

    private enum Kind {
        LIST,
        ELEMENT,
        MAP,
        ENTRY
    }

    private final ByteBuf out;
    private final String action;
    private final Kind[] kinds = new Kind[MAX_DEPTH];
    private final String[] names = new String[MAX_DEPTH];
    private final String[] keyNames = new String[MAX_DEPTH];
    private final String[] valueNames = new String[MAX_DEPTH];
    private int depth;
    private final boolean withResult;
    private boolean resultBegun;

    /**
     * Begins the reply of {@code action} in {@code out}.
     *
     * @param withResult false for actions that have no members in their replies at all: clients look for the others' {@code Result} though it be
     *     empty
     */
    public XmlReplyWriter(ByteBuf out, String action, boolean withResult) {
        this.out = out;
        this.action = action;
        this.withResult = withResult;
        ascii(PROLOGUE);
        ascii("<" + action + "Response" + NAMESPACE + ">");
    }

    /** Ends the reply. */
    public void finish(String requestId) {
        if (resultBegun) {
            close(action + "Result");
        } else if (withResult) {
            ascii("<" + action + "Result/>");
        }
        ascii("<ResponseMetadata><RequestId>");
        ascii(requestId);
        ascii("</RequestId></ResponseMetadata>");
        close(action + "Response");
    }

    /** Writes an error as Query clients read it. */
    public static void error(ByteBuf out, SqsError error, String message, String requestId) {
        ByteBufUtil.writeAscii(out, PROLOGUE + "<ErrorResponse" + NAMESPACE + "><Error><Type>" + error.fault());
        ByteBufUtil.writeAscii(out, "</Type><Code>" + error.code() + "</Code><Message>");
        XmlEscaping.XML.write(out, message);
        ByteBufUtil.writeAscii(
                out, "</Message><Detail/></Error><RequestId>" + requestId + "</RequestId></ErrorResponse>");
    }

    @Override
    public void text(String name, String value) {
        open(name);
        XmlEscaping.XML.write(out, value);
        close(name);
    }

    @Override
    public void text(String name, ByteBuffer utf8, int at, int length) {
        open(name);
        XmlEscaping.XML.write(out, utf8, at, length);
        close(name);
    }

    @Override
    public void number(String name, long value) {
        open(name);
        ascii(Long.toString(value));
        close(name);
    }

    @Override
    public void bool(String name, boolean value) {
        open(name);
        ascii(value ? "true" : "false");
        close(name);
    }

    @Override
    public void bytes(String name, ByteBuffer bytes, int at, int length) {
        open(name);
        out.writeBytes(
                Base64.getEncoder().encode(bytes.duplicate().limit(at + length).position(at)));
        close(name);
    }

    @Override
    public void beginList(String name, String xmlName) {
        push(Kind.LIST, xmlName, null, null);
    }

    @Override
    public void beginElement() {
        String name = names[depth - 1];
        open(name);
        push(Kind.ELEMENT, name, null, null);
    }

    @Override
    public void element(String value) {
        text(names[depth - 1], value);
    }

    @Override
    public void beginMap(String name, String xmlName, String keyName, String valueName) {
        push(Kind.MAP, xmlName, keyName, valueName);
    }

    @Override
    public void entry(String key, String value) {
        int map = depth - 1;
        open(names[map]);
        text(keyNames[map], key);
        text(valueNames[map], value);
        close(names[map]);
    }

    @Override
    public void beginEntry(String key) {
        int map = depth - 1;
        open(names[map]);
        text(keyNames[map], key);
        open(valueNames[map]);
        push(Kind.ENTRY, names[map], null, valueNames[map]);
    }

    @Override
    public void end() {
        depth--;
        switch (kinds[depth]) {
            case ELEMENT -> close(names[depth]);
            case ENTRY -> {
                close(valueNames[depth]);
                close(names[depth]);
            }
            case LIST, MAP -> {} // flattened: their elements carry the name
        }
    }

    private void push(Kind kind, String name, @Nullable String keyName, @Nullable String valueName) {
        kinds[depth] = kind;
        names[depth] = name;
        keyNames[depth] = keyName == null ? "" : keyName;
        valueNames[depth] = valueName == null ? "" : valueName;
        depth++;
    }

    private void open(String name) {
        if (!resultBegun) {
            resultBegun = true;
            ascii("<" + action + "Result>");
        }
        out.writeByte('<');
        ascii(name);
        out.writeByte('>');
    }

    private void close(String name) {
        out.writeByte('<');
        out.writeByte('/');
        ascii(name);
        out.writeByte('>');
    }

    private void ascii(String text) {
        ByteBufUtil.writeAscii(out, text);
    }
}
