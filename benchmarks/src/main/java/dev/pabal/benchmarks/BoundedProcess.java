package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, and no longer than it may take. */
final class BoundedProcess {
    private BoundedProcess() {}

    /**
     * Runs a program and returns what it printed.
     *
     * @param what the program's name, for whoever reads that it failed
     * @param maxSeconds how long it may take before it is ended
     * @throws IllegalStateException where it fails, or is ended
     */
    static String output(String what, List<String> command, int maxSeconds) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread guard = new Thread(() -> endIfLate(process, maxSeconds), "end-of-" + what);
        guard.setDaemon(true);
        guard.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(what + " failed:\n" + out);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return out;
    }

    private static void endIfLate(Process process, int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
