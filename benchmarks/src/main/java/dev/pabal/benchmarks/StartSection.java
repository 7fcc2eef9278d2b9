package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;

/** From exec to the first acknowledged produce, and what an idle broker holds. */
final class StartSection implements Section {
    private static final int IDLE_SECONDS = 20;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "Start-up and idle memory");
        report.note(
                "From starting the process to the first acknowledged produce of a client that tries again every few milliseconds;"
                        + " on an empty disk, Kafka's formatting of it is part of the time. One unmeasured start of each comes first.");
        Report unmeasured = new Report(name(), "");
        bench.takeTurns(name(), (contender, data) -> turn(contender, data, 1, unmeasured), 1);
        bench.takeTurns(name(), (contender, data) -> turn(contender, data, IDLE_SECONDS, report));
        return report;
    }

    private static void turn(Contender contender, Path data, int idleSeconds, Report report) throws IOException {
        Machine.settle();
        long begin = System.nanoTime();
        contender.prepare(data);
        double preparing = (System.nanoTime() - begin) / 1e9;
        FirstAck.Started fresh = FirstAck.start(contender, data, "first");
        try (Broker broker = fresh.broker()) {
            report.add(
                    new Row("exec to first acknowledged produce, empty disk", "s", "<= 1.0 s"),
                    contender.name(),
                    preparing + fresh.seconds());
            addIdle(broker, contender, idleSeconds, report);
        }
        Machine.settle();
        FirstAck.Started again = FirstAck.start(contender, data, "first");
        report.add(
                new Row("exec to first acknowledged produce, restart", "s", "<= 1.0 s"),
                contender.name(),
                again.seconds());
        again.broker().kill();
        FirstAck.Started afterKill = FirstAck.start(contender, data, "first");
        report.add(
                new Row("exec to first acknowledged produce, after kill -9", "s", "<= 1.0 s"),
                contender.name(),
                afterKill.seconds());
        afterKill.broker().close();
    }

    private static void addIdle(Broker broker, Contender contender, int seconds, Report report) {
        double before = broker.cpuSeconds();
        Machine.run("sleep", Integer.toString(seconds));
        double perCent = (broker.cpuSeconds() - before) / seconds * 100;
        report.add(new Row("resident memory, idle", "MiB", "<= 120 MB"), contender.name(), broker.residentMib());
        report.add(new Row("CPU while idle", "% of a core", ""), contender.name(), perCent);
        long threads = Machine.status(broker.pid(), "Threads");
        report.add(new Row("threads, idle", "", ""), contender.name(), threads);
        report.add(new Row("open descriptors, idle", "", ""), contender.name(), broker.descriptors());
    }
}
