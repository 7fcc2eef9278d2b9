package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import dev.pabal.benchmarks.SqsLoad.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sending, receiving and deleting at once as fast as the clients go, through one queue. */
final class SqsThroughputSection implements Section {
    /** What is to be reached: times of ElasticMQ's rate. */
    private record Goal(SqsLoad load, String rate) {}

    private static final SqsLoad WARM_UP = new SqsLoad("warm-up", "first", false, 10, 16);

    private static final List<Goal> GOALS = List.of(
            new Goal(new SqsLoad("batches of 10, 1 connection", "batch-1", false, 10, 1), ""),
            new Goal(new SqsLoad("batches of 10, 16 connections", "batch-16", false, 10, 16), ">= 2.5 x"),
            new Goal(new SqsLoad("batches of 10, 64 connections", "batch-64", false, 10, 64), ">= 2.5 x"),
            new Goal(new SqsLoad("single messages, 1 connection", "single-1", false, 1, 1), ">= 2 x"),
            new Goal(new SqsLoad("single messages, 16 connections", "single-16", false, 1, 16), ">= 2 x"),
            new Goal(new SqsLoad("single messages, 64 connections", "single-64", false, 1, 64), ">= 2 x"),
            new Goal(
                    new SqsLoad("FIFO, 1,000 groups, batches of 10, 16 connections", "f16.fifo", true, 10, 16),
                    ">= 3.5 x"),
            new Goal(
                    new SqsLoad("FIFO, 1,000 groups, batches of 10, 64 connections", "f64.fifo", true, 10, 64),
                    ">= 7 x"));

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report =
                new Report("sqs-throughput", "SQS: sending, receiving and deleting at once", Report.Baseline.ELASTICMQ);
        report.note(
                "AWS SDK for Java 2, synchronous, one thread for each connection, which sends, receives and deletes in turn; bodies of 1 KiB,"
                        + " visibility timeout 30 s. ElasticMQ keeps its queues in memory, Pabal syncs before every answer. Messages a second"
                        + " deleted, after a warm-up; CPU of the broker's process over all of a run.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        contender.prepare(data);
        int seconds = bench.options().seconds();
        try (Broker broker = SqsDriver.started(contender.start(data))) {
            bench.sqs().run(broker, WARM_UP, seconds);
            for (Goal goal : GOALS) {
                SqsLoad load = goal.load();
                Result[] result = new Result[1];
                CpuMeter.Cost cost =
                        CpuMeter.measure(broker, () -> result[0] = bench.sqs().run(broker, load, seconds));
                double millions = result[0].messages() / 1e6;
                report.add(new Row(load.what(), "msg/s", goal.rate()), contender.name(), result[0].perSecond());
                report.add(
                        new Row(load.what() + ", broker", "CPU-s/M messages", "<= 0.2 x"),
                        contender.name(),
                        cost.brokerSeconds() / millions);
            }
            report.add(new Row("resident memory after all runs", "MiB", ""), contender.name(), broker.residentMib());
        }
    }
}
