package dev.pabal.benchmarks;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.pabal.benchmarks.Report.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Messages that are due later: what they cost while they wait, and how late they come. Debian's RabbitMQ has no such exchange. */
final class DelayedSection implements Section {
    private static final long SEED = 1_000_003;
    private static final int PUBLISHED_PER_SECOND = 20_000;
    private static final int DUE_PER_SECOND = 20_000;
    private static final long MIN_WAIT_MS = 10_000;
    private static final int TIMEOUT_SECONDS = 300;

    @Override
    public String name() {
        return "delayed";
    }

    @Override
    public Report run(Bench bench) throws IOException {
        int messages = bench.options().gentlyScaled(1_000_000);
        Report report = new Report(
                "rabbitmq-delayed",
                String.format(Locale.ROOT, "Queues: %,d delayed messages", messages),
                Report.Baseline.RABBITMQ);
        report.note(
                "Published through an x-delayed-message exchange, due in random order, about 20,000 a second. Heap after a full collection;"
                        + " lateness from the due time to the consumer. RabbitMQ has such an exchange only with a plugin that Debian does not carry.");
        bench.takeTurns(
                name(),
                (contender, data) -> {
                    if (contender.name().equals("Pabal")) {
                        turn(contender, data, messages, report);
                    }
                },
                1);
        return report;
    }

    private static void turn(Contender contender, Path data, int messages, Report report) throws IOException {
        String name = contender.name();
        contender.prepare(data);
        try (Broker broker = AmqpClient.start(contender, data, "first").broker();
                AmqpClient publisher = AmqpClient.connect(broker);
                AmqpClient consumer = AmqpClient.connect(broker)) {
            Channel channel = publisher.channel();
            channel.exchangeDeclare("later", "x-delayed-message", true, false, Map.of("x-delayed-type", "direct"));
            publisher.declare("due", Map.of());
            channel.queueBind("due", "later", "due");
            publisher.publish("first", 100_000);
            channel.queuePurge("first");
            double heapBefore = broker.heapMib();
            double residentBefore = broker.residentMib();
            Histogram lateness = new Histogram(3);
            CountDownLatch all = new CountDownLatch(messages);
            consumer.channel().basicConsume("due", true, lateness(consumer.channel(), lateness, all));
            publish(channel, messages);
            report.add(new Row("heap", "MiB more", "<= 16 MB"), name, broker.heapMib() - heapBefore);
            report.add(new Row("resident memory", "MiB more", ""), name, broker.residentMib() - residentBefore);
            await(all);
            report.add(new Row("lateness, p50", "ms", ""), name, lateness.getValueAtPercentile(50) / 1e3);
            report.add(new Row("lateness, p99", "ms", ""), name, lateness.getValueAtPercentile(99) / 1e3);
            report.add(new Row("lateness, most", "ms", "<= 50 ms"), name, lateness.getMaxValue() / 1e3);
        }
    }

    private static void publish(Channel channel, int messages) throws IOException {
        Random random = new Random(SEED);
        channel.confirmSelect();
        ConfirmWindow window = new ConfirmWindow(channel);
        long firstDueMs = System.currentTimeMillis() + MIN_WAIT_MS + messages * 1_000L / PUBLISHED_PER_SECOND;
        int spanMs = Math.max(1_000, (int) (messages * 1_000L / DUE_PER_SECOND));
        for (int i = 0; i < messages; i++) {
            window.awaitRoom(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
            long dueMs = firstDueMs + random.nextInt(spanMs);
            long delayMs = Math.max(0, dueMs - System.currentTimeMillis());
            byte[] body = ByteBuffer.allocate(100).putLong(dueMs).array();
            channel.basicPublish(
                    "later",
                    "due",
                    new AMQP.BasicProperties.Builder()
                            .deliveryMode(2)
                            .headers(Map.of("x-delay", delayMs))
                            .build(),
                    body);
        }
        window.awaitAll(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    }

    private static DefaultConsumer lateness(Channel channel, Histogram lateness, CountDownLatch all) {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                long lateMs = System.currentTimeMillis() - ByteBuffer.wrap(body).getLong();
                lateness.recordValue(Math.max(0, lateMs * 1_000));
                all.countDown();
            }
        };
    }

    private static void await(CountDownLatch all) {
        try {
            if (!all.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(all.getCount() + " messages did not come");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
