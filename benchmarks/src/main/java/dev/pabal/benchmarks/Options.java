package dev.pabal.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to run.
 *
 * @param sections names, in the order of running
 * @param rounds how often each contender takes its turn
 * @param scale factor on the number of records; below 1 for a trial, whose figures mean nothing
 * @param brokers names of the contenders that take turns
 * @param page where the tables go
 * @param work folder for the brokers' data, on the disk to be measured
 * @param command as typed, for the page
 */
record Options(
        List<String> sections, int rounds, double scale, List<String> brokers, Path page, Path work, String command) {
    static final String USAGE =
            """
            usage: benchmarks/run kafka [--only SECTION,...] [--rounds N] [--scale F] [--brokers NAME,...] [--out FILE] [--work DIR]
              sections: produce, consume, latency, start, partitions, stored (all by default)
              --rounds  turns of each broker (default 3)
              --scale   factor on the number of records (default 1; a trial with 0.05 takes minutes, its figures mean nothing)
              --brokers kafka, pabal (both by default)
              --out     page to write (default docs/benchmarks.md)
              --work    folder for the brokers' data (default /var/tmp/pabal-benchmarks); needs 40 GB for section stored
            """;

    static Options parse(Path root, String[] args, List<String> known) {
        List<String> sections = known;
        int rounds = 3;
        double scale = 1;
        List<String> brokers = List.of("kafka", "pabal");
        Path page = root.resolve("docs/benchmarks.md");
        Path work = Path.of("/var/tmp/pabal-benchmarks");
        if (args.length == 0 || !args[0].equals("kafka") || args.length % 2 == 0) {
            throw new IllegalArgumentException(USAGE);
        }
        for (int i = 1; i < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--only" -> sections = checked(List.of(value.split(",")), known);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--scale" -> scale = Double.parseDouble(value);
                case "--brokers" -> brokers = List.of(value.split(","));
                case "--out" -> page = Path.of(value).toAbsolutePath();
                case "--work" -> work = Path.of(value).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + args[i] + "\n" + USAGE);
            }
        }
        List<String> shown = new ArrayList<>(List.of("benchmarks/run"));
        for (String arg : args) {
            shown.add(arg);
        }
        return new Options(sections, rounds, scale, brokers, page, work, String.join(" ", shown));
    }

    long scaled(long records) {
        return Math.max(1_000, Math.round(records * scale));
    }

    private static List<String> checked(List<String> wanted, List<String> known) {
        for (String section : wanted) {
            if (!known.contains(section)) {
                throw new IllegalArgumentException("unknown section " + section + "\n" + USAGE);
            }
        }
        return wanted;
    }
}
