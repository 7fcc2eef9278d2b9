package dev.pabal.benchmarks;

import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** A waiting receiver: from the call that sends until the waiting call has returned. */
final class SqsWakeSection implements Section {
    private static final int WARM_UP = 4_000;
    private static final int MESSAGES = 4_000;
    private static final int WAITERS = 4;
    private static final int WAIT_SECONDS = 20;
    private static final int QUEUES_OF_OTHERS = 100;

    @Override
    public String name() {
        return "wake";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report("sqs-wake", "SQS: a send wakes a receiver that waits", Report.Baseline.ELASTICMQ);
        report.note(
                "Four receivers wait on an empty queue (long polling); one message at a time. From the call that sends until the call that waited"
                        + " has returned, the SDK's own time on both sides included.");
        int others = bench.options().others();
        if (others > 0) {
            report.note(others + " other receivers wait meanwhile, for up to 20 s at a time, on " + QUEUES_OF_OTHERS
                    + " other queues, each on a connection of its own.");
        }
        bench.takeTurns(name(), (contender, data) -> turn(contender, data, others, report));
        return report;
    }

    private static void turn(Contender contender, Path data, int others, Report report) throws IOException {
        contender.prepare(data);
        try (Broker broker = SqsDriver.started(contender.start(data));
                SqsClient client = SqsDriver.client("http://" + broker.bootstrap(), WAITERS + 2);
                IdleReceivers idle =
                        IdleReceivers.start(broker.bootstrap(), others, queuesOfOthers(client), WAIT_SECONDS)) {
            String url = SqsDriver.create(client, "waiting", false);
            SynchronousQueue<Long> received = new SynchronousQueue<>();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                Thread waiter = new Thread(() -> wait(client, url, received), "waiter-" + i);
                waiter.setDaemon(true);
                waiters.add(waiter);
                waiter.start();
            }
            Histogram us = new Histogram(3);
            for (int i = 0; i < WARM_UP + MESSAGES; i++) {
                long begin = System.nanoTime();
                client.sendMessage(r -> r.queueUrl(url).messageBody("x"));
                Long end = received.poll(30, TimeUnit.SECONDS);
                if (end == null) {
                    throw new IOException("a message did not arrive");
                }
                if (i >= WARM_UP) {
                    us.recordValue((end - begin) / 1000);
                }
            }
            report.add(new Row("p50", "us", ""), contender.name(), us.getValueAtPercentile(50));
            report.add(new Row("p99", "us", "<= 5,000 us"), contender.name(), us.getValueAtPercentile(99));
            report.add(new Row("p99.9", "us", ""), contender.name(), us.getValueAtPercentile(99.9));
            waiters.forEach(Thread::interrupt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> queuesOfOthers(SqsClient client) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < QUEUES_OF_OTHERS; i++) {
            urls.add(SqsDriver.create(client, "idle-" + i, false));
        }
        return urls;
    }

    private static void wait(SqsClient client, String url, SynchronousQueue<Long> received) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<Message> messages = client.receiveMessage(
                                r -> r.queueUrl(url).waitTimeSeconds(WAIT_SECONDS))
                        .messages();
                long end = System.nanoTime();
                for (Message message : messages) {
                    received.put(end);
                    client.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
                }
            }
        } catch (InterruptedException | software.amazon.awssdk.core.exception.SdkException e) {
            Thread.currentThread().interrupt();
        }
    }
}
