package dev.pabal.cli.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** Reads a moment as people write it. */
public final class Moment {
    /** What {@link #parseMs} takes, for helps and messages. */
    public static final String FORMS =
            "2026-11-21T08:00:00Z, 2026-11-21T08:00:00 (local time), PT1H (an hour ago) or milliseconds since 1970";

    private Moment() {}

    /**
     * Milliseconds since 1970.
     *
     * @param option the option's name, for the message
     * @param nowMs the present, from which durations count back
     * @throws CommandFailure where the text is none of {@link #FORMS}
     */
    public static long parseMs(String option, String text, long nowMs) {
        try {
            if (text.matches("\\d+")) {
                return Long.parseLong(text);
            } else if (text.startsWith("P")) {
                return nowMs - Duration.parse(text).toMillis();
            } else if (text.endsWith("Z")) {
                return Instant.parse(text).toEpochMilli();
            }
            return LocalDateTime.parse(text)
                    .atZone(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new CommandFailure(CommandFailure.USAGE, option + " takes " + FORMS + ", not '" + text + "'.");
        }
    }
}
