package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import dev.pabal.testkit.PabalProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is there after the broker was restarted, and clients that recover by themselves. A broker of this test's own. */
@ExtendWith(AmqpUnderTest.Resolver.class)
class RecoveryTest {
    private final AmqpUnderTest shared;
    private AmqpUnderTest broker;
    private PabalProcess process;
    private Connection connection;
    private Channel channel;

    @TempDir
    private Path data;

    RecoveryTest(AmqpUnderTest shared) {
        this.shared = shared;
    }

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeFalse(shared.isOracle(), "restarts a broker of our own only");
        process = PabalProcess.builder(data).start();
        broker = new AmqpUnderTest("127.0.0.1", process.amqpPort(), "127.0.0.1:" + process.httpPort(), false);
        connect();
    }

    @AfterEach
    void stop() {
        if (process != null) {
            connection.abort();
            process.close();
        }
    }

    private void connect() throws IOException {
        connection = broker.connect();
        channel = connection.createChannel();
    }

    private void restart(boolean kill) throws IOException {
        if (kill) {
            process.kill();
        } else {
            process.stop();
        }
        process.restart();
        connect();
    }

    @Test
    void whatIsDurableIsThereAfterARestart() throws Exception {
        channel.exchangeDeclare("durable-x", "topic", true);
        channel.exchangeDeclare("transient-x", "topic", false);
        channel.queueDeclare("durable", true, false, false, Map.of("x-max-length", 100));
        channel.queueDeclare("transient", false, false, false, null);
        channel.queueDeclare("exclusive", true, true, false, null);
        channel.queueBind("durable", "durable-x", "a.*");
        channel.queueBind("durable", "transient-x", "#");
        channel.queueBind("transient", "durable-x", "a.*");
        channel.confirmSelect();
        channel.basicPublish("durable-x", "a.b", MessageProperties.PERSISTENT_BASIC, AmqpTest.bytes("1"));
        channel.basicPublish("", "durable", MessageProperties.PERSISTENT_BASIC, AmqpTest.bytes("2"));
        channel.waitForConfirmsOrDie(AmqpTest.PATIENCE.toMillis());
        restart(false);
        channel.queueDeclare("durable", true, false, false, Map.of("x-max-length", 100));
        channel.exchangeDeclarePassive("durable-x");
        for (String gone : new String[] {"transient", "exclusive"}) {
            assertThat(missing(c -> c.queueDeclarePassive(gone))).as(gone).isTrue();
        }
        assertThat(missing(c -> c.exchangeDeclarePassive("transient-x"))).isTrue();
        GetResponse first = channel.basicGet("durable", true);
        assertThat(AmqpTest.text(first)).isEqualTo("1");
        assertThat(first.getEnvelope().isRedeliver()).isFalse();
        assertThat(AmqpTest.text(channel.basicGet("durable", true))).isEqualTo("2");
        assertThat(channel.basicGet("durable", true)).isNull();
        channel.basicPublish("durable-x", "a.c", null, AmqpTest.bytes("the binding is there"));
        assertThat(channel.basicGet("durable", true)).isNotNull();
        channel.queueDelete("durable");
        restart(false);
        assertThat(missing(c -> c.queueDeclarePassive("durable"))).isTrue();
    }

    private interface Asking {
        void ask(Channel channel) throws IOException;
    }

    private boolean missing(Asking question) throws IOException {
        Channel asking = connection.createChannel();
        return Refusal.of(asking, () -> question.ask(asking)).code() == AMQP.NOT_FOUND;
    }

    @Test
    void whatWasConfirmedOrCommittedOutlivesAKill() throws Exception {
        int count = 5_000;
        channel.queueDeclare("confirmed", true, false, false, null);
        channel.confirmSelect();
        publishMany("confirmed", count);
        channel.waitForConfirmsOrDie(60_000);
        Channel tx = connection.createChannel();
        tx.queueDeclare("committed", true, false, false, null);
        tx.txSelect();
        for (int i = 0; i < count; i++) {
            tx.basicPublish("", "committed", MessageProperties.PERSISTENT_BASIC, AmqpTest.bytes("" + i));
        }
        tx.txCommit();
        restart(true);
        assertThat(channel.queueDelete("confirmed").getMessageCount()).isEqualTo(count);
        assertThat(channel.queueDelete("committed").getMessageCount()).isEqualTo(count);
    }

    private void publishMany(String queue, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, AmqpTest.bytes("" + i));
        }
    }

    @Test
    void acknowledgedMessagesStayAwayAndOthersComeBackMarked() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.confirmSelect();
        publishMany("q", 10);
        channel.waitForConfirmsOrDie(AmqpTest.PATIENCE.toMillis());
        for (int i = 0; i < 6; i++) {
            channel.basicGet("q", false);
        }
        channel.basicAck(4, true);
        channel.close();
        restart(false);
        for (int i = 4; i < 10; i++) {
            GetResponse response = channel.basicGet("q", true);
            assertThat(AmqpTest.text(response)).isEqualTo("" + i);
            if (i < 6) {
                assertThat(response.getEnvelope().isRedeliver()).isTrue();
            }
        }
        assertThat(channel.basicGet("q", true)).isNull();
    }

    @Test
    void whatWasAcknowledgedBeforeAnAnsweredPurgeStaysAwayAfterAKill() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.confirmSelect();
        publishMany("q", 10);
        channel.waitForConfirmsOrDie(AmqpTest.PATIENCE.toMillis());
        for (int i = 0; i < 6; i++) {
            channel.basicGet("q", false);
        }
        channel.basicAck(4, true);
        assertThat(channel.queuePurge("q").getMessageCount()).isEqualTo(4);
        restart(true);
        for (int i = 4; i < 6; i++) {
            GetResponse response = channel.basicGet("q", true);
            assertThat(AmqpTest.text(response)).isEqualTo("" + i);
            assertThat(response.getEnvelope().isRedeliver()).isTrue();
        }
        assertThat(channel.basicGet("q", true)).isNull();
    }

    @Test
    void aMessageExpiresWhileTheBrokerIsDown() throws Exception {
        channel.queueDeclare("ttl", true, false, false, null);
        channel.confirmSelect();
        channel.basicPublish(
                "",
                "ttl",
                MessageProperties.PERSISTENT_BASIC.builder().expiration("300").build(),
                new byte[0]);
        channel.waitForConfirmsOrDie(AmqpTest.PATIENCE.toMillis());
        long published = System.nanoTime();
        restart(false);
        org.awaitility.Awaitility.await()
                .atMost(AmqpTest.PATIENCE)
                .until(() -> System.nanoTime() - published > 350_000_000L);
        assertThat(channel.basicGet("ttl", true)).isNull();
    }

    @Test
    void stoppingTellsTheClients() throws Exception {
        process.stop();
        Refusal refusal = Refusal.awaitClose(connection);
        assertThat(refusal.code()).isEqualTo(AMQP.CONNECTION_FORCED);
        assertThat(refusal.text()).startsWith("CONNECTION_FORCED");
        process.restart();
    }

    @Test
    void aClientWithRecoveryComesBackWithAllItHadDeclared() throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setAutomaticRecoveryEnabled(true);
        factory.setNetworkRecoveryInterval(200);
        try (Connection recovering = AmqpUnderTest.connect(factory)) {
            Channel client = recovering.createChannel();
            String exchange = AmqpUnderTest.unique("x");
            client.exchangeDeclare(exchange, "fanout", false);
            String queue = client.queueDeclare().getQueue();
            client.queueBind(queue, exchange, "");
            Inbox inbox = new Inbox(client);
            client.basicConsume(queue, true, inbox);
            for (int i = 0; i < 2; i++) {
                CountDownLatch recovered = onRecovery(recovering);
                closeByManagement(recovering);
                assertThat(recovered.await(60, TimeUnit.SECONDS)).isTrue();
                client.basicPublish(exchange, "", null, AmqpTest.bytes("after " + i));
                assertThat(inbox.nextText()).isEqualTo("after " + i);
            }
            CountDownLatch recovered = onRecovery(recovering);
            process.stop();
            process.restart();
            assertThat(recovered.await(60, TimeUnit.SECONDS)).isTrue();
            client.basicPublish(exchange, "", null, AmqpTest.bytes("after the restart"));
            assertThat(inbox.nextText()).isEqualTo("after the restart");
        }
    }

    private static CountDownLatch onRecovery(Connection connection) {
        CountDownLatch latch = new CountDownLatch(1);
        ((Recoverable) connection).addRecoveryListener(new RecoveryListener() {
            @Override
            public void handleRecovery(Recoverable recoverable) {
                latch.countDown();
            }

            @Override
            public void handleRecoveryStarted(Recoverable recoverable) {
                // Its end is what counts.
            }
        });
        return latch;
    }

    /** Closes the client's connection as an operator does. Its name is that of its two ends. */
    private void closeByManagement(Connection client) throws IOException {
        String name = "127.0.0.1:" + ((com.rabbitmq.client.impl.NetworkConnection) client).getLocalPort()
                + " -> 127.0.0.1:" + broker.port();
        new Management(broker).delete("connections", name);
    }
}
