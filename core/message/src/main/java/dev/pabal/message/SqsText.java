package dev.pabal.message;

import java.nio.ByteBuffer;

/**
 * Which bytes are a text that SQS can say: well-formed UTF-8 of XML 1.0's characters.
 *
 * <pre>
 *   #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF
 * </pre>
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">SendMessage</a>
 */
public final class SqsText {
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;
    private static final int INVALID = -1;

    private SqsText() {}

    /** Whether the bytes are such a text; absolute reads only. */
    public static boolean isText(ByteBuffer in, int at, int length) {
        int end = at + length;
        int next = at;
        while (next < end) {
            next = plain(in, next, end);
            if (next < end) {
                int bytes = character(in, next, end);
                if (bytes == INVALID) {
                    return false;
                }
                next += bytes;
            }
        }
        return true;
    }

    /** Whether the text has only such characters; half a surrogate pair is none. */
    public static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0xd800) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c >= 0xd800 ? c < 0xe000 || c > 0xfffd : !isSpace(c)) {
                return false;
            }
        }
        return true;
    }

    /** Passes over eights of bytes from 0x20 to 0x7f; neither the order of the bytes nor a carry between them matters for the verdict. */
    private static int plain(ByteBuffer in, int at, int end) {
        int next = at;
        while (next + 8 <= end) {
            long word = in.getLong(next);
            if (((word | word - ONES * 0x20) & HIGH_BITS) != 0) {
                break;
            }
            next += 8;
        }
        return next;
    }

    /** How many bytes the character takes, {@link #INVALID} where it is none. */
    private static int character(ByteBuffer in, int at, int end) {
        int first = in.get(at) & 0xff;
        if (first < 0x80) {
            return first >= 0x20 || isSpace(first) ? 1 : INVALID;
        }
        int bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || bytes > end - at) {
            return INVALID;
        }
        int point = first & (0xff >> bytes + 1);
        for (int i = 1; i < bytes; i++) {
            int b = in.get(at + i) & 0xff;
            if ((b & 0xc0) != 0x80) {
                return INVALID;
            }
            point = point << 6 | b & 0x3f;
        }
        return isPoint(point, bytes) ? bytes : INVALID;
    }

    private static boolean isPoint(int point, int bytes) {
        return switch (bytes) {
            case 2 -> true;
            case 3 -> point >= 0x800 && (point < 0xd800 || point >= 0xe000 && point <= 0xfffd);
            default -> point >= 0x10000 && point <= 0x10ffff;
        };
    }

    private static boolean isSpace(int c) {
        return c == '\t' || c == '\n' || c == '\r';
    }
}
