package dev.pabal.sqs.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the parameters of a Query request from the query of its URL and from its body, a form
 * ({@code application/x-www-form-urlencoded}). At most {@value #MAX_PARAMETERS} are taken. Any thread.
 */
public final class FormReader {
    private static final int MAX_PARAMETERS = 10_000;
    private static final byte[] NO_ESCAPE = new byte[0];

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Adds the parameters in bytes of the form {@code name=value&name=value}.
     *
     * @throws SqsException with {@link SqsError#MALFORMED_QUERY_STRING} where an escape is none, bytes are no UTF-8 or there are too many
     */
    public FormReader read(byte[] form, int at, int length) {
        int end = at + length;
        int from = at;
        while (from < end) {
            int next = indexOf(form, '&', from, end);
            if (next > from) {
                add(form, from, next);
            }
            from = next + 1;
        }
        return this;
    }

    /** Adds the parameters in the query of a URL. */
    public FormReader read(String query) {
        byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
        return read(bytes, 0, bytes.length);
    }

    /** The value of a parameter as it was given, empty where it is absent: for what stands beside an action's own, such as {@code Action}. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** What was read, as an action sees it. */
    public Parameters parameters() {
        return QueryParameters.of(values);
    }

    private void add(byte[] form, int from, int end) {
        int equals = indexOf(form, '=', from, end);
        String name = decoded(form, from, equals);
        String value = equals < end ? decoded(form, equals + 1, end) : "";
        values.put(name, value);
        if (values.size() > MAX_PARAMETERS) {
            throw malformed("The request has more than " + MAX_PARAMETERS + " parameters.");
        }
    }

    private static int indexOf(byte[] form, char wanted, int from, int end) {
        int at = from;
        while (at < end && form[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String decoded(byte[] form, int from, int end) {
        byte[] bytes = NO_ESCAPE;
        int length = 0;
        boolean ascii = true;
        for (int at = from; at < end; at++) {
            byte b = form[at];
            if (b == '%' || b == '+') {
                if (bytes == NO_ESCAPE) {
                    bytes = new byte[end - from];
                    length = at - from;
                    System.arraycopy(form, from, bytes, 0, length);
                }
                if (b == '%') {
                    b = escaped(form, at, end);
                    at += 2;
                } else {
                    b = ' ';
                }
            }
            if (bytes != NO_ESCAPE) {
                bytes[length++] = b;
            }
            ascii &= b >= 0;
        }
        return bytes == NO_ESCAPE ? text(form, from, end - from, ascii) : text(bytes, 0, length, ascii);
    }

    private static byte escaped(byte[] form, int at, int end) {
        int high = at + 2 < end ? Character.digit(form[at + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(form[at + 2], 16);
        if (low < 0) {
            throw malformed("The request's parameters hold a % that is not followed by two hexadecimal digits.");
        }
        return (byte) (high << 4 | low);
    }

    private static String text(byte[] bytes, int at, int length, boolean ascii) {
        if (ascii) {
            return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The request's parameters are no UTF-8.");
        }
    }

    private static SqsException malformed(String message) {
        return new SqsException(SqsError.MALFORMED_QUERY_STRING, message);
    }
}
