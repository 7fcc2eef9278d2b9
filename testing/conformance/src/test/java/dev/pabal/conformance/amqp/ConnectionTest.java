package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.SaslConfig;
import com.rabbitmq.client.SaslMechanism;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the first bytes to an open connection: protocol headers, logging in, tuning, virtual hosts, and what both sides can do. */
class ConnectionTest extends AmqpTest {
    ConnectionTest(AmqpUnderTest broker) {
        super(broker);
    }

    @Test
    void theBrokerSaysWhatItCanDo() {
        Map<String, Object> properties = connection.getServerProperties();
        assertThat(properties).containsKeys("product", "version", "platform", "information", "copyright");
        assertThat(properties.get("product")).hasToString("RabbitMQ");
        @SuppressWarnings("unchecked")
        Map<String, Object> capabilities = (Map<String, Object>) properties.get("capabilities");
        assertThat(capabilities)
                .containsEntry("publisher_confirms", true)
                .containsEntry("exchange_exchange_bindings", true)
                .containsEntry("basic.nack", true)
                .containsEntry("consumer_cancel_notify", true)
                .containsEntry("connection.blocked", true)
                .containsEntry("consumer_priorities", true)
                .containsEntry("authentication_failure_close", true)
                .containsEntry("per_consumer_qos", true)
                .containsEntry("direct_reply_to", true);
    }

