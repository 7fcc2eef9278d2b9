package dev.pabal.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets logback up without a file: one line per event on standard error, {@code WARN} and above until {@link #level} says otherwise. Loaded by
 * logback as a service.
 */
public final class PabalLogging extends ContextAwareBase implements Configurator {
    private static final String PABAL = "dev.pabal";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        OneLineLayout layout = new OneLineLayout();
        layout.setContext(context);
        layout.start();
        LineEncoder encoder = new LineEncoder(layout);
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ch.qos.logback.classic.spi.ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.ERROR);
        root.addAppender(console);
        context.getLogger(PABAL).setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Sets the least severe level that is logged. The parts of Kafka and Netty inside stay at {@code ERROR} unless details are asked for:
     * what they warn of is told to clients by error codes.
     *
     * @param level ERROR, WARN, INFO, DEBUG or TRACE
     */
    public static void level(String level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level wanted = Level.toLevel(level, Level.WARN);
        context.getLogger(PABAL).setLevel(wanted);
        boolean details = wanted.toInt() <= Level.DEBUG.toInt();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(details ? Level.INFO : Level.ERROR);
    }

    /** Logs nothing of the clients': what fails there comes to the person as one sentence, once. */
    public static void silenceClients() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("org.apache.kafka").setLevel(Level.OFF);
        context.getLogger("com.rabbitmq").setLevel(Level.OFF);
    }
}
