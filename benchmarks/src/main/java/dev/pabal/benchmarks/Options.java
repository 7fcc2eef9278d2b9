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
 * @param seconds length of each of PerfTest's runs
 * @param others receivers that wait elsewhere while a wake-up is measured
 * @param brokers names of the contenders that take turns
 * @param page where the tables go
 * @param work folder for the brokers' data, on the disk to be measured
 * @param command as typed, for the page
 */
record Options(
        List<String> sections,
        int rounds,
        double scale,
        int seconds,
        int others,
        List<String> brokers,
        Path page,
        Path work,
        String command) {
    static final String USAGE =
            """
            usage: benchmarks/run kafka|rabbitmq|elasticmq [--only SECTION,...] [--rounds N] [--scale F] [--seconds N] [--others N] [--brokers NAME,...] [--out FILE] [--work DIR]
              sections of kafka:    produce, consume, latency, start, partitions, stored (all by default)
              sections of rabbitmq: throughput, pace, backlog, queues, delayed (all by default)
              sections of elasticmq: throughput, backlog, wake (all by default)
              --rounds  turns of each broker (default 3; backlog, queues and delayed take one turn each)
              --scale   factor on the number of records (default 1; a trial with 0.05 takes minutes, its figures mean nothing); of rabbitmq's
                        sections, on the backlog of 10 M, and from 0.1 downwards on the numbers of queues and of delayed messages too
              --seconds length of each run of RabbitMQ's PerfTest and of the SQS driver, of which the first third is warm-up (default 12)
              --others  receivers that wait on other queues during section wake, each on a connection of its own (default 0)
              --brokers kafka, rabbitmq or elasticmq, and pabal (both by default)
              --out     page to write (default docs/benchmarks.md)
              --work    folder for the brokers' data (default /var/tmp/pabal-benchmarks); needs 40 GB for section stored
            """;

    static Options parse(Path root, String[] args, Suite suite) {
        List<String> known = suite.sections().stream().map(Section::name).toList();
        List<String> sections = known;
        int rounds = 3;
        double scale = 1;
        int seconds = 12;
        int others = 0;
        List<String> brokers = List.of(suite.name(), "pabal");
        Path page = root.resolve("docs/benchmarks.md");
        Path work = Path.of("/var/tmp/pabal-benchmarks");
        if (args.length % 2 == 0) {
            throw new IllegalArgumentException(USAGE);
        }
        for (int i = 1; i < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--only" -> sections = checked(List.of(value.split(",")), known);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--scale" -> scale = Double.parseDouble(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--others" -> others = Integer.parseInt(value);
                case "--brokers" -> brokers = checked(List.of(value.split(",")), List.of(suite.name(), "pabal"));
                case "--out" -> page = Path.of(value).toAbsolutePath();
                case "--work" -> work = Path.of(value).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + args[i] + "\n" + USAGE);
            }
        }
        List<String> shown = new ArrayList<>(List.of("benchmarks/run"));
        for (String arg : args) {
            shown.add(arg);
        }
        return new Options(sections, rounds, scale, seconds, others, brokers, page, work, String.join(" ", shown));
    }

    long scaled(long records) {
        return Math.max(1_000, Math.round(records * scale));
    }

    /** For what stays whole down to a scale of 0.1: numbers of queues, and what is published to many of them. */
    int gentlyScaled(int count) {
        return (int) Math.max(100, Math.round(count * Math.min(1, 10 * scale)));
    }

    private static List<String> checked(List<String> wanted, List<String> known) {
        for (String one : wanted) {
            if (!known.contains(one)) {
                throw new IllegalArgumentException(one + " is none of " + known + "\n" + USAGE);
            }
        }
        return wanted;
    }
}
