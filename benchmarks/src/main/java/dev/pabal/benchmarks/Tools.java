package dev.pabal.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kafka's own performance tools, each in a process of its own, and what they print. */
final class Tools {
    private static final int MAX_SECONDS = 20 * 60;
    private static final Pattern PRODUCED = Pattern.compile(
            "([\\d.]+) records/sec \\(.*max latency, (\\d+) ms 50th, (\\d+) ms 95th, (\\d+) ms 99th, (\\d+) ms 99.9th");
    private static final Pattern END_TO_END = Pattern.compile("50th = (\\d+), 99th = (\\d+), 99.9th = (\\d+)");

    private final ClassPaths classPaths;

    Tools(ClassPaths classPaths) {
        this.classPaths = classPaths;
    }

    /** A load for ProducerPerformance. */
    record Load(String topic, long records, int recordSize, int batchSize) {
        /** Payload in units of 10^9 bytes. */
        double gigabytes() {
            return records * (double) recordSize / 1e9;
        }

        double millions() {
            return records / 1e6;
        }
    }

    record Produced(double recordsPerSecond, double p50Ms, double p99Ms) {}

    record EndToEnd(double p50Ms, double p99Ms, double p999Ms) {}

    /** ProducerPerformance with acks=all and linger.ms=5. */
    Produced produce(Broker broker, Load load) throws IOException {
        String out = run(
                "org.apache.kafka.tools.ProducerPerformance",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                load.topic(),
                "--num-records",
                Long.toString(load.records()),
                "--record-size",
                Integer.toString(load.recordSize()),
                "--throughput",
                "-1",
                "--command-property",
                "acks=all",
                "batch.size=" + load.batchSize(),
                "linger.ms=5");
        Matcher last = null;
        Matcher found = PRODUCED.matcher(out);
        while (found.find()) {
            last = PRODUCED.matcher(found.group());
        }
        if (last == null || !last.find()) {
            throw new IllegalStateException("ProducerPerformance printed no result:\n" + out);
        }
        return new Produced(
                Double.parseDouble(last.group(1)),
                Double.parseDouble(last.group(2)),
                Double.parseDouble(last.group(4)));
    }

    /** ConsumerPerformance from the beginning; returns records per second without the time the group took to form. */
    double consume(Broker broker, String topic, long records) throws IOException {
        String out = run(
                "org.apache.kafka.tools.ConsumerPerformance",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--timeout",
                "60000",
                "--hide-header");
        String result = out.lines()
                .filter(line -> line.split(", ").length == 10)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("ConsumerPerformance printed no result:\n" + out));
        String[] fields = result.split(", ");
        if (Long.parseLong(fields[4]) < records) {
            throw new IllegalStateException("only " + fields[4] + " of " + records + " records were consumed");
        }
        return Double.parseDouble(fields[9]);
    }

    /** EndToEndLatency: one record at a time, acks=all; whole milliseconds. */
    EndToEnd endToEnd(Broker broker, String topic, int records, int recordSize) throws IOException {
        String out = run(
                "org.apache.kafka.tools.EndToEndLatency",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                topic,
                "--num-records",
                Integer.toString(records),
                "--producer-acks",
                "all",
                "--record-size",
                Integer.toString(recordSize));
        Matcher found = END_TO_END.matcher(out);
        if (!found.find()) {
            throw new IllegalStateException("EndToEndLatency printed no result:\n" + out);
        }
        return new EndToEnd(
                Double.parseDouble(found.group(1)),
                Double.parseDouble(found.group(2)),
                Double.parseDouble(found.group(3)));
    }

    private String run(String main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(classPaths.java(), "-Xmx1g", "-Xms512m", "-cp", classPaths.kafka(), main));
        command.addAll(Arrays.asList(arguments));
        return BoundedProcess.output(main, command, MAX_SECONDS);
    }
}
