package dev.pabal.cli.client;

/** A command cannot do what was asked. The message is one sentence for the person who typed it, with the next step. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit code for what the broker or the surroundings refuse. */
    public static final int FAILED = 1;

    /** Exit code for wrong options or values. */
    public static final int USAGE = 2;

    private final int exitCode;

    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
