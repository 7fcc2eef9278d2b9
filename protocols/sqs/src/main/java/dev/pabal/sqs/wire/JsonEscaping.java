package dev.pabal.sqs.wire;

import java.nio.charset.StandardCharsets;

/** JSON's strings (RFC 8259, section 7): quotation mark, backslash and what is below a space. */
final class JsonEscaping extends Escaping {
    static final JsonEscaping JSON = new JsonEscaping();

    private static final int SPACE = 0x20;

    private JsonEscaping() {
        for (int control = 0; control < SPACE; control++) {
            replace(control, ascii(String.format("\\u%04x", control)));
        }
        replace('\n', ascii("\\n"));
        replace('\r', ascii("\\r"));
        replace('\t', ascii("\\t"));
        replace('\b', ascii("\\b"));
        replace('\f', ascii("\\f"));
        replace('"', ascii("\\\""));
        replace('\\', ascii("\\\\"));
    }

    @Override
    boolean mayHold(long bytes) {
        return (below(bytes, SPACE) | equalTo(bytes, '"') | equalTo(bytes, '\\')) != 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
