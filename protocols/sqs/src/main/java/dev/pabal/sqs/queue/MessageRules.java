package dev.pabal.sqs.queue;

import dev.pabal.message.SqsText;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a message and its attributes may be called and hold, and how SQS says no.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html">Message metadata</a>
 */
final class MessageRules {
    static final int MAX_ATTRIBUTES = 10;
    static final int MAX_DELAY_SECONDS = 900;
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_ID_LENGTH = 128;
    private static final int MAX_NUMBER_LENGTH = 200;
    private static final String CHARACTERS =
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD"
                    + " | #x10000 to #x10FFFF";

    private MessageRules() {}

    static SqsException invalid(String message) {
        return new SqsException(SqsError.INVALID_PARAMETER_VALUE, message);
    }

    /** @param utf8 the same in UTF-8 */
    static void checkBody(String body, byte[] utf8) {
        // Mostly a body is ASCII: then its bytes say it all, eight at a time. Half a surrogate pair becomes a question
        // mark, and is found.
        boolean ascii = utf8.length == body.length() && body.equals(new String(utf8, StandardCharsets.ISO_8859_1));
        if (!(ascii ? SqsText.isText(ByteBuffer.wrap(utf8), 0, utf8.length) : SqsText.isText(body))) {
            throw new SqsException(SqsError.INVALID_MESSAGE_CONTENTS, CHARACTERS);
        }
    }

    /** Letters of Latin scripts are taken, though not documented: SQS takes them. */
    static void checkAttributeName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw invalid("Message (user) attribute names must be shorter than 256 Bytes");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isWord(c) && c != '-' && c != '.' && (c < 0xc0 || c > 0x17f)) {
                throw invalid(
                        "Message (user) attributes name can only contain upper and lower score characters, digits,"
                                + " periods, hyphens and underscores. ");
            }
        }
        if (isReserved(name)) {
            throw invalid("You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                    + "These strings are reserved for internal use. Additionally, they cannot start or end with '.'.");
        }
    }

    private static boolean isReserved(String name) {
        return name.startsWith(".")
                || name.endsWith(".")
                || name.contains("..")
                || name.regionMatches(true, 0, "AWS.", 0, 4)
                || name.regionMatches(true, 0, "Amazon.", 0, 7);
    }

    static void checkAttributeType(String name, String type) {
        if (type.length() > MAX_NAME_LENGTH) {
            throw invalid("Message (user) attribute types must be shorter than 256 Bytes");
        }
        if (!isOf(type, "String") && !isOf(type, "Number") && !isOf(type, "Binary") || !SqsText.isText(type)) {
            throw invalid(
                    "The type of message (user) attribute '" + name + "' is invalid. You must use only the following"
                            + " supported type prefixes: Binary, Number, String.");
        }
    }

    /** Whether a data type is this one, or a custom one of its kind. */
    static boolean isOf(String type, String kind) {
        return type.startsWith(kind) && (type.length() == kind.length() || type.charAt(kind.length()) == '.');
    }

    static SqsException emptyAttribute(String name, String type) {
        return invalid(
                "Message (user) attribute '" + name + "' must contain a non-empty value of type '" + type + "'.");
    }

    static void checkAttributeText(String name, String type, String value) {
        if (!SqsText.isText(value)) {
            throw invalid(CHARACTERS);
        }
        if (isOf(type, "Number") && !isNumber(value)) {
            throw invalid("Can't cast the value of message (user) attribute '" + name + "' to a number.");
        }
    }

    private static boolean isNumber(String value) {
        try {
            return value.length() <= MAX_NUMBER_LENGTH && new BigDecimal(value).precision() > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A group or a deduplication id: letters, digits and punctuation of ASCII. */
    static void checkId(String id, String parameter) {
        boolean good = !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
        for (int i = 0; good && i < id.length(); i++) {
            good = id.charAt(i) > ' ' && id.charAt(i) < 0x7f;
        }
        if (!good) {
            throw SqsException.invalid(
                    id,
                    parameter,
                    parameter + " can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
    }

    /** A letter or digit of ASCII, or an underscore. */
    static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
