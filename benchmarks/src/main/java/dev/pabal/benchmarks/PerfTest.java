package dev.pabal.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RabbitMQ's own load generator, in a process of its own, and what it prints each second. */
final class PerfTest {
    private static final int MAX_EXTRA_SECONDS = 60;
    private static final Pattern SECOND =
            Pattern.compile("time ([\\d.]+) s, sent: (\\d+) msg/s, .*received: (\\d+) msg/s, "
                    + "min/median/75th/95th/99th consumer latency: \\d+/(\\d+)/\\d+/\\d+/(\\d+) \\S+, "
                    + "confirm latency: \\d+/(\\d+)/\\d+/\\d+/(\\d+) ");

    private final ClassPaths classPaths;

    PerfTest(ClassPaths classPaths) {
        this.classPaths = classPaths;
    }

    /**
     * A load: always a durable queue, persistent messages, and at most 1,000 unconfirmed a producer.
     *
     * @param what as it stands in the table
     * @param queue queue's name, made by PerfTest
     * @param clients producers, and as many consumers
     * @param sizeInBytes of a message's body
     * @param more further options of PerfTest
     */
    record Load(String what, String queue, int clients, int sizeInBytes, List<String> more) {
        Load {
            more = List.copyOf(more);
        }

        /** The same load at a rate for each producer. */
        Load at(int rate) {
            List<String> slower = new ArrayList<>(more);
            slower.addAll(List.of("-r", Integer.toString(rate)));
            return new Load(what, queue, clients, sizeInBytes, slower);
        }
    }

    /** One second of a run; latencies in microseconds. */
    record Second(
            double endsAt,
            double sent,
            double received,
            double consumerP50,
            double consumerP99,
            double confirmP50,
            double confirmP99) {}

    /**
     * What a run gave.
     *
     * @param messages received in all, the warm-up included
     * @param measured the seconds after the warm-up
     */
    record Result(double messages, List<Second> measured) {
        Result {
            measured = List.copyOf(measured);
        }

        /** Median over the measured seconds. */
        double median(ToDoubleFunction<Second> figure) {
            return Report.median(measured.stream().mapToDouble(figure).boxed().toList());
        }

        /** Mean over the measured seconds. */
        double received() {
            return measured.stream().mapToDouble(Second::received).average().orElseThrow();
        }
    }

    /** Runs for so many seconds, of which the first third is warm-up. */
    Result run(Broker broker, Load load, int seconds) throws IOException {
        String out = output(broker, load, seconds);
        List<Second> all = new ArrayList<>();
        Matcher found = SECOND.matcher(out);
        while (found.find()) {
            double[] f = new double[7];
            for (int i = 0; i < f.length; i++) {
                f[i] = Double.parseDouble(found.group(i + 1));
            }
            all.add(new Second(f[0], f[1], f[2], f[3], f[4], f[5], f[6]));
        }
        List<Second> measured = all.stream()
                .filter(second -> second.endsAt() > seconds / 3.0 + 0.5)
                .toList();
        if (measured.isEmpty()) {
            throw new IllegalStateException("PerfTest printed no result:\n" + out);
        }
        double messages = 0;
        double before = 0;
        for (Second second : all) {
            messages += second.received() * (second.endsAt() - before);
            before = second.endsAt();
        }
        return new Result(messages, measured);
    }

    private String output(Broker broker, Load load, int seconds) throws IOException {
        String clients = Integer.toString(load.clients());
        List<String> command = new ArrayList<>(List.of(classPaths.java(), "-Xmx1g", "-Duser.language=en"));
        command.addAll(List.of("-Dstdout.encoding=UTF-8", "-cp", classPaths.perfTest(), "com.rabbitmq.perf.PerfTest"));
        command.addAll(List.of("-h", "amqp://guest:guest@" + broker.bootstrap(), "-f", "persistent", "-ad", "false"));
        command.addAll(List.of("-u", load.queue(), "-x", clients, "-y", clients, "-c", "1000"));
        command.addAll(List.of("-s", Integer.toString(load.sizeInBytes()), "-z", Integer.toString(seconds)));
        command.addAll(load.more());
        return BoundedProcess.output("PerfTest", command, seconds + MAX_EXTRA_SECONDS);
    }
}
