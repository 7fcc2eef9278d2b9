package dev.pabal.benchmarks;

import dev.pabal.benchmarks.PerfTest.Load;
import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Publishing and consuming at once as fast as it goes, through one queue. */
final class ThroughputSection implements Section {
    static final Load FASTEST = new Load("100 B, 1 + 1, auto-ack", "fast", 1, 100, List.of("-a"));

    private static final List<String> SHARED = List.of("-q", "200", "-A", "50");
    private static final List<Load> LOADS = List.of(
            FASTEST,
            new Load("100 B, 4 + 4, prefetch 200, ack every 50", "shared", 4, 100, SHARED),
            new Load("100 B, 1 + 1, quorum queue", "quorum", 1, 100, List.of("-qq", "-q", "1000", "-A", "100")),
            new Load("1 KiB, 1 + 1, auto-ack", "fast-k", 1, 1024, List.of("-a")),
            new Load("1 KiB, 4 + 4, prefetch 200, ack every 50", "shared-k", 4, 1024, SHARED));

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report =
                new Report("rabbitmq-throughput", "Queues: publishing and consuming at once", Report.Baseline.RABBITMQ);
        report.note(
                "PerfTest 2.22.1; durable queue, persistent messages, 1,000 unconfirmed a producer; RabbitMQ's classic queues confirm"
                        + " without a sync, its quorum queues and Pabal after it. Messages a second received, after a warm-up; CPU of the"
                        + " broker's processes over all of a run.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        contender.prepare(data);
        int seconds = bench.options().seconds();
        try (Broker broker = AmqpClient.start(contender, data, "first").broker();
                AmqpClient client = AmqpClient.connect(broker)) {
            bench.perfTest().run(broker, FASTEST, seconds);
            for (Load load : LOADS) {
                PerfTest.Result[] result = new PerfTest.Result[1];
                CpuMeter.Cost cost = CpuMeter.measure(
                        broker, () -> result[0] = bench.perfTest().run(broker, load, seconds));
                client.channel().queueDelete(load.queue());
                double millions = result[0].messages() / 1e6;
                report.add(new Row(load.what(), "msg/s", ">= 1.7 x"), contender.name(), result[0].received());
                report.add(
                        new Row(load.what() + ", broker", "CPU-s/M messages", "<= 0.15 x"),
                        contender.name(),
                        cost.brokerSeconds() / millions);
                report.add(
                        new Row(load.what() + ", machine less clients", "CPU-s/M messages", ""),
                        contender.name(),
                        cost.machineLessClientsSeconds() / millions);
            }
            report.add(new Row("resident memory after all runs", "MiB", ""), contender.name(), broker.residentMib());
        }
    }
}