    @Test
    void theDefaultsAreRabbitMqs() throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            AMQP.Connection.Start start = raw.logIn("\0guest\0guest");
            assertThat(start.getVersionMajor()).isZero();
            assertThat(start.getVersionMinor()).isEqualTo(9);
            assertThat(start.getMechanisms().toString().split(" ")).contains("PLAIN", "AMQPLAIN");
            assertThat(start.getLocales()).hasToString("en_US");
            AMQP.Connection.Tune tune = raw.await(AMQP.Connection.Tune.class);
            assertThat(tune.getChannelMax()).isEqualTo(2047);
            assertThat(tune.getFrameMax()).isEqualTo(131_072);
            assertThat(tune.getHeartbeat()).isEqualTo(60);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AMQP\0\0\0\0", "AMQPdA\0\0", "AMQP\0\0\u0009\u0002", "HTTP/1.1", "GET / HT"})
    void aProtocolHeaderThatIsNotSpokenIsAnsweredWithTheRightOne(String header) throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.write(header.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(raw.read(8)).isEqualTo(RawAmqp.HEADER);
            assertThat(raw.isClosedByBroker()).isTrue();
        }
    }

    /** Logs in with responses of the test's choosing. */
    private Connection logIn(String mechanism, byte[] response) throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setSaslConfig(new SaslConfig() {
            @Override
            public SaslMechanism getSaslMechanism(String[] mechanisms) {
                return new SaslMechanism() {
                    @Override
                    public String getName() {
                        return mechanism;
                    }

                    @Override
                    public LongString handleChallenge(@Nullable LongString challenge, String name, String password) {
                        return LongStringHelper.asLongString(response);
                    }
                };
            }
        });
        return AmqpUnderTest.connect(factory);
    }

    private static byte[] amqplain(String name, String password) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream table = new DataOutputStream(bytes);
        for (String[] field : new String[][] {{"LOGIN", name}, {"PASSWORD", password}}) {
            table.writeByte(field[0].length());
            table.writeBytes(field[0]);
            table.writeByte('S');
            table.writeInt(field[1].length());
            table.writeBytes(field[1]);
        }
        return bytes.toByteArray();
    }

    @Test
    void namesAndPasswordsAreChecked() throws IOException {
        logIn("PLAIN", bytes("\0guest\0guest")).close();
        logIn("AMQPLAIN", amqplain("guest", "guest")).close();
        for (String wrong : new String[] {"\0guest\0wrong", "\0nobody\0guest", "\0\0"}) {
            assertThatThrownBy(() -> logIn("PLAIN", bytes(wrong)))
                    .as(wrong)
                    .isInstanceOf(AuthenticationFailureException.class)
                    .hasMessageContaining("ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN");
        }
        assertThatThrownBy(() -> logIn("AMQPLAIN", amqplain("guest", "wrong")))
                .isInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void aClientThatCannotBeToldOfAFailedLoginIsJustClosed() throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setPassword("wrong");
        Map<String, Object> properties = new HashMap<>(AMQConnection.defaultClientProperties());
        properties.remove("capabilities");
        factory.setClientProperties(properties);
        assertThatThrownBy(() -> AmqpUnderTest.connect(factory))
                .isInstanceOf(PossibleAuthenticationFailureException.class)
                .isNotInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void aMechanismThatIsNotOfferedIsRefused() {
        assertThatThrownBy(() -> logIn("TELEPATHY", bytes("guest"))).isInstanceOf(IOException.class);
    }

    @Test
    void aVirtualHostThatIsMissingIsNotFound() throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.logIn("\0guest\0guest");
            raw.await(AMQP.Connection.Tune.class);
            raw.tuneAndOpen(2047, 131_072, 0, "/missing");
            AMQP.Connection.Close close = raw.await(AMQP.Connection.Close.class);
            assertThat(close.getReplyCode()).isEqualTo(AMQP.NOT_ALLOWED);
            assertThat(close.getReplyText()).isEqualTo("NOT_ALLOWED - vhost /missing not found");
            raw.send(0, new AMQP.Connection.CloseOk.Builder().build());
            assertThat(raw.isClosedByBroker()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"4096", "8192", "70000", "131072"})
    void theFrameSizeOfTheClientIsKept(int frameMax) throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setRequestedFrameMax(frameMax);
        try (Connection small = AmqpUnderTest.connect(factory)) {
            assertThat(small.getFrameMax()).isEqualTo(frameMax);
            Channel sending = small.createChannel();
            String queue = sending.queueDeclare().getQueue();
            byte[] body = new byte[3 * frameMax];
            Arrays.fill(body, (byte) 7);
            // A delivery in a larger frame would be refused by the client.
            sending.basicPublish("", queue, null, body);
            assertThat(sending.basicGet(queue, true).getBody()).isEqualTo(body);
        }
    }

    @Test
    void tuningBeyondTheLimitsIsRefused() throws IOException {
        ConnectionFactory tooSmall = broker.factory();
        tooSmall.setRequestedFrameMax(100);
        assertThatThrownBy(() -> AmqpUnderTest.connect(tooSmall)).isInstanceOf(IOException.class);
        assertTuneRefused(2047, 100, "negotiated frame_max = 100 is lower than the minimum allowed value");
        assertTuneRefused(
                2047, 1 << 20, "negotiated frame_max = 1048576 is higher than the maximum allowed value (131072)");
        assertTuneRefused(
                4096, 131_072, "negotiated channel_max = 4096 is higher than the maximum allowed value (2047)");
        if (!broker.isOracle()) {
            assertTuneRefused(0, 131_072, "negotiated channel_max = no_limit (0)");
        }
    }

    private void assertTuneRefused(int channelMax, int frameMax, String text) throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.logIn("\0guest\0guest");
            raw.await(AMQP.Connection.Tune.class);
            raw.tune(channelMax, frameMax, 0);
            if (broker.isOracle()) {
                assertThat(raw.isClosedByBroker()).isTrue();
                return; // It may close before its word has gone out.
            }
            AMQP.Connection.Close close = raw.await(AMQP.Connection.Close.class);
            assertThat(close.getReplyCode()).isEqualTo(AMQP.NOT_ALLOWED);
            assertThat(close.getReplyText()).contains(text);
        }
    }

    @Test
    void channelsAreLimitedToWhatWasAgreed() throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setRequestedChannelMax(64);
        try (Connection limited = AmqpUnderTest.connect(factory)) {
            assertThat(limited.getChannelMax()).isEqualTo(64);
            for (int i = 1; i <= 64; i++) {
                assertThat(limited.createChannel(i)).isNotNull();
            }
        }
        try (RawAmqp raw = RawAmqp.opened(broker, 48, 131_072, 0)) {
            for (int i = 1; i <= 48; i++) {
                raw.openChannel(i);
            }
            raw.send(49, new AMQP.Channel.Open.Builder().build());
            AMQP.Connection.Close close = raw.await(AMQP.Connection.Close.class);
            assertThat(close.getReplyCode()).isEqualTo(AMQP.NOT_ALLOWED);
        }
    }

    @Test
    void channelsMayBeOpenedAndClosedManyTimes() throws Exception {
        for (int i = 0; i < 300; i++) {
            Channel one = connection.createChannel(7);
            String queue = one.queueDeclare().getQueue();
            one.basicPublish("", queue, null, bytes("m"));
            one.basicGet(queue, false);
            one.close();
        }
    }

    @Test
    void silenceEndsAConnectionAndHeartbeatsKeepIt() throws Exception {
        // Long enough that a client whose threads stand still for a while is not taken for one that is gone.
        int intervalSeconds = 3;
        ConnectionFactory factory = broker.factory();
        factory.setRequestedHeartbeat(intervalSeconds);
        Connection beating = AmqpUnderTest.connect(factory);
        Connection ceasing = AmqpUnderTest.connect(factory);
        assertThat(beating.getHeartbeat()).isEqualTo(intervalSeconds);
        ((AMQConnection) ceasing).setHeartbeat(0);
        long start = System.nanoTime();
        try (RawAmqp silent = RawAmqp.opened(broker, 2047, 131_072, intervalSeconds)) {
            assertThat(silent.read().getType()).as("its own heartbeat").isEqualTo(AMQP.FRAME_HEARTBEAT);
            assertThat(silent.isClosedByBroker()).isTrue();
            assertThat(System.nanoTime() - start).isGreaterThan(intervalSeconds * 1_000_000_000L);
            Awaitility.await().atMost(PATIENCE).until(() -> !ceasing.isOpen());
            assertThat(beating.isOpen()).isTrue();
        } finally {
            beating.abort();
        }
    }

    @Test
    void theClientsNameAndPropertiesAreTaken() throws Exception {
        ConnectionFactory factory = broker.factory();
        Map<String, Object> properties = new HashMap<>(AMQConnection.defaultClientProperties());
        properties.put("deep", Map.of("list", List.of(1, "two", Map.of("three", 3L))));
        factory.setClientProperties(properties);
        try (Connection named = factory.newConnection("a name of its own")) {
            assertThat(named.isOpen()).isTrue();
        }
    }

    @Test
    void closingIsAnswered() throws Exception {
        Connection other = broker.connect();
        other.createChannel().queueDeclare();
        other.close(200, "bye", (int) PATIENCE.toMillis());
        assertThat(other.isOpen()).isFalse();
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.send(
                    0,
                    new AMQP.Connection.Close.Builder()
                            .replyCode(200)
                            .replyText("bye")
                            .build());
            raw.await(AMQP.Connection.CloseOk.class);
        }
    }

    /** Passwords do not expire: RabbitMQ takes any secret for users of its own, and clients' tests give it one. */
    @Test
    void aNewSecretIsTakenFromAUserWithAPassword() throws Exception {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            for (String secret : List.of("guest", "another")) {
                raw.send(0, updateSecret(secret));
                raw.await(AMQP.Connection.UpdateSecretOk.class);
                raw.send(1, new AMQP.Basic.Qos.Builder().build());
                raw.await(AMQP.Basic.QosOk.class);
            }
        }
    }

    private static AMQP.Connection.UpdateSecret updateSecret(String secret) {
        return new AMQP.Connection.UpdateSecret.Builder()
                .newSecret(LongStringHelper.asLongString(secret))
                .reason("renewed")
                .build();
    }

    @Test
    void aVirtualHostTakesSoManyConnections() throws IOException {
        Management management = new Management(broker);
        String vhost = unique("limited");
        management.put("{}", "vhosts", vhost);
        try {
            management.put("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", "permissions", vhost, "guest");
            management.put("{\"value\":{\"max-connections\":1}}", "parameters", "vhost-limits", vhost, "limits");
            ConnectionFactory factory = broker.factory();
            factory.setVirtualHost(vhost);
            Connection first = AmqpUnderTest.connect(factory);
            assertThatThrownBy(() -> AmqpUnderTest.connect(factory))
                    .hasStackTraceContaining("NOT_ALLOWED - access to vhost '" + vhost
                            + "' refused for user 'guest': connection limit (1) is reached");
            first.close();
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> AmqpUnderTest.connect(factory)
                    .close());
        } finally {
            management.delete("vhosts", vhost);
        }
    }

    @Test
    void anOperatorSeesConnectionsAndClosesThem() throws Exception {
        Management management = new Management(broker);
        String own = connection.getAddress().getHostAddress() + ":";
        channel.basicQos(7);
        String listed = Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> management.get("connections"), list -> list.contains(own + localPort()));
        assertThat(listed).contains("AMQP 0-9-1").contains("\"user\":\"guest\"");
        String name = own + localPort() + " -> " + own + broker.port();
        assertThat(management.get("connections", name, "channels")).contains("\"prefetch_count\":7");
        management.delete("connections", name);
        Refusal closed = Refusal.awaitClose(connection);
        assertThat(closed.code()).isEqualTo(AMQP.CONNECTION_FORCED);
        assertThat(closed.closedConnection()).isTrue();
    }

    private int localPort() {
        return ((AMQConnection) connection).getLocalPort();
    }
}
