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
            Log.LOG.log(System.Logger.Level.ERROR, "A callback given to the log store threw; the store goes on.", e);
        }
    }

    static void warn(String message, Throwable cause) {
        Log.LOG.log(System.Logger.Level.WARNING, message + " (" + cause + ")");
    }

    static void info(String message) {
        Log.LOG.log(System.Logger.Level.INFO, message);
    }
}
