package dev.pabal.cli.client;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints: picocli's writer, so that tests can read it. */
public final class CommandOutput {
    private CommandOutput() {}

    /** @param spec what picocli has injected */
    public static PrintWriter of(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "not run by picocli").commandLine().getOut();
    }
}
