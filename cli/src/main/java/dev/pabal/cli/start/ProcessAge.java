package dev.pabal.cli.start;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long the process has lived. On Linux the kernel's own figure, which counts the launcher in, for that becomes the JVM by {@code exec}; it
 * comes in steps of 10 ms. Elsewhere the JVM's.
 */
final class ProcessAge {
    /** {@code USER_HZ}: the unit of times in {@code /proc}, 1/100 s on every Linux that Java runs on. */
    private static final long MS_PER_TICK = 10;

    /** Fields between the command's closing bracket and the start time in {@code /proc/self/stat} (proc(5): start time is field 22). */
    private static final int FIELDS_BEFORE_START = 19;

    private ProcessAge() {}

    static long ms() {
        try {
            return kernelMs();
        } catch (IOException | RuntimeException e) {
            return System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
        }
    }

    private static long kernelMs() throws IOException {
        String stat = read("/proc/self/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long startedMs = Long.parseLong(fields[FIELDS_BEFORE_START]) * MS_PER_TICK;
        String uptime = read("/proc/uptime");
        double uptimeSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Math.max(0, Math.round(uptimeSeconds * 1000) - startedMs);
    }

    private static String read(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII);
    }
}
