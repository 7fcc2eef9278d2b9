package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client sends: RabbitMQ's reply code, that connection or channel closed, and the others not disturbed. */
class BadFramesTest extends AmqpTest {
    private static final int METHOD = AMQP.FRAME_METHOD;
    private static final int END = AMQP.FRAME_END;

    BadFramesTest(AmqpUnderTest broker) {
        super(broker);
    }

    @AfterEach
    void othersAreServed() throws IOException {
        String queue = queue();
        publish(queue, "still there");
        GetResponse response = get(queue);
        assertThat(text(response)).isEqualTo("still there");
    }

    private void assertConnectionClosed(RawAmqp raw, int code) throws IOException {
        AMQP.Connection.Close close = raw.await(AMQP.Connection.Close.class);
        assertThat(close.getReplyCode()).as(close.getReplyText()).isEqualTo(code);
        raw.send(0, new AMQP.Connection.CloseOk.Builder().build());
        assertThat(raw.isClosedByBroker()).isTrue();
    }

    /** Where RabbitMQ gives up without a word, a reply code is asked of ours only. */
    private void assertEnds(RawAmqp raw, Integer... codes) throws IOException {
        int code = raw.awaitClose();
        if (code >= 0 || !broker.isOracle()) {
            assertThat(code).isIn((Object[]) codes);
        }
    }

    /** A method frame's payload: class, method, and what follows. */
    private static byte[] method(int classId, int methodId, int... arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeShort(classId);
        data.writeShort(methodId);
        for (int octet : arguments) {
            data.writeByte(octet);
        }
        return bytes.toByteArray();
    }

