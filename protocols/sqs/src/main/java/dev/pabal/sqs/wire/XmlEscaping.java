package dev.pabal.sqs.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * XML 1.0's character data, as SQS writes it: a carriage return as a reference, for readers of XML would make a line feed of it. What is no
 * character of XML (it may stand in an error that quotes the request) becomes U+FFFD.
 */
final class XmlEscaping extends Escaping {
    private static final int SPACE = 0x20;
    private static final byte[] NO_CHARACTER = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    static final XmlEscaping XML = new XmlEscaping();

    private XmlEscaping() {
        for (int control = 0; control < SPACE; control++) {
            if (control != '\t' && control != '\n') {
                replace(control, NO_CHARACTER);
            }
        }
        replace('\r', ascii("&#xD;"));
        replace('"', ascii("&quot;"));
        replace('&', ascii("&amp;"));
        replace('<', ascii("&lt;"));
        replace('>', ascii("&gt;"));
    }

    @Override
    boolean mayHold(long bytes) {
        return (below(bytes, SPACE)
                        | equalTo(bytes, '"')
                        | equalTo(bytes, '&')
                        | equalTo(bytes, '<')
                        | equalTo(bytes, '>'))
                != 0;
    }

    @Override
    byte @Nullable [] replacementBeyondAscii(char character, String text, int at) {
        if (character == '\uFFFE' || character == '\uFFFF') {
            return NO_CHARACTER;
        }
        if (Character.isHighSurrogate(character)) {
            boolean paired = at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
            return paired ? null : NO_CHARACTER;
        }
        if (Character.isLowSurrogate(character)) {
            boolean paired = at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
            return paired ? null : NO_CHARACTER;
        }
        return null;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
