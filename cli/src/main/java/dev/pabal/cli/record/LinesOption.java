package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How lines are read. */
public final class LinesOption {
    @Option(
            names = "--max-line-bytes",
            paramLabel = "N",
            defaultValue = "16777216",
            description = "Longest line taken (default: ${DEFAULT-VALUE}).")
    private int maxLineBytes;

    /** Longest line taken, in bytes. */
    public int maxLineBytes() {
        return maxLineBytes;
    }

    /**
     * Opens a file, or standard input.
     *
     * @param from null or {@code -} = standard input
     * @throws CommandFailure where the file cannot be read
     */
    public InputStream open(@Nullable Path from) {
        if (from == null || from.toString().equals("-")) {
            return System.in;
        }
        try {
            return Files.newInputStream(from);
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.USAGE, "The file " + from + " cannot be read; check its path and permissions.");
        }
    }
}
