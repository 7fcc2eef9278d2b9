package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import dev.pabal.benchmarks.Tools.Load;
import java.io.IOException;
import java.nio.file.Path;

/** Reading from the disk: the broker was restarted and the page cache dropped before each run. */
final class ConsumeSection implements Section {
    @Override
    public String name() {
        return "consume";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "Consuming cold, from the disk");
        report.note("The broker is restarted and the page cache dropped before each run.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        Load large = new Load("k1", bench.options().scaled(4_000_000), 1024, 262_144);
        Load small = new Load("b100", bench.options().scaled(15_000_000), 100, 262_144);
        contender.prepare(data);
        try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
            for (Load load : new Load[] {large, small}) {
                Topics.create(broker, load.topic(), 6);
                bench.tools().produce(broker, load);
            }
        }
        for (Load load : new Load[] {large, small}) {
            Machine.dropCaches();
            try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
                double[] rate = new double[1];
                CpuMeter.Cost cost = CpuMeter.measure(
                        broker, () -> rate[0] = bench.tools().consume(broker, load.topic(), load.records()));
                String what = "consume " + (load == large ? "1 KiB" : "100 B") + ", cold";
                report.add(new Row(what, "records/s", "reported"), contender.name(), rate[0]);
                ProduceSection.addCost(report, contender, what, load, cost, "reported");
            }
        }
    }
}
