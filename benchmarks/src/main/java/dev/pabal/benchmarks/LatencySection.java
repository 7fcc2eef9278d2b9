package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** How long one record takes, to the acknowledgement and to a consumer, on a broker that is warm and otherwise idle. */
final class LatencySection implements Section {
    private static final int WARM_UP_RECORDS = 20_000;
    private static final int LIGHT_RATE = 1_000;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report(name(), "Latency, acks=all, 1 KiB");
        report.note(
                "One probe for both, in microseconds. EndToEndLatency is Kafka's tool, which prints whole milliseconds.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        contender.prepare(data);
        try (Broker broker = FirstAck.start(contender, data, "first").broker()) {
            Topics.create(broker, "warm", 6);
            bench.tools().produce(broker, new Tools.Load("warm", bench.options().scaled(2_000_000), 1024, 16_384));
            Topics.delete(broker, "warm");
            Topics.create(broker, "one", 1);
            Topics.create(broker, "six", 6);
            Machine.settle();
            int records = (int) bench.options().scaled(30_000);
            try (LatencyProbe probe = new LatencyProbe(broker, "one", 1)) {
                probe.oneByOne((int) Math.min(WARM_UP_RECORDS, bench.options().scaled(WARM_UP_RECORDS)));
                add(report, contender, "one at a time", probe.oneByOne(records));
            }
            try (LatencyProbe probe = new LatencyProbe(broker, "six", 6)) {
                probe.atRate(LIGHT_RATE, 5);
                int seconds = (int) Math.max(5, 30 * Math.min(1, bench.options().scale()));
                add(report, contender, "1,000 records/s over 6 partitions", probe.atRate(LIGHT_RATE, seconds));
            }
            Tools.EndToEnd coarse =
                    bench.tools().endToEnd(broker, "one", (int) bench.options().scaled(20_000), 1024);
            report.add(new Row("EndToEndLatency p50", "ms", "<= 1.0 x"), contender.name(), coarse.p50Ms());
            report.add(new Row("EndToEndLatency p99", "ms", "<= 1.0 x"), contender.name(), coarse.p99Ms());
            report.add(new Row("EndToEndLatency p99.9", "ms", "<= 1.0 x"), contender.name(), coarse.p999Ms());
        }
    }

    private static void add(Report report, Contender contender, String how, LatencyProbe.Latencies latencies) {
        add(report, contender, how + ", to the acknowledgement", latencies.acks());
        add(report, contender, how + ", end to end", latencies.endToEnd());
    }

    private static void add(Report report, Contender contender, String what, Histogram histogram) {
        for (double percentile : new double[] {50, 99, 99.9}) {
            String shown = percentile == 99.9 ? "p99.9" : "p" + (int) percentile;
            report.add(
                    new Row(what + ", " + shown, "us", "<= 1.0 x"),
                    contender.name(),
                    histogram.getValueAtPercentile(percentile));
        }
    }
}
