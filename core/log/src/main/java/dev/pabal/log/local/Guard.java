package dev.pabal.log.local;

/** Runs what others gave to be called on the store's threads: their mistakes must not stop the store. */
final class Guard {
    private static final class Log {
        // Looked up only when there is something to say: the platform's logging is not needed to start.
        static final System.Logger LOG = System.getLogger("dev.pabal.log");
    }

    private Guard() {}

    static void run(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    static void report(Throwable thrown) {
        Log.LOG.log(System.Logger.Level.ERROR, "A callback given to the log store threw; the store goes on.", thrown);
    }

    static void warn(String message, Throwable cause) {
        Log.LOG.log(System.Logger.Level.WARNING, message + " (" + cause + ")");
    }
}
