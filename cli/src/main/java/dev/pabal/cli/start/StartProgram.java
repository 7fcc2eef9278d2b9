package dev.pabal.cli.start;

import dev.pabal.cli.logging.PabalLogging;
import dev.pabal.server.PabalServer;
import dev.pabal.server.StartException;
import dev.pabal.server.config.PabalConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Runs a broker in this process until SIGTERM, SIGINT or a failed disk ends it. */
public final class StartProgram {
    /** What the process exits with when its store can keep no promise any longer (sysexits.h: EX_IOERR). */
    public static final int STORE_FAILED = 74;

    private StartProgram() {}

    /**
     * Starts the broker, says so on standard output, and waits for ever: the process ends by a signal, or exits where the broker cannot start.
     *
     * @param arguments those after the word {@code start}
     */
    public static void run(List<String> arguments) {
        try {
            PabalConfig config = configure(arguments, System.getenv());
            PabalServer server = PabalServer.start(config, StartProgram::halt);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, config), "pabal-stop"));
            System.out.println(readyLine(server));
            System.out.flush();
            waitForEver();
        } catch (StartException e) {
            System.err.println("pabal: " + e.getMessage());
            System.exit(e.exitCode());
        }
    }

    /**
     * Reads the config from all its sources and sets the log's level by it.
     *
     * @throws StartException where an argument, a key or a value is wrong
     */
    public static PabalConfig configure(List<String> arguments, Map<String, String> environment) {
        PabalConfig config = StartArguments.parse(arguments).config(PabalServer.configBuilder(), environment);
        PabalLogging.level(config.logLevel());
        return config;
    }

    /** The line that says that the broker serves; programs wait for it, so its form stays. */
    public static String readyLine(PabalServer server) {
        return "pabal ready in " + ProcessAge.ms() + " ms: kafka=" + server.kafkaAddress() + " amqp="
                + server.amqpAddress() + " sqs="
                + server.sqsAddress() + " http="
                + server.httpAddress();
    }

    /** All other threads are daemons, so that a broker inside somebody's program does not keep that alive: here the main thread does. */
    private static void waitForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    /** Stops within the configured time; what is not done by then is left to the next start's recovery. */
    private static void stop(PabalServer server, PabalConfig config) {
        Thread closing = new Thread(server::close, "pabal-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(config.shutdownTimeoutMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            System.err.println(
                    "pabal: The stop took longer than " + config.shutdownTimeoutMs()
                            + " ms (shutdown.timeout.ms) and was cut short; nothing acknowledged is lost, the next start recovers.");
        }
    }

    /** Nothing may be acknowledged after a failed sync, so nothing else may run: no shutdown hooks, no second try. */
    private static void halt(Throwable failure) {
        System.err.println(
                "pabal: The store failed and the process ends, for it can promise nothing more (" + failure.getMessage()
                        + "); check the disk, then start again: all that was acknowledged is recovered.");
        System.err.flush();
        Runtime.getRuntime().halt(STORE_FAILED);
    }
}
