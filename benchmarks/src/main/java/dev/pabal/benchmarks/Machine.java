package dev.pabal.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The machine as {@code /proc} shows it: CPU used, dirty pages, caches. Linux only. */
final class Machine {
    /** Clock ticks per second in {@code /proc/*}{@code /stat}; 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100.0;

    /** Dirty and under write-back together, in KiB, below which the disk counts as quiet. */
    private static final long QUIET_KIB = 2_048;

    private static final int MAX_SYNCS = 60;

    private Machine() {}

    /** CPU-seconds the whole machine has spent at work: user, nice, system, interrupts; not idle, not waiting, not stolen. */
    static double busySeconds() {
        String[] f = lines("/proc/stat").get(0).trim().split("\\s+");
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(f[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** CPU-seconds of a living process. */
    static double cpuSeconds(long pid) {
        String[] f = statOf(Long.toString(pid));
        return (Long.parseLong(f[11]) + Long.parseLong(f[12])) / TICKS_PER_SECOND;
    }

    /** CPU-seconds of a process that may have ended a moment ago, which then counts as 0. */
    static double cpuSecondsIfAlive(long pid) {
        try {
            return cpuSeconds(pid);
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** CPU-seconds of this process and of all its children that have ended. */
    static double ownAndEndedChildrenSeconds() {
        String[] f = statOf("self");
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(f[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** A number from {@code /proc/<pid>/status} such as {@code VmRSS} (KiB) or {@code Threads}. */
    static long status(long pid, String key) {
        return number("/proc/" + pid + "/status", key);
    }

    /** Open descriptors of a process. */
    static int descriptors(long pid) {
        String[] names = Path.of("/proc/" + pid + "/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /** Writes everything back and waits until next to nothing is dirty, so that no run pays for the one before. */
    static void settle() {
        for (int i = 0; i < MAX_SYNCS; i++) {
            run("sync");
            if (number("/proc/meminfo", "Dirty") + number("/proc/meminfo", "Writeback") <= QUIET_KIB) {
                return;
            }
        }
    }

    /** Empties the page cache, so that the next reads come from the disk. Needs root; says so where it cannot. */
    static boolean dropCaches() {
        settle();
        try {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
            return true;
        } catch (IOException e) {
            System.err.println("page cache not dropped (needs root): cold figures come from a warm cache");
            return false;
        }
    }

    /** The machine in general terms. */
    static String description() {
        String cpu = lines("/proc/cpuinfo").stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .orElse("unknown CPU");
        long gib = Math.round(number("/proc/meminfo", "MemTotal") / 1048576.0);
        return Runtime.getRuntime().availableProcessors() + " x " + cpu + ", " + gib + " GiB memory, Linux "
                + System.getProperty("os.version") + ", JDK " + System.getProperty("java.vm.version")
                + " for brokers and clients";
    }

    static void run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Fields of a stat file after the command's name, which may hold spaces: index 0 is the state. */
    private static String[] statOf(String pid) {
        String line = lines("/proc/" + pid + "/stat").get(0);
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    private static long number(String file, String key) {
        for (String line : lines(file)) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        throw new IllegalStateException(file + " has no " + key);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
