package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The samples of one section, and the table they make: median, spread and ratio of medians. A section replaces its own block of the page
 * and leaves the others, so sections can be run on different days; each says when and how.
 */
final class Report {
    private final String section;
    private final String title;
    private final Baseline baseline;
    private final List<String> notes = new ArrayList<>();
    private final Map<Row, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    /** A report against Kafka. */
    Report(String section, String title) {
        this(section, title, Baseline.KAFKA);
    }

    Report(String section, String title, Baseline baseline) {
        this.section = section;
        this.title = title;
        this.baseline = baseline;
    }

    /** Whom Pabal is compared with: name of its contender, and name with version. */
    enum Baseline {
        KAFKA("Kafka", "Kafka 4.3.1"),
        RABBITMQ("RabbitMQ", "RabbitMQ 3.10.8"),
        ELASTICMQ("ElasticMQ", "ElasticMQ 1.7.1");

        private final String contender;
        private final String label;

        Baseline(String contender, String label) {
            this.contender = contender;
            this.label = label;
        }
    }

    /**
     * What is measured.
     *
     * @param goal what Pabal must reach, in words, or empty
     */
    record Row(String what, String unit, String goal) {}

    void add(Row row, String contender, double value) {
        samples.computeIfAbsent(row, r -> new LinkedHashMap<>())
                .computeIfAbsent(contender, c -> new ArrayList<>())
                .add(value);
        System.err.printf(Locale.ROOT, "    %-8s %-60s %12s %s%n", contender, row.what(), number(value), row.unit());
    }

    /** A sentence to stand above the table. */
    void note(String sentence) {
        if (!notes.contains(sentence)) {
            notes.add(sentence);
        }
    }

    /** Writes the table into the page, in place of the section's former one. */
    void write(Path page, String date, String machine, String command) throws IOException {
        String text = Files.exists(page) ? Files.readString(page) : PREFACE;
        String begin = "<!-- " + section + " -->";
        String end = "<!-- end of " + section + " -->";
        String block = begin + "\n" + markdown(date, machine, command) + end;
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        String changed = from >= 0 && to > from
                ? text.substring(0, from) + block + text.substring(to + end.length())
                : text.stripTrailing() + "\n\n" + block + "\n";
        Files.createDirectories(page.getParent());
        Files.writeString(page, changed);
    }

    String markdown(String date, String machine, String command) {
        StringBuilder out = new StringBuilder();
        out.append("## ").append(title).append("\n\n");
        out.append(date)
                .append("; ")
                .append(machine)
                .append(". Command: `")
                .append(command)
                .append("`.\n");
        notes.forEach(note -> out.append(note).append('\n'));
        out.append("\n| what | unit | ").append(baseline.label).append(" | Pabal | Pabal / ");
        out.append(baseline.contender).append(" | goal |\n|---|---|---|---|---|---|\n");
        samples.forEach((row, values) -> {
            List<Double> other = values.getOrDefault(baseline.contender, List.of());
            List<Double> pabal = values.getOrDefault("Pabal", List.of());
            String ratio = other.isEmpty() || pabal.isEmpty() || median(other) == 0
                    ? "-"
                    : String.format(Locale.ROOT, "%.2f", median(pabal) / median(other));
            out.append("| ").append(row.what()).append(" | ").append(row.unit()).append(" | ");
            out.append(cell(other))
                    .append(" | ")
                    .append(cell(pabal))
                    .append(" | ")
                    .append(ratio)
                    .append(" | ");
            out.append(row.goal()).append(" |\n");
        });
        return out.toString();
    }

    private static String cell(List<Double> values) {
        if (values.isEmpty()) {
            return "-";
        }
        String spread = values.size() == 1
                ? ""
                : " [" + number(Collections.min(values)) + " to " + number(Collections.max(values)) + "]";
        return number(median(values)) + spread;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.3f", value);
    }

    private static final String PREFACE =
            """
            # Benchmarks

            Both brokers run on the same machine, in one run, taking turns, each with its own defaults, Kafka and Pabal with a heap of 1 GiB: Kafka does not
            sync, RabbitMQ's classic queues do not, ElasticMQ keeps them in memory, Pabal syncs before every acknowledgement, confirm and answer. The clients are Kafka's own tools,
            RabbitMQ's PerfTest and Java client, and AWS's SDK for Java. Each figure is a median, with the smallest and the largest value of
            the rounds in brackets. Before each run everything dirty is written back. CPU is given twice: the broker's process alone, and the whole
            machine less the clients up to a final sync, which counts the kernel's write-back for the others as direct I/O counts for Pabal.
            """;
}
