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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues on a full disk, and beside a consumer that takes nothing from its socket: others are served as before. */
class QueueTroubleTest {
    private static final String QUEUE = "work";

    private static Connection connect(PabalProcess broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.amqpPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(30_000);
        return factory.newConnection();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void refusesMessagesOnAFullDiskGoesOnSettlingAndHealsByItself(@TempDir Path folder) throws Exception {
        Commands.requireRootAnd("mount", "umount", "fallocate");
        Path mount = Files.createDirectory(folder.resolve("small"));
        Commands.run("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", mount.toString());
        try (PabalProcess broker = PabalProcess.builder(mount.resolve("data")).start();
                Connection publisher = connect(broker);
                Connection consumer = connect(broker)) {
            AtomicBoolean blocked = new AtomicBoolean();
            publisher.addBlockedListener(reason -> blocked.set(true), () -> blocked.set(false));
            Channel publishing = publisher.createChannel();
            publishing.confirmSelect();
            publishing.queueDeclare(QUEUE, true, false, false, Map.of());
            for (int i = 0; i < 10; i++) {
                publishing.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, bytes("before-" + i));
            }
            publishing.waitForConfirmsOrDie(30_000);
            long length = Files.getFileStore(mount).getUsableSpace() - (8L << 20);
            Path ballast = mount.resolve("ballast");
            Commands.run("fallocate", "-l", Long.toString(length), ballast.toString());
            publishUntilRefused(publishing, blocked);
            Channel settling = consumer.createChannel();
            for (int i = 0; i < 10; i++) {
                GetResponse got = settling.basicGet(QUEUE, false);
                assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).isEqualTo("before-" + i);
                settling.basicAck(got.getEnvelope().getDeliveryTag(), false);
            }
            assertThat(broker.isAlive()).isTrue();
            Files.delete(ballast);
            await().atMost(Duration.ofSeconds(30)).until(() -> !blocked.get() && publishesAgain(broker));
        } finally {
            Commands.run("umount", "--lazy", mount.toString());
        }
    }

    /** The broker looks at the free space now and then; what it says then is a nack, or that the connection is blocked. */
    private static void publishUntilRefused(Channel channel, AtomicBoolean blocked) throws Exception {
        AtomicBoolean refused = new AtomicBoolean();
        channel.addConfirmListener((tag, multiple) -> {}, (tag, multiple) -> refused.set(true));
        byte[] body = new byte[100_000];
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!refused.get() && !blocked.get()) {
            assertThat(System.nanoTime()).as("time left").isLessThan(deadlineNs);
            channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, body);
            try {
                channel.waitForConfirms(500);
            } catch (TimeoutException e) {
                // held back: the connection is about to hear that it is blocked
            }
        }
    }

    private static boolean publishesAgain(PabalProcess broker) throws Exception {
        try (Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, bytes("after"));
            return channel.waitForConfirms(5_000);
        } catch (TimeoutException e) {
            return false;
        }
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
