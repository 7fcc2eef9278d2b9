package dev.pabal.benchmarks;

import com.rabbitmq.client.Channel;
import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many queues: each with a consumer and a share of the messages, and many more that are merely there. */
final class QueuesSection implements Section {
    private static final int CONNECTIONS = 10;
    private static final int RUNS = 3;

    @Override
    public String name() {
        return "queues";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        Report report = new Report("rabbitmq-queues", "Many queues", Report.Baseline.RABBITMQ);
        report.note(
                "RabbitMQ's Java client, 100 B, durable, persistent, 1,000 unconfirmed, auto-ack; one publisher goes round the queues,"
                        + " whose consumers share ten connections.");
        bench.takeTurns(name(), (contender, data) -> busy(bench, contender, data, report), 1);
        bench.takeTurns(name(), (contender, data) -> idle(bench, contender, data, report), 1);
        return report;
    }

    private static void busy(Bench bench, Contender contender, Path data, Report report) throws IOException {
        String name = contender.name();
        int count = bench.options().gentlyScaled(10_000);
        long messages = bench.options().gentlyScaled(300_000);
        String many = String.format(Locale.ROOT, "%,d queues, each with a consumer", count);
        contender.prepare(data);
        try (Broker broker = AmqpClient.start(contender, data, "first").broker()) {
            drive(broker, names("warm", 1), messages);
            String[] queues = names("busy", count);
            declare(broker, queues);
            for (int run = 0; run < RUNS; run++) {
                double one = drive(broker, names("one", 1), messages);
                double spread = drive(broker, queues, messages);
                report.add(new Row("one queue with one consumer", "msg/s", ""), name, one);
                report.add(new Row(many, "msg/s", ""), name, spread);
                report.add(new Row(many + " / one queue", "x", ">= 0.9"), name, spread / one);
            }
            report.add(new Row(many + ", resident memory", "MiB", ""), name, broker.residentMib());
        }
    }

    private static double drive(Broker broker, String[] queues, long messages) throws IOException {
        Drain drain = new Drain(messages);
        List<AmqpClient> consumers =
                Stream.generate(() -> connected(broker)).limit(CONNECTIONS).toList();
        try (AmqpClient publisher = AmqpClient.connect(broker)) {
            if (queues.length == 1) {
                publisher.declare(queues[0], Map.of());
            }
            for (int i = 0; i < queues.length; i++) {
                drain.consume(consumers.get(i % CONNECTIONS).channel(), queues[i]);
            }
            publisher.publish(queues, messages);
            return drain.await();
        } finally {
            for (AmqpClient consumer : consumers) {
                consumer.close();
            }
        }
    }

    private static AmqpClient connected(Broker broker) {
        try {
            return AmqpClient.connect(broker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void idle(Bench bench, Contender contender, Path data, Report report) throws IOException {
        String name = contender.name();
        int count = bench.options().gentlyScaled(100_000);
        String what = String.format(Locale.ROOT, "%,d idle queues, ", count);
        contender.prepare(data);
        Broker broker = AmqpClient.start(contender, data, "first").broker();
        try {
            int descriptors = broker.descriptors();
            double seconds = declare(broker, names("idle", count));
            report.add(new Row(what + "declaring them", "s", ""), name, seconds);
            report.add(new Row(what + "resident memory", "MiB", "<= 1,024"), name, broker.residentMib());
            report.add(new Row(what + "more descriptors", "", "0"), name, broker.descriptors() - descriptors);
            broker.close();
            Machine.settle();
            AmqpClient.Started again = AmqpClient.start(contender, data, "first");
            broker = again.broker();
            report.add(new Row(what + "restart, to the first confirm", "s", "<= 10 s"), name, again.seconds());
            report.add(
                    new Row(what + "resident memory after the restart", "MiB", "<= 1,024"), name, broker.residentMib());
        } finally {
            broker.kill();
        }
    }

    /** Declares over ten connections without waiting for each answer; until the last of each connection is known to be there. */
    private static double declare(Broker broker, String[] queues) throws IOException {
        long begin = System.nanoTime();
        List<AmqpClient> clients =
                Stream.generate(() -> connected(broker)).limit(CONNECTIONS).toList();
        try {
            for (int i = 0; i < queues.length; i++) {
                Channel channel = clients.get(i % CONNECTIONS).channel();
                channel.queueDeclareNoWait(queues[i], true, false, false, Map.of());
            }
            for (int last = Math.max(0, queues.length - CONNECTIONS); last < queues.length; last++) {
                clients.get(last % CONNECTIONS).ready(queues[last]);
            }
        } finally {
            for (AmqpClient client : clients) {
                client.close();
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static String[] names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toArray(String[]::new);
    }
}