    @Test
    void aContentHeaderIsDue() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, "k");
            raw.frame(AMQP.FRAME_BODY, 1, bytes("body"));
            assertConnectionClosed(raw, AMQP.UNEXPECTED_FRAME);
        }
    }

    @Test
    void aMethodIsDue() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.contentHeader(1, 60, 5, new byte[2]);
            assertConnectionClosed(raw, AMQP.UNEXPECTED_FRAME);
        }
    }

    @Test
    void aBodyIsDue() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, "k");
            raw.contentHeader(1, 60, 5, new byte[2]);
            raw.send(1, new AMQP.Basic.Qos.Builder().build());
            assertConnectionClosed(raw, AMQP.UNEXPECTED_FRAME);
        }
    }

    @Test
    void aHeaderIsOfItsMethodsClass() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, "k");
            raw.contentHeader(1, 0x0C22, 5, new byte[2]);
            assertConnectionClosed(raw, AMQP.UNEXPECTED_FRAME);
        }
    }

    @Test
    void aHeartbeatIsOfNoChannel() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.frame(AMQP.FRAME_HEARTBEAT, 1, new byte[0]);
            assertConnectionClosed(raw, AMQP.UNEXPECTED_FRAME);
        }
    }

    @Test
    void contentMayNotComeOnChannelZero() throws IOException {
        try (RawAmqp raw = RawAmqp.opened(broker)) {
            raw.contentHeader(0, 60, 5, new byte[2]);
            assertEnds(raw, AMQP.COMMAND_INVALID, AMQP.UNEXPECTED_FRAME);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 9, 255})
    void aFrameOfAnUnknownTypeIsAFrameError(int type) throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.frame(type, 1, 4, bytes("abcd"), END);
            assertConnectionClosed(raw, AMQP.FRAME_ERROR);
        }
    }

    @Test
    void aFrameEndsWithItsOctet() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.frame(METHOD, 1, 4, method(60, 10), 0);
            assertConnectionClosed(raw, AMQP.FRAME_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {131_065, 1 << 24, Integer.MAX_VALUE, -1})
    void aFrameBeyondTheAgreedSizeIsAFrameError(int length) throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            // RabbitMQ lets a frame be eight octets too long, for clients that count otherwise.
            int announced = length == 131_065 ? 131_073 : length;
            raw.frame(AMQP.FRAME_BODY, 1, announced, new byte[16], END);
            assertConnectionClosed(raw, AMQP.FRAME_ERROR);
        }
    }

    /** A socket that is closed with unread bytes in it is reset, and the client does not learn why. */
    @Test
    void aFrameBeyondTheAgreedSizeIsReadOnUntilTheClientKnows() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawAmqp raw = RawAmqp.withChannel(broker)) {
                raw.publish(1, "k");
                raw.contentHeader(1, 60, 500_000, new byte[2]);
                raw.frame(AMQP.FRAME_BODY, 1, new byte[500_000]);
                raw.frame(AMQP.FRAME_HEARTBEAT, 0, new byte[0]);
                assertConnectionClosed(raw, AMQP.FRAME_ERROR);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9_000, 131_072, 1 << 24, Integer.MAX_VALUE, -1})
    void aLargeFrameBeforeTuningClosesTheConnection(int length) throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.write(RawAmqp.HEADER);
            raw.await(AMQP.Connection.Start.class);
            raw.frame(METHOD, 0, length, new byte[16], END);
            assertThat(raw.isClosedByBroker()).isTrue();
        }
    }

    @Test
    void largeClientPropertiesCloseTheConnection() throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.write(RawAmqp.HEADER);
            raw.await(AMQP.Connection.Start.class);
            raw.send(
                    0, RawAmqp.startOk("PLAIN", "\0guest\0guest", Map.of("too_long", "x".repeat(AMQP.FRAME_MIN_SIZE))));
            assertThat(raw.isClosedByBroker()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"60,999", "999,10", "0,0", "65535,65535", "10,9"})
    void anUnknownMethodClosesTheConnection(int classId, int methodId) throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            byte[] payload = method(classId, methodId);
            raw.frame(METHOD, 1, payload.length, payload, END);
            assertEnds(raw, AMQP.COMMAND_INVALID, AMQP.NOT_IMPLEMENTED, AMQP.SYNTAX_ERROR);
        }
    }

    @Test
    void aMethodThatOnlyBrokersSendClosesTheConnection() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.send(
                    1,
                    new AMQP.Queue.DeclareOk.Builder()
                            .queue("q")
                            .messageCount(0)
                            .consumerCount(0)
                            .build());
            assertEnds(raw, AMQP.COMMAND_INVALID, AMQP.UNEXPECTED_FRAME);
        }
    }

    /** A queue.declare of a queue named q with these octets as its arguments. */
    private static byte[] declare(byte[] table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(method(50, 10, 0, 0, 1, 'q', 0));
        bytes.write(table);
        return bytes.toByteArray();
    }

    private void assertTableRefused(byte[] table) throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            byte[] payload = declare(table);
            raw.frame(METHOD, 1, payload.length, payload, END);
            assertEnds(raw, AMQP.SYNTAX_ERROR, AMQP.FRAME_ERROR);
        }
    }

    @Test
    void fieldTablesAnnouncedBeyondTheirBytesAreRefused() throws IOException {
        assertTableRefused(new byte[] {});
        assertTableRefused(new byte[] {0, 0});
        assertTableRefused(new byte[] {0, 0, 1, 0});
        assertTableRefused(new byte[] {0x7f, -1, -1, -1});
        assertTableRefused(new byte[] {-1, -1, -1, -1});
        assertTableRefused(new byte[] {0, 0, 0, 3, 9, 'k', 'S'});
        assertTableRefused(new byte[] {0, 0, 0, 7, 1, 'k', 'S', 0, 0, 1, 0});
        assertTableRefused(new byte[] {0, 0, 0, 7, 1, 'k', 'A', 0x7f, -1, -1, -1});
        assertTableRefused(new byte[] {0, 0, 0, 3, 1, 'k', '?'});
        assertTableRefused(new byte[] {0, 0, 0, 4, 1, 'k', 'I', 0});
    }

    @Test
    void fieldTablesInFieldTablesEndSomewhere() throws IOException {
        int depth = 10_000;
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(nested);
        for (int i = depth; i > 0; i--) {
            data.writeInt(7 * i - 4);
            data.writeByte(1);
            data.writeByte('k');
            data.writeByte('F');
        }
        // The innermost announces three octets and has them: a key and a type without a value.
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            byte[] payload = declare(nested.toByteArray());
            raw.frame(METHOD, 1, payload.length, payload, END);
            assertEnds(raw, AMQP.SYNTAX_ERROR, AMQP.FRAME_ERROR);
        }
    }

    @Test
    void propertiesThatCannotBeReadAreRefused() throws IOException {
        assumeThat(broker.isOracle())
                .as("RabbitMQ does not look into all of them")
                .isFalse();
        byte[][] wrong = {
            {},
            {(byte) 0x80},
            {(byte) 0x80, 0},
            {(byte) 0x80, 0, 50, 'x'},
            {0x20, 0, 0, 0, 1, 0},
            {0x20, 0, 0x7f, -1, -1, -1},
            {0, 1, 0},
        };
        for (byte[] properties : wrong) {
            try (RawAmqp raw = RawAmqp.withChannel(broker)) {
                raw.publish(1, "k");
                raw.contentHeader(1, 60, 0, properties);
                assertEnds(raw, AMQP.SYNTAX_ERROR, AMQP.FRAME_ERROR);
            }
        }
    }

    @Test
    void aBodyBeyondTheLargestMessageIsRefused() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, "k");
            raw.contentHeader(1, 60, Long.MAX_VALUE, new byte[2]);
            raw.frame(AMQP.FRAME_BODY, 1, new byte[100]);
            if (broker.isOracle()) {
                return; // RabbitMQ waits for the body.
            }
            AMQP.Channel.Close close = raw.await(AMQP.Channel.Close.class);
            assertThat(close.getReplyCode()).isEqualTo(AMQP.PRECONDITION_FAILED);
        }
    }

    @Test
    void aBodyLongerThanAnnouncedClosesTheConnection() throws IOException {
        assumeThat(broker.isOracle()).as("RabbitMQ goes on waiting").isFalse();
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, "k");
            raw.contentHeader(1, 60, 5, new byte[2]);
            raw.frame(AMQP.FRAME_BODY, 1, bytes("0123456789"));
            assertEnds(raw, AMQP.FRAME_ERROR, AMQP.UNEXPECTED_FRAME, AMQP.SYNTAX_ERROR);
        }
    }

    @Test
    void channelsAreOpenedFirstAndOnce() throws IOException {
        try (RawAmqp raw = RawAmqp.opened(broker)) {
            raw.send(3, new AMQP.Basic.Qos.Builder().build());
            assertConnectionClosed(raw, AMQP.CHANNEL_ERROR);
        }
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.send(1, new AMQP.Channel.Open.Builder().build());
            assertConnectionClosed(raw, AMQP.CHANNEL_ERROR);
        }
    }

    @Test
    void whatComesAfterAChannelsErrorIsPassedOver() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.send(
                    1,
                    new AMQP.Queue.Declare.Builder()
                            .queue("missing-" + System.nanoTime())
                            .passive()
                            .build());
            raw.publish(1, "k");
            raw.contentHeader(1, 60, 1, new byte[2]);
            raw.frame(AMQP.FRAME_BODY, 1, bytes("x"));
            raw.send(1, new AMQP.Basic.Qos.Builder().build());
            assertThat(raw.await(AMQP.Channel.Close.class).getReplyCode()).isEqualTo(AMQP.NOT_FOUND);
            raw.send(1, new AMQP.Channel.CloseOk.Builder().build());
            raw.openChannel(1);
        }
    }

    /** A client that closes a channel while the broker does answers the broker's close all the same. */
    @Test
    void bothSidesMayCloseAChannelAtOnce() throws IOException {
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            String missing = "missing-" + System.nanoTime();
            raw.send(
                    1, new AMQP.Queue.Declare.Builder().queue(missing).passive().build());
            raw.send(1, new AMQP.Channel.Close.Builder().build());
            raw.send(1, new AMQP.Channel.CloseOk.Builder().build());
            assertThat(raw.await(AMQP.Channel.Close.class).getReplyCode()).isEqualTo(AMQP.NOT_FOUND);
            raw.await(AMQP.Channel.CloseOk.class);
            raw.openChannel(1);
            raw.openChannel(2);
        }
    }

    /** The answer to a close arrives whatever the client goes on sending until it has read it. */
    @Test
    void whatComesAfterAConnectionsCloseIsReadAndPassedOver() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawAmqp raw = RawAmqp.withChannel(broker)) {
                AMQP.Connection.Close close =
                        new AMQP.Connection.Close.Builder().replyText("done").build();
                for (int j = 0; j < 50; j++) {
                    raw.send(0, close);
                }
                raw.await(AMQP.Connection.CloseOk.class);
                assertThat(raw.isClosedByBroker()).isTrue();
            }
        }
    }

    @Test
    void methodsOfTheHandshakeComeInTheirOrder() throws IOException {
        try (RawAmqp raw = new RawAmqp(broker)) {
            raw.write(RawAmqp.HEADER);
            raw.await(AMQP.Connection.Start.class);
            raw.send(0, new AMQP.Connection.Open.Builder().virtualHost("/").build());
            assertThat(raw.isClosedByBroker()).isTrue();
        }
        try (RawAmqp raw = RawAmqp.opened(broker)) {
            raw.send(0, new AMQP.Connection.TuneOk.Builder().build());
            assertConnectionClosed(raw, AMQP.CHANNEL_ERROR);
        }
    }

    @Test
    void garbageClosesItsConnection() throws IOException {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            byte[] garbage = new byte[random.nextInt(8, 300)];
            random.nextBytes(garbage);
            garbage[0] = 9; // no frame has this type, so it cannot be an innocent one
            try (RawAmqp raw = i % 2 == 0 ? new RawAmqp(broker) : RawAmqp.withChannel(broker)) {
                raw.write(garbage);
                raw.halfClose();
                assertThat(raw.isClosedByBroker())
                        .as("seed %d, attempt %d", seed, i)
                        .isTrue();
            }
        }
    }

    @Test
    void aSocketClosedInTheMidstOfAMessageLeavesNothing() throws IOException {
        String queue = unique("q");
        channel.queueDeclare(queue, false, true, false, null);
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.publish(1, queue);
            raw.contentHeader(1, 60, 10, new byte[2]);
            raw.frame(AMQP.FRAME_BODY, 1, bytes("half"));
        }
        publish(queue, "whole");
        assertThat(take(queue)).isEqualTo("whole");
        assertThat(take(queue)).isNull();
    }

    @Test
    void aConsumerThatReadsNothingHoldsNobodyUp() throws IOException, InterruptedException {
        String queue = unique("q");
        channel.queueDeclare(queue, false, false, false, null);
        try (RawAmqp raw = RawAmqp.withChannel(broker)) {
            raw.receiveBuffer(4_096);
            raw.send(1, new AMQP.Basic.Consume.Builder().queue(queue).build());
            byte[] body = new byte[50_000];
            for (int i = 0; i < 400; i++) {
                channel.basicPublish("", queue, null, body);
            }
            channel.basicQos(0);
            String other = queue(Map.of());
            Inbox inbox = new Inbox(channel);
            channel.basicConsume(other, true, inbox);
            publish(other, "served");
            assertThat(inbox.nextText()).isEqualTo("served");
        }
        awaitCount(queue, 400);
        channel.queueDelete(queue);
    }
}
