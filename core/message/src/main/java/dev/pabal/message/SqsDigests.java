package dev.pabal.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The MD5 digests that SQS answers with, and that its SDKs compare. One object serves many messages; for one thread.
 *
 * <pre>
 *   body:        MD5(bytes)
 *   attributes:  MD5 of, for each in the order of their names,
 *                | length (4), name | length (4), data type with its suffix | 1 text or number, 2 binary (1) | length (4), value |
 * </pre>
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html">MD5 of attributes</a>
 */
public final class SqsDigests {
    /** Bytes of a digest. */
    public static final int BYTES = 16;

    private static final byte TEXT = 1;
    private static final byte BINARY = 2;

    private final MessageDigest md5;
    private byte[] scratch = new byte[1 << 10];

    public SqsDigests() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Writes the digest of the bytes to {@code out}, from 0. */
    public void body(ByteBuffer in, int at, int length, byte[] out) {
        update(in, at, length);
        finish(out);
    }

    /** Writes the digest of the attributes to {@code out}, from 0. */
    public void attributes(List<SqsAttribute> attributes, byte[] out) {
        List<SqsAttribute> sorted = new ArrayList<>(attributes);
        sorted.sort(Comparator.comparing(SqsAttribute::name));
        for (SqsAttribute attribute : sorted) {
            text(attribute.name());
            text(attribute.type());
            md5.update(attribute.binary() ? BINARY : TEXT);
            number(attribute.length());
            update(attribute.memory(), attribute.at(), attribute.length());
        }
        finish(out);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        md5.update(bytes);
    }

    private void number(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            md5.update((byte) (value >>> shift));
        }
    }

    private void update(ByteBuffer in, int at, int length) {
        if (in.hasArray()) {
            md5.update(in.array(), in.arrayOffset() + at, length);
            return;
        }
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        in.get(at, scratch, 0, length);
        md5.update(scratch, 0, length);
    }

    private void finish(byte[] out) {
        try {
            md5.digest(out, 0, BYTES);
        } catch (DigestException e) {
            throw new IllegalArgumentException("a digest of MD5 needs 16 bytes", e);
        }
    }
}
