package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A queue with a backlog: what it costs to publish to it and to consume from it, to hold it, to restart with it, to purge it. */
final class BacklogSection implements Section {
    private static final int PAIRS = 5;
    private static final String BACKLOG = "backlog";

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        long messages = bench.options().scaled(10_000_000);
        Report report = new Report(
                "rabbitmq-backlog",
                String.format(Locale.ROOT, "Queues: a backlog of %,d messages", messages),
                Report.Baseline.RABBITMQ);
        report.note(
                "RabbitMQ's Java client, 100 B, durable, persistent, 1,000 unconfirmed, prefetch 1,000. Five interleaved pairs: so many messages"
                        + " published to an empty queue and then consumed, and the same with the backlog's queue.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, messages, report), 1);
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, long messages, Report report)
            throws IOException {
        String name = contender.name();
        contender.prepare(data);
        Broker broker = AmqpClient.start(contender, data, BACKLOG).broker();
        try {
            long batch = bench.options().gentlyScaled(300_000);
            try (AmqpClient client = AmqpClient.connect(broker)) {
                throughEmptyQueue(broker, client, batch);
                throughEmptyQueue(broker, client, batch);
                double before = broker.residentMib();
                report.add(new Row("filling it", "msg/s", ""), name, client.publish(BACKLOG, messages));
                report.add(new Row("resident memory", "MiB", ""), name, broker.residentMib());
                report.add(
                        new Row("resident memory more than with an empty queue", "MiB", "< 50"),
                        name,
                        broker.residentMib() - before);
                pairs(broker, client, batch, name, report);
            }
            broker.close();
            broker = restarted(contender, data, "restart after a clean stop", report);
            broker.kill();
            broker = restarted(contender, data, "restart after kill -9", report);
            purge(broker, name, messages, report);
        } finally {
            broker.kill();
        }
    }

    private static void pairs(Broker broker, AmqpClient client, long batch, String name, Report report)
            throws IOException {
        for (int pair = 0; pair < PAIRS; pair++) {
            double[] empty = throughEmptyQueue(broker, client, batch);
            double published = client.publish(BACKLOG, batch);
            double consumed = consume(broker, BACKLOG, batch);
            report.add(new Row("publishing to an empty queue", "msg/s", ""), name, empty[0]);
            report.add(new Row("publishing with the backlog", "msg/s", ""), name, published);
            report.add(new Row("publishing, with the backlog / empty", "x", ">= 0.85"), name, published / empty[0]);
            report.add(new Row("consuming what was just published", "msg/s", ""), name, empty[1]);
            report.add(new Row("consuming from the backlog", "msg/s", ""), name, consumed);
            report.add(new Row("consuming, with the backlog / empty", "x", ">= 0.85"), name, consumed / empty[1]);
        }
    }

    private static double[] throughEmptyQueue(Broker broker, AmqpClient client, long batch) throws IOException {
        client.declare("empty", Map.of());
        double published = client.publish("empty", batch);
        double consumed = consume(broker, "empty", batch);
        client.channel().queueDelete("empty");
        return new double[] {published, consumed};
    }

    private static double consume(Broker broker, String queue, long count) throws IOException {
        try (AmqpClient consumer = AmqpClient.connect(broker)) {
            Drain drain = new Drain(count);
            drain.consumeAndAck(consumer.channel(), queue);
            return drain.await();
        }
    }

    private static Broker restarted(Contender contender, Path data, String how, Report report) throws IOException {
        Machine.settle();
        AmqpClient.Started started = AmqpClient.start(contender, data, BACKLOG);
        report.add(new Row(how + ", to the first confirm", "s", "<= 2 s"), contender.name(), started.seconds());
        return started.broker();
    }

    private static void purge(Broker broker, String name, long messages, Report report) throws IOException {
        try (AmqpClient client = AmqpClient.connect(broker)) {
            long ready = client.ready(BACKLOG);
            if (ready < messages) {
                throw new IllegalStateException(name + " lost messages: " + ready + " of " + messages + " are left");
            }
            long begin = System.nanoTime();
            client.channel().queuePurge(BACKLOG);
            report.add(new Row("purge", "ms", "<= 50 ms"), name, (System.nanoTime() - begin) / 1e6);
        }
    }
}
