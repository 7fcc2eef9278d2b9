package dev.pabal.sqs.queue;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver shows to delete a message, or to change its visibility: which receiving of which message it was. It holds over restarts, and
 * for nothing but that receiving. As text it is base64url, without padding, of
 *
 * <pre>
 *   | version 1 (1) | queue (16) | offset (8) | generation (4) | received at, wall ms (8) | incarnation (4) | CRC-32C of all before (4) |
 * </pre>
 *
 * @param queue id of the queue that it was received from
 * @param offset where the message lies
 * @param generation which receiving it was
 * @param receivedMs when, wall ms
 * @param incarnation a random number of the broker's start: queues that do not journal who holds what begin to count anew with each
 */
public record ReceiptHandle(UUID queue, long offset, int generation, long receivedMs, int incarnation) {
    private static final byte VERSION = 1;
    private static final int CHECKED_BYTES = 41;
    private static final int BYTES = CHECKED_BYTES + 4;
    private static final int CHARACTERS = BYTES / 3 * 4;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** As text, 60 characters. */
    public String encoded() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.put(VERSION).putLong(queue.getMostSignificantBits()).putLong(queue.getLeastSignificantBits());
        out.putLong(offset).putInt(generation).putLong(receivedMs).putInt(incarnation);
        out.putInt(checksum(out.array()));
        return new String(ENCODER.encode(out.array()), StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads one.
     *
     * @throws SqsException {@link SqsError#RECEIPT_HANDLE_IS_INVALID} where it is none, or one of another queue
     */
    public static ReceiptHandle read(String text, UUID queue) {
        ReceiptHandle handle = parse(text);
        if (handle == null || !handle.queue.equals(queue)) {
            throw new SqsException(
                    SqsError.RECEIPT_HANDLE_IS_INVALID,
                    "The input receipt handle \"" + text + "\" is not a valid receipt handle.");
        }
        return handle;
    }

    private static @Nullable ReceiptHandle parse(String text) {
        if (text.length() != CHARACTERS) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.get() != VERSION || in.getInt(CHECKED_BYTES) != checksum(bytes)) {
            return null;
        }
        UUID id = new UUID(in.getLong(), in.getLong());
        return new ReceiptHandle(id, in.getLong(), in.getInt(), in.getLong(), in.getInt());
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
