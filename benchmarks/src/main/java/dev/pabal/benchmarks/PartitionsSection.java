package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import dev.pabal.benchmarks.Tools.Load;
import java.io.IOException;
import java.nio.file.Path;

/** Ten thousand partitions in one broker: made, restarted both ways, and driven on few and on many of them. */
final class PartitionsSection implements Section {
    private static final int TOPICS = 10;
    private static final int PARTITIONS_EACH = 1_000;

    @Override
    public String name() {
        return "partitions";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "10,000 partitions in one broker");
        report.note(
                "Ten topics of 1,000 partitions, and one of 6. Starts are from exec to the first acknowledged produce.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        String name = contender.name();
        contender.prepare(data);
        Load few = new Load("few", bench.options().scaled(2_000_000), 1024, 262_144);
        Load many = new Load("many-0", bench.options().scaled(1_000_000), 1024, 262_144);
        try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
            Topics.create(broker, few.topic(), 6);
            bench.tools().produce(broker, few);
            double alone = bench.tools().produce(broker, few).recordsPerSecond();
            report.add(new Row("produce to 6 partitions, no others", "records/s", ""), name, alone);
            long begin = System.nanoTime();
            for (int i = 0; i < TOPICS; i++) {
                Topics.create(broker, "many-" + i, PARTITIONS_EACH);
            }
            report.add(new Row("create 10,000 partitions", "s", ""), name, (System.nanoTime() - begin) / 1e9);
            drive(bench, name, broker, few, "6 partitions, 10,000 others exist", report);
            drive(bench, name, broker, many, "1,000 partitions evenly, of 10,000", report);
            report.add(new Row("open descriptors", "", "< 1,000"), name, broker.descriptors());
            report.add(new Row("resident memory", "MiB", ""), name, broker.residentMib());
        }
        FirstAck.Started clean = FirstAck.start(contender, data, few.topic());
        report.add(new Row("restart after a clean stop", "s", "<= 3 s"), name, clean.seconds());
        bench.tools().produce(clean.broker(), many);
        clean.broker().kill();
        FirstAck.Started killed = FirstAck.start(contender, data, few.topic());
        report.add(new Row("restart after kill -9 under load", "s", "<= 3 s"), name, killed.seconds());
        double before = killed.broker().cpuSeconds();
        Machine.run("sleep", "10");
        report.add(
                new Row("CPU while idle", "% of a core", ""),
                name,
                (killed.broker().cpuSeconds() - before) / 10 * 100);
        killed.broker().close();
    }

    private static void drive(Bench bench, String name, Broker broker, Load load, String where, Report report)
            throws IOException {
        Tools.Produced[] produced = new Tools.Produced[1];
        CpuMeter.Cost cost =
                CpuMeter.measure(broker, () -> produced[0] = bench.tools().produce(broker, load));
        report.add(new Row("produce to " + where, "records/s", ">= 0.9 x"), name, produced[0].recordsPerSecond());
        report.add(
                new Row("produce to " + where + ", broker process", "CPU-s/GB", ""),
                name,
                cost.brokerSeconds() / load.gigabytes());
    }
}
