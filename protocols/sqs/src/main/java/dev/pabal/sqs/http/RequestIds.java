package dev.pabal.sqs.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests in the form of a UUID: unique by a counter that is spread over all bits, from a random start. Cheaper than random UUIDs, and
 * nobody relies on their being secret. Any thread.
 */
final class RequestIds {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int LENGTH = 36;

    private final long high;
    private final AtomicLong next;

    RequestIds() {
        SecureRandom random = new SecureRandom();
        high = random.nextLong();
        next = new AtomicLong(random.nextLong());
    }

    String next() {
        long counter = next.getAndAdd(STEP);
        byte[] text = new byte[LENGTH];
        int at = 0;
        at = hex(text, at, mixed(counter ^ high));
        hex(text, at, mixed(counter));
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static int hex(byte[] text, int from, long value) {
        int at = from;
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            if (at == 8 || at == 13 || at == 18 || at == 23) {
                text[at++] = '-';
            }
            text[at++] = HEX[(int) (value >>> shift) & 15];
        }
        return at;
    }

    /** A bijection of 64 bits whose outputs look random (the finaliser of SplitMix64). */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
