package dev.pabal.sqs.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} header, formatted once a second. Any thread. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private volatile Second last = new Second(Long.MIN_VALUE, "");

    String at(long wallMs) {
        long second = Math.floorDiv(wallMs, 1000);
        Second cached = last;
        if (cached.second != second) {
            cached = new Second(second, FORMAT.format(Instant.ofEpochSecond(second)));
            last = cached;
        }
        return cached.text;
    }

    private record Second(long second, String text) {}
}
