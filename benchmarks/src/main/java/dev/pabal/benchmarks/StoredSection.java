package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import dev.pabal.benchmarks.Tools.Load;
import java.io.IOException;
import java.nio.file.Path;

/** Restarts with 10 GB in 10 million records stored. */
final class StoredSection implements Section {
    @Override
    public String name() {
        return "stored";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "Restart with 10 GB in 10 million records stored");
        report.note("Ten million records of 1 KiB over 6 partitions; from exec to the first acknowledged produce.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        String name = contender.name();
        Load load = new Load("stored", bench.options().scaled(10_000_000), 1024, 262_144);
        contender.prepare(data);
        try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
            Topics.create(broker, load.topic(), 6);
            bench.tools().produce(broker, load);
        }
        Machine.settle();
        FirstAck.Started clean = FirstAck.start(contender, data, load.topic());
        report.add(new Row("restart after a clean stop", "s", "<= 1.5 s"), name, clean.seconds());
        clean.broker().close();
        Machine.dropCaches();
        FirstAck.Started cold = FirstAck.start(contender, data, load.topic());
        report.add(new Row("restart after a clean stop, page cache dropped", "s", "<= 1.5 s"), name, cold.seconds());
        bench.tools().produce(cold.broker(), new Load("stored", bench.options().scaled(500_000), 1024, 262_144));
        cold.broker().kill();
        FirstAck.Started killed = FirstAck.start(contender, data, load.topic());
        report.add(new Row("restart after kill -9", "s", "<= 1.5 s"), name, killed.seconds());
        killed.broker().close();
    }
}
