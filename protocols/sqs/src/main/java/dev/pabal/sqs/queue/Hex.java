package dev.pabal.sqs.queue;

import java.nio.charset.StandardCharsets;

/** Digests as SQS shows them: small hexadecimal digits. */
public final class Hex {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Hex() {}

    /** Two digits for each byte. */
    public static String of(byte[] bytes) {
        byte[] text = ascii(bytes);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Two digits for each byte, as ASCII. */
    public static byte[] ascii(byte[] bytes) {
        byte[] text = new byte[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = DIGITS[bytes[i] >> 4 & 0xf];
            text[2 * i + 1] = DIGITS[bytes[i] & 0xf];
        }
        return text;
    }
}
