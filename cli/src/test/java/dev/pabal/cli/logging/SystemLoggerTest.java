package dev.pabal.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log's core has the JDK's loggers only: what it says must stand in the program's log, one line each, with its arguments filled in. */
class SystemLoggerTest {
    @Test
    void whatTheLogsCoreSaysIsALineOfTheProgramsLog() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.pabal.log.segment.Recovery");
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        logger.addAppender(seen);
        logger.setAdditive(false);
        try {
            System.getLogger("dev.pabal.log.segment.Recovery")
                    .log(System.Logger.Level.WARNING, "{0} stays until the next start: {1}", "a.segment", "in use");
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(seen);
        }

        assertThat(seen.list).hasSize(1);
        assertThat(seen.list.get(0).getLevel()).isEqualTo(Level.WARN);
        String line = new OneLineLayout().doLayout(seen.list.get(0));
        assertThat(line).endsWith(" WARN Recovery - a.segment stays until the next start: in use\n");
        assertThat(line.lines()).hasSize(1);
    }
}
