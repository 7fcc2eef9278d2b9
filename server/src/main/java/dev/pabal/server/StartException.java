package dev.pabal.server;

/** The broker cannot start. The message is one sentence for the person who starts it, with what to do; nothing stored was touched. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit code for a wrong option, config key or value. */
    public static final int USAGE = 2;

    /** Exit code for everything else that stands in the way: a port, the data directory, the disk. */
    public static final int CANNOT_START = 1;

    private final int exitCode;

    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public StartException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the process exits with. */
    public int exitCode() {
        return exitCode;
    }
}
