package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import dev.pabal.testkit.PabalProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues on a full disk, and beside a consumer that takes nothing from its socket: others are served as before. */
class QueueTroubleTest {
    private static final String QUEUE = "work";

    private static Connection connect(PabalProcess broker) throws Exception {
        return factory(broker).newConnection();
    }

    private static ConnectionFactory factory(PabalProcess broker) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.amqpPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(60_000);
        factory.setChannelRpcTimeout(60_000);
        return factory;
    }

    @Test
    void holdsWhatIsPublishedOnAFullDiskAndGoesOnSettling(@TempDir Path folder) throws Exception {
        try (FullDisk disk = FullDisk.mount(folder);
                PabalProcess broker = PabalProcess.builder(disk.data()).start();
                Connection publisher = connect(broker);
                Connection late = connectUnawareOfBlocks(broker);
                Connection transactional = connect(broker);
                Connection consumer = connect(broker)) {
            AtomicBoolean blocked = new AtomicBoolean();
            publisher.addBlockedListener(reason -> blocked.set(true), () -> blocked.set(false));
            Queue<String> nacks = new ConcurrentLinkedQueue<>();
            Channel publishing = publisher.createChannel();
            publishing.confirmSelect();
            publishing.addConfirmListener((tag, multiple) -> {}, (tag, multiple) -> nacks.add("message " + tag));
            declare(publishing, "settled", QUEUE, "late", "committed");
            for (int i = 0; i < 10; i++) {
                publishing.basicPublish("", "settled", MessageProperties.PERSISTENT_BASIC, numbered(i));
            }
            publishing.waitForConfirmsOrDie(60_000);
            Channel transaction = transactional.createChannel();
            transaction.txSelect();
            transaction.basicPublish("", "committed", MessageProperties.PERSISTENT_BASIC, numbered(0));

            disk.fill();
            int published = publishUntil(blocked, publishing);
            for (int i = 0; i < 10; i++) {
                publishing.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, numbered(published++));
            }
            Channel unaware = late.createChannel();
            unaware.basicPublish("", "late", MessageProperties.PERSISTENT_BASIC, numbered(0));
            CompletableFuture<Void> committed = CompletableFuture.runAsync(() -> commit(transaction));
            Channel settling = consumer.createChannel();
            for (int i = 0; i < 10; i++) {
                GetResponse got = settling.basicGet("settled", false);
                assertThat(number(got.getBody())).isEqualTo(i);
                settling.basicAck(got.getEnvelope().getDeliveryTag(), false);
            }
            assertThat(settling.basicGet("late", true)).isNull();
            assertThat(committed).isNotDone();
            assertThat(nacks).isEmpty();

            disk.empty();
            publishing.waitForConfirmsOrDie(60_000);
            await().atMost(Duration.ofSeconds(60)).until(() -> !blocked.get());
            committed.get(60, TimeUnit.SECONDS);
            assertThat(nacks).isEmpty();
            // Answered once what it has published is durable.
            unaware.close();
            assertHolds(settling, QUEUE, published);
            assertHolds(settling, "late", 1);
            assertHolds(settling, "committed", 1);
            assertThat(settling.basicGet("settled", true)).isNull();
        }
    }

    @Test
    void losesNothingOfAPublisherWithoutConfirmsThatFindsTheDiskFull(@TempDir Path folder) throws Exception {
        try (FullDisk disk = FullDisk.mount(folder);
                PabalProcess broker = PabalProcess.builder(disk.data()).start();
                Connection publisher = connect(broker);
                Connection consumer = connect(broker)) {
            AtomicBoolean blocked = new AtomicBoolean();
            publisher.addBlockedListener(reason -> blocked.set(true), () -> blocked.set(false));
            Channel publishing = publisher.createChannel();
            declare(publishing, QUEUE);
            disk.fill();
            int published = publishUntil(blocked, publishing);
            assertThat(publisher.isOpen()).isTrue();
            disk.empty();
            await().atMost(Duration.ofSeconds(60)).until(() -> !blocked.get());
            assertThat(publishing.isOpen()).isTrue();
            // Answered once everything before it is durable.
            publishing.close();
            assertHolds(consumer.createChannel(), QUEUE, published);
        }
    }

    /** A client that is not told that it is blocked. */
    private static Connection connectUnawareOfBlocks(PabalProcess broker) throws Exception {
        ConnectionFactory factory = factory(broker);
        Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
        properties.remove("capabilities");
        factory.setClientProperties(properties);
        return factory.newConnection();
    }

    private static void declare(Channel channel, String... queues) throws IOException {
        for (String queue : queues) {
            channel.queueDeclare(queue, true, false, false, Map.of());
        }
    }

    private static byte[] numbered(int number) {
        byte[] body = new byte[100_000];
        body[0] = (byte) (number >> 8);
        body[1] = (byte) number;
        return body;
    }

    /** Publishes until the broker says that it takes no more; returns how many messages that were. */
    private static int publishUntil(AtomicBoolean blocked, Channel channel) throws IOException {
        int published = 0;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!blocked.get()) {
            assertThat(System.nanoTime()).as("time left").isLessThan(deadlineNs);
            channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, numbered(published++));
            // A question that the broker answers: so that no more than a few are on their way when it blocks.
            channel.queueDeclarePassive(QUEUE);
        }
        return published;
    }

    private static void commit(Channel channel) {
        try {
            channel.txCommit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The queue holds so many messages, each once and in order. */
    private static void assertHolds(Channel channel, String queue, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(got).as("message %d of %d in %s", i, messages, queue).isNotNull();
            assertThat(number(got.getBody())).as("message of %s", queue).isEqualTo(i);
        }
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void aConsumerThatReadsNothingStopsNobodyElse(@TempDir Path data) throws Exception {
        int messages = 3_000;
        CountDownLatch end = new CountDownLatch(1);
        try (PabalProcess broker = PabalProcess.builder(data).start();
                Connection publisher = connect(broker);
                Connection healthy = connect(broker)) {
            Channel publishing = publisher.createChannel();
            publishing.confirmSelect();
            publishing.queueDeclare("stuck", true, false, false, Map.of());
            publishing.queueDeclare(QUEUE, true, false, false, Map.of());
            Connection stalled = connect(broker);
            Channel stuck = stalled.createChannel();
            // The client's reader stops once about a thousand deliveries wait for this consumer; then its socket fills
            // up.
            stuck.basicConsume("stuck", false, new DefaultConsumer(stuck) {
                @Override
                public void handleDelivery(String tag, Envelope e, AMQP.BasicProperties p, byte[] body) {
                    try {
                        end.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            Channel consuming = healthy.createChannel();
            consuming.basicConsume(QUEUE, true, (tag, d) -> seen.add(number(d.getBody())), tag -> {});
            for (int i = 0; i < messages; i++) {
                byte[] body = new byte[10_000];
                body[0] = (byte) (i >> 8);
                body[1] = (byte) i;
                publishing.basicPublish("", "stuck", MessageProperties.PERSISTENT_BASIC, body);
                publishing.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, body);
                if (i % 200 == 199) {
                    publishing.waitForConfirmsOrDie(60_000);
                }
            }
            publishing.waitForConfirmsOrDie(60_000);
            await().atMost(Duration.ofSeconds(60)).until(() -> seen.size() == messages);
            end.countDown();
            stalled.abort(5_000);
            Set<Integer> back = ConcurrentHashMap.newKeySet();
            consuming.basicConsume("stuck", true, (tag, d) -> back.add(number(d.getBody())), tag -> {});
            await().atMost(Duration.ofSeconds(60)).until(() -> back.size() == messages);
        } finally {
            end.countDown();
        }
    }

    private static int number(byte[] body) {
        return (body[0] & 0xff) << 8 | body[1] & 0xff;
    }
}
