package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Receiving from a FIFO queue with a backlog, against one with next to none. */
final class SqsBacklogSection implements Section {
    private static final int PAIRS = 5;
    private static final int CONNECTIONS = 16;
    private static final int SMALL = 1_000;
    private static final int BATCH = 10;
    private static final SqsLoad FEW = new SqsLoad("1,000 messages", "few.fifo", true, BATCH, CONNECTIONS);
    private static final SqsLoad MANY = new SqsLoad("backlog", "many.fifo", true, BATCH, CONNECTIONS);

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        long messages = bench.options().scaled(1_000_000);
        Report report = new Report(
                "sqs-backlog",
                String.format(Locale.ROOT, "SQS: a FIFO queue with %,d messages in 1,000 groups", messages),
                Report.Baseline.ELASTICMQ);
        report.note(
                "16 connections send, receive and delete in turn, batches of 10, so that the backlog stays. Five interleaved pairs of runs: with"
                        + " 1,000 messages waiting, and with the backlog. Received in a second: of what a connection spends on receiving.");
        bench.takeTurns(name(), (contender, data) -> turn(bench, contender, data, messages, report), 1);
        return report;
    }

    private static void turn(Bench bench, Contender contender, Path data, long messages, Report report)
            throws IOException {
        String name = contender.name();
        contender.prepare(data);
        try (Broker broker = SqsDriver.started(contender.start(data))) {
            fill(broker, FEW.queue(), SMALL);
            bench.sqs().run(broker, FEW, bench.options().seconds());
            long begin = System.nanoTime();
            fill(broker, MANY.queue(), messages);
            report.add(new Row("filling it", "msg/s", ""), name, messages * 1e9 / (System.nanoTime() - begin));
            for (int pair = 0; pair < PAIRS; pair++) {
                SqsLoad.Result few =
                        bench.sqs().run(broker, FEW, bench.options().seconds());
                SqsLoad.Result many =
                        bench.sqs().run(broker, MANY, bench.options().seconds());
                report.add(new Row("received with 1,000 messages", "msg/s", ""), name, few.receivedPerSecond());
                report.add(new Row("received with the backlog", "msg/s", ""), name, many.receivedPerSecond());
                report.add(
                        new Row("received, backlog / 1,000", "x", ">= 0.85"),
                        name,
                        many.receivedPerSecond() / few.receivedPerSecond());
                report.add(
                        new Row("sent, received and deleted, backlog / 1,000", "x", ""),
                        name,
                        many.perSecond() / few.perSecond());
            }
            report.add(new Row("resident memory", "MiB", ""), name, broker.residentMib());
        }
    }

    private static void fill(Broker broker, String queue, long messages) throws IOException {
        try (SqsClient client = SqsDriver.client("http://" + broker.bootstrap(), CONNECTIONS)) {
            String url = SqsDriver.create(client, queue, true);
            AtomicLong next = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Thread thread = new Thread(
                        () -> {
                            long first = next.getAndAdd(BATCH);
                            while (first < messages) {
                                SqsDriver.sendBatch(client, url, true, BATCH, first, "fill");
                                first = next.getAndAdd(BATCH);
                            }
                        },
                        "fill-" + i);
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
