package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import dev.pabal.benchmarks.Tools.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Producing as fast as it goes, and consuming what was just written. */
final class ProduceSection implements Section {
    private static final int PARTITIONS = 6;
    private static final int BIG = 262_144;
    private static final int SMALL = 16_384;

    @Override
    public String name() {
        return "produce";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "Producing, and consuming what was just written");
        report.note(
                "ProducerPerformance and ConsumerPerformance 4.3.1; acks=all, linger.ms=5, 6 partitions; a warm-up before the first run.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        contender.prepare(data);
        try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
            warmUp(bench, broker);
            for (Load load : loads(bench.options())) {
                Topics.create(broker, load.topic(), PARTITIONS);
                produce(bench, contender, broker, load, report);
                consume(bench, contender, broker, load, report);
                Topics.delete(broker, load.topic());
            }
            report.add(
                    new Row("resident memory after all runs", "MiB", "<= 0.5 x"),
                    contender.name(),
                    broker.residentMib());
            double peak = Machine.status(broker.pid(), "VmHWM") / 1024.0;
            report.add(new Row("resident memory, peak", "MiB", "<= 0.5 x"), contender.name(), peak);
        }
    }

    private static void warmUp(Bench bench, Broker broker) throws IOException {
        Topics.create(broker, "warm", PARTITIONS);
        Load large = new Load("warm", bench.options().scaled(3_000_000), 1024, BIG);
        bench.tools().produce(broker, large);
        bench.tools().produce(broker, new Load("warm", bench.options().scaled(8_000_000), 100, SMALL));
        bench.tools().consume(broker, "warm", large.records());
        Topics.delete(broker, "warm");
    }

    private static List<Load> loads(Options options) {
        return List.of(
                new Load("k1-big", options.scaled(3_000_000), 1024, BIG),
                new Load("b100-big", options.scaled(15_000_000), 100, BIG),
                new Load("k1-small", options.scaled(2_000_000), 1024, SMALL),
                new Load("b100-small", options.scaled(10_000_000), 100, SMALL));
    }

    private static String label(Load load) {
        String size = load.recordSize() == 1024 ? "1 KiB" : "100 B";
        return String.format(Locale.ROOT, "%s, batch %d KiB", size, load.batchSize() / 1024);
    }

    private static void produce(Bench bench, Contender contender, Broker broker, Load load, Report report)
            throws IOException {
        Tools.Produced[] produced = new Tools.Produced[1];
        CpuMeter.Cost cost =
                CpuMeter.measure(broker, () -> produced[0] = bench.tools().produce(broker, load));
        String what = "produce " + label(load);
        String goal = load.recordSize() == 1024 ? ">= 1.1 x" : ">= 1.0 x";
        report.add(new Row(what, "records/s", goal), contender.name(), produced[0].recordsPerSecond());
        report.add(new Row(what + ", p50", "ms", ""), contender.name(), produced[0].p50Ms());
        report.add(new Row(what + ", p99", "ms", ""), contender.name(), produced[0].p99Ms());
        addCost(report, contender, what, load, cost, "<= 0.5 x");
    }

    private static void consume(Bench bench, Contender contender, Broker broker, Load load, Report report)
            throws IOException {
        double[] rate = new double[1];
        CpuMeter.Cost cost =
                CpuMeter.measure(broker, () -> rate[0] = bench.tools().consume(broker, load.topic(), load.records()));
        String what = "consume " + label(load) + ", just written";
        report.add(new Row(what, "records/s", ">= 1.0 x"), contender.name(), rate[0]);
        addCost(report, contender, what, load, cost, "<= 1.0 x");
    }

    static void addCost(Report report, Contender contender, String what, Load load, CpuMeter.Cost cost, String goal) {
        boolean large = load.recordSize() >= 1024;
        String unit = large ? "CPU-s/GB" : "CPU-s/M records";
        double per = large ? load.gigabytes() : load.millions();
        report.add(new Row(what + ", broker process", unit, goal), contender.name(), cost.brokerSeconds() / per);
        report.add(
                new Row(what + ", machine less clients", unit, goal),
                contender.name(),
                cost.machineLessClientsSeconds() / per);
    }
}
