package dev.pabal.faults;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs of the machine: mounts, loop devices, tracing. */
final class Commands {
    private static final int MAX_SECONDS = 120;

    private Commands() {}

    /** Runs a command and returns what it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + printed);
        }
        return printed.trim();
    }

    /** Skips the test, loudly, unless all programs are there and this user may mount; in continuous integration that is a failure. */
    static void requireRootAnd(String... programs) {
        if (!"root".equals(System.getProperty("user.name"))) {
            skip("this test mounts file systems or traces processes and needs root");
        }
        for (String program : programs) {
            if (!isOnPath(program)) {
                skip(program + " is not on this machine (apt-get install strace xfsprogs e2fsprogs util-linux)");
            }
        }
    }

    private static boolean isOnPath(String program) {
        for (String folder : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    static void skip(String reason) {
        if ("true".equals(System.getenv("TESTS_NO_SKIPS"))) {
            Assertions.fail("must not be skipped here: " + reason);
        }
        System.err.println("SKIPPED: " + reason);
        Assumptions.abort(reason);
    }
}
