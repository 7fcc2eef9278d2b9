package dev.pabal.cli.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line on standard error that tells how far a long work has come, drawn anew now and then; nothing where that is no terminal. */
public final class Progress {
    private static final long STEP_NS = 250_000_000L;

    private final boolean terminal = Boolean.getBoolean("pabal.terminal");
    private final long stepNs;
    private long nextNs;
    private int drawn;

    public Progress() {
        this(STEP_NS);
    }

    private Progress(long stepNs) {
        this.stepNs = stepNs;
        this.nextNs = System.nanoTime() + stepNs;
    }

    /** A line drawn anew every second, for figures that are averages of that time. */
    public static Progress everySecond() {
        return new Progress(4 * STEP_NS);
    }

    /** Draws the line where its time has come. */
    public void tick(Supplier<String> line) {
        if (terminal && System.nanoTime() - nextNs >= 0) {
            nextNs = System.nanoTime() + stepNs;
            draw(line.get());
        }
    }

    /** Removes the line. */
    public void clear() {
        if (drawn > 0) {
            draw(null);
        }
    }

    private void draw(@Nullable String line) {
        String text = line == null ? "" : line;
        String rest = " ".repeat(Math.max(0, drawn - text.length()));
        System.err.print('\r' + text + rest + (line == null ? "\r" : ""));
        System.err.flush();
        drawn = text.length();
    }
}
