package dev.pabal.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event, one line, whatever is in the message: {@code 2026-11-21T08:00:00.000Z WARN Name - message: cause}. A stack trace follows only
 * an ERROR or where DEBUG is on, folded into the same line with {@code " | "} between its frames.
 */
final class OneLineLayout extends LayoutBase<ILoggingEvent> {
    private static final int MAX_FRAMES_CHARS = 4_000;

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS));
        line.append(' ').append(event.getLevel()).append(' ');
        line.append(shortName(event.getLoggerName())).append(" - ");
        appendFlat(line, event.getFormattedMessage());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            appendThrown(line, thrown, event.getLevel());
        }
        return line.append('\n').toString();
    }

    private static void appendThrown(StringBuilder line, IThrowableProxy thrown, Level level) {
        if (level.isGreaterOrEqual(Level.ERROR) || Level.DEBUG.isGreaterOrEqual(level)) {
            String frames = ThrowableProxyUtil.asString(thrown);
            line.append(" | ");
            appendFlat(line, frames.length() > MAX_FRAMES_CHARS ? frames.substring(0, MAX_FRAMES_CHARS) : frames);
        } else {
            line.append(": ");
            appendFlat(line, thrown.getClassName() + " " + thrown.getMessage());
        }
    }

    private static void appendFlat(StringBuilder line, @Nullable String text) {
        if (text != null) {
            line.append(text.strip().replaceAll("[\\r\\n]+\\s*", " | "));
        }
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
