package dev.pabal.benchmarks;

import dev.pabal.benchmarks.PerfTest.Load;
import dev.pabal.benchmarks.PerfTest.Second;
import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long a message takes when publishers keep a pace: a light one, and half of what RabbitMQ can do at most. */
final class PaceSection implements Section {
    private static final int LIGHT_RATE = 1_000;
    /** Where RabbitMQ takes no turn: about half of what it reached on two cores. */
    private static final int USUAL_HALF = 25_000;

    private @Nullable Integer half;

    @Override
    public String name() {
        return "pace";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report("rabbitmq-pace", "Queues: latency at a pace", Report.Baseline.RABBITMQ);
        report.note(
                "PerfTest 2.22.1; 100 B, 1 producer, 1 consumer, auto-ack, durable, persistent, confirms on. PerfTest prints percentiles"
                        + " of each second: the figures are medians over the seconds after a warm-up.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, report));
        return report;
    }

    private void turn(Bench bench, Contender contender, Path data, Report report) throws IOException {
        contender.prepare(data);
        int seconds = bench.options().seconds();
        try (Broker broker = AmqpClient.start(contender, data, "first").broker()) {
            double most = bench.perfTest()
                    .run(broker, ThroughputSection.FASTEST, seconds)
                    .received();
            if (half == null) {
                half = contender.name().equals("RabbitMQ") ? (int) Math.round(most / 2 / 1_000) * 1_000 : USUAL_HALF;
            }
            measure(bench, contender, broker, LIGHT_RATE, "1,000 msg/s", report);
            String shown = String.format(Locale.ROOT, "%,d msg/s (half of RabbitMQ's most)", half);
            measure(bench, contender, broker, half, shown, report);
        }
    }

    private static void measure(Bench bench, Contender contender, Broker broker, int rate, String shown, Report report)
            throws IOException {
        Machine.settle();
        Load load = ThroughputSection.FASTEST.at(rate);
        PerfTest.Result result =
                bench.perfTest().run(broker, load, bench.options().seconds());
        String name = contender.name();
        report.add(new Row(shown + ", reached", "msg/s", ""), name, result.received());
        String toConsumer = shown + ", to the consumer";
        report.add(new Row(toConsumer + ", p50", "us", "<= 1.0 x"), name, result.median(Second::consumerP50));
        report.add(new Row(toConsumer + ", p99", "us", "<= 1.0 x"), name, result.median(Second::consumerP99));
        String toConfirm = shown + ", to the confirm";
        report.add(new Row(toConfirm + ", p50", "us", "<= 1.0 x"), name, result.median(Second::confirmP50));
        report.add(new Row(toConfirm + ", p99", "us", "<= 1.0 x"), name, result.median(Second::confirmP99));
    }
}
