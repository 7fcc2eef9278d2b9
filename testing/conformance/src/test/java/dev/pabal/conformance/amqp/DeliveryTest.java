package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Getting, acknowledging, rejecting and having back: each message's way between a queue and those who take from it. */
class DeliveryTest extends AmqpTest {
    DeliveryTest(AmqpUnderTest broker) {
        super(broker);
    }

    private void assertMessage(GetResponse response, String body, boolean redelivered) {
        assertThat(text(response)).isEqualTo(body);
        assertThat(response.getEnvelope().isRedeliver()).as("redelivered").isEqualTo(redelivered);
    }

    private void assertMessage(Delivery delivery, String body, boolean redelivered) {
        assertThat(Inbox.text(delivery)).isEqualTo(body);
        assertThat(delivery.getEnvelope().isRedeliver()).as("redelivered").isEqualTo(redelivered);
    }

    @Test
    void gettingTellsWhatIsLeftAndWhereItCameFrom() throws IOException {
        String queue = queue();
        assertThat(channel.basicGet(queue, true)).isNull();
        channel.queueBind(queue, "amq.direct", queue + ".key");
        publishTo("amq.direct", queue + ".key", "1", "2", "3");
        GetResponse first = get(queue);
        assertMessage(first, "1", false);
        assertThat(first.getMessageCount()).isEqualTo(2);
        assertThat(first.getEnvelope().getExchange()).isEqualTo("amq.direct");
        assertThat(first.getEnvelope().getRoutingKey()).isEqualTo(queue + ".key");
        assertThat(get(queue).getMessageCount()).isEqualTo(1);
        channel.queuePurge(queue);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void deliveryTagsCountUpPerChannel() throws IOException, InterruptedException {
        String queue = queue();
        publish(queue, "1", "2", "3", "4");
        assertThat(tag(get(queue))).isEqualTo(1);
        assertThat(tag(channel.basicGet(queue, true))).isEqualTo(2);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, true, inbox);
        assertThat(inbox.take(2)).extracting(Inbox::tag).containsExactly(3L, 4L);
        Channel other = connection.createChannel();
        publish(queue, "5");
        assertThat(inbox.nextText()).isEqualTo("5");
        other.basicRecover(true);
        assertThat(channel.messageCount(queue)).isZero();
    }

    @Test
    void aClosedChannelTakesNoMore() throws Exception {
        String queue = queue();
        channel.close();
        Assertions.assertThatThrownBy(() -> channel.basicGet(queue, true))
                .isInstanceOf(AlreadyClosedException.class)
                .hasMessageStartingWith("channel is already closed due to clean channel shutdown");
        channel = connection.createChannel();
        Channel failing = channel;
        refused(() -> channel.queueDeclarePassive(unique("missing")));
        Assertions.assertThatThrownBy(() -> failing.queueDeclarePassive(queue))
                .isInstanceOf(AlreadyClosedException.class)
                .hasMessageStartingWith("channel is already closed due to channel error");
        channel.queueDelete(queue);
    }

    @Test
    void aConsumerGetsWhatWaitedAndWhatComes() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        publish(queue, "1", "2");
        Inbox inbox = new Inbox(channel);
        String consumer = channel.basicConsume(queue, inbox);
        assertThat(consumer).startsWith("amq.ctag-");
        assertThat(Inbox.texts(inbox.take(2))).containsExactly("1", "2");
        publish(queue, "3");
        assertMessage(inbox.next(), "3", false);
        channel.basicCancel(consumer);
        inbox.assertCancelOk();
        publish(queue, "4");
        inbox.assertNothingMore();
        assertThat(take(queue)).isEqualTo("4");
    }

    @Test
    void cancellingKeepsWhatIsInFlightAndClosingGivesItBack() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        publish(queue, "1");
        Inbox inbox = new Inbox(channel);
        String consumer = channel.basicConsume(queue, false, inbox);
        inbox.next();
        channel.basicCancel(consumer);
        assertThat(take(queue)).isNull();
        reopenChannel();
        assertMessage(get(queue), "1", true);
    }

    @Test
    void acknowledgingDeliveriesOfACancelledConsumerWorks() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        publish(queue, "1");
        Inbox inbox = new Inbox(channel);
        String consumer = channel.basicConsume(queue, false, inbox);
        Delivery delivery = inbox.next();
        channel.basicCancel(consumer);
        channel.basicAck(Inbox.tag(delivery), false);
        reopenChannel();
        assertThat(take(queue)).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectingGivesBackOrDrops(boolean nack) throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Channel secondary = connection.createChannel();
        publish(queue, "1", "2");
        long first = tag(get(queue));
        long second = tag(get(queue));
        Inbox inbox = new Inbox(secondary);
        String consumer = secondary.basicConsume(queue, false, inbox);
        reject(channel, nack, second, true);
        Delivery again = inbox.next();
        assertMessage(again, "2", true);
        secondary.basicCancel(consumer);
        reject(secondary, nack, Inbox.tag(again), false);
        secondary.basicQos(0);
        assertThat(channel.basicGet(queue, false)).isNull();
        channel.basicAck(first, false);
        assertRefused(AMQP.PRECONDITION_FAILED, () -> reject(channel, nack, Inbox.tag(again), nack));
    }

    private static void reject(Channel channel, boolean nack, long tag, boolean requeue) throws IOException {
        if (nack) {
            channel.basicNack(tag, false, requeue);
        } else {
            channel.basicReject(tag, requeue);
        }
    }

    @Test
    void rejectingSeveralLeavesOutWhatWasAcknowledged() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Channel secondary = connection.createChannel();
        publish(queue, "1", "2", "3", "4");
        get(queue);
        long second = tag(get(queue));
        get(queue);
        long fourth = tag(get(queue));
        channel.basicAck(second, false);
        Inbox inbox = new Inbox(secondary);
        String consumer = secondary.basicConsume(queue, false, inbox);
        channel.basicNack(fourth, true, true);
        List<Delivery> back = inbox.exactly(3);
        assertThat(Inbox.texts(back)).containsExactlyInAnyOrder("1", "3", "4");
        assertThat(back).allMatch(delivery -> delivery.getEnvelope().isRedeliver());
        secondary.basicCancel(consumer);
        long last = Inbox.tag(back.get(2));
        secondary.basicNack(last, true, false);
        secondary.basicQos(0);
        assertThat(channel.basicGet(queue, false)).isNull();
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicNack(last, true, true));
    }

    @Test
    void tagZeroWithMultipleMeansAll() throws IOException {
        String queue = queue(Map.of());
        publish(queue, "1", "2", "3");
        get(queue);
        get(queue);
        channel.basicNack(0, true, true);
        assertMessage(get(queue), "1", true);
        assertMessage(get(queue), "2", true);
        assertMessage(get(queue), "3", false);
        channel.basicAck(0, true);
        reopenChannel();
        assertThat(take(queue)).isNull();
        channel.basicAck(0, true);
        channel.basicQos(0);
    }

    @Test
    void whatIsGivenBackReturnsToItsPlace() throws IOException {
        String queue = queue();
        publish(queue, "1", "2", "3", "4");
        get(queue);
        long second = tag(get(queue));
        get(queue);
        channel.basicReject(second, true);
        assertMessage(get(queue), "2", true);
        assertMessage(get(queue), "4", false);
        channel.basicRecover(true);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            order.add(take(queue));
        }
        assertThat(order).containsExactly("1", "2", "3", "4");
    }

    @Test
    void tagsThatAreNotInFlightAreRefused() throws IOException {
        String queue = queue(Map.of());
        publish(queue, "1");
        long tag = tag(get(queue));
        channel.basicAck(tag, false);
        assertThat(refused(() -> channel.basicAck(tag, false)))
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - unknown delivery tag 1", false));
        assertThat(refused(() -> channel.basicAck(123456, false)))
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - unknown delivery tag 123456", false));
        assertRefused(406, () -> channel.basicAck(123456, true));
        assertRefused(406, () -> channel.basicReject(7, true));
        assertRefused(406, () -> channel.basicAck(0, false));
        publish(queue, "2");
        channel.basicGet(queue, true);
        assertRefused(406, () -> channel.basicAck(1, false));
    }

    @Test
    void anotherChannelsTagsAreUnknown() throws IOException {
        String queue = queue(Map.of());
        publish(queue, "1");
        long tag = tag(get(queue));
        Channel other = connection.createChannel();
        assertThat(Refusal.of(other, () -> other.basicAck(tag, false)).code()).isEqualTo(406);
        channel.basicAck(tag, false);
        channel.basicQos(0);
    }

    @Test
    void recoveringGivesBackAllOfTheChannel() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, false, inbox);
        publish(queue, "1");
        assertMessage(inbox.next(), "1", false);
        channel.basicRecover(true);
        assertMessage(inbox.next(), "1", true);
        channel.basicRecover();
        assertMessage(inbox.next(), "1", true);
    }

    @Test
    void whatWasTakenForGoodIsNotRecovered() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, true, inbox);
        publish(queue, "1");
        inbox.next();
        channel.basicRecover(true);
        assertThat(take(queue)).isNull();
        inbox.assertNothingMore();
    }

    @Test
    void recoveringWithoutRequeueIsNotImplemented() throws IOException {
        Refusal refusal = refused(() -> channel.basicRecover(false));
        assertThat(refusal.code()).isEqualTo(AMQP.NOT_IMPLEMENTED);
        assertThat(refusal.closedConnection()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingGivesBackWhatWasNotAcknowledged(boolean wholeConnection) throws Exception {
        String queue = unique("requeue");
        channel.queueDeclare(queue, true, false, false, null);
        publish(queue, "acknowledged", "not");
        channel.basicAck(tag(get(queue)), false);
        get(queue);
        closeAndReopen(wholeConnection);
        assertMessage(get(queue), "not", true);
        closeAndReopen(wholeConnection);
        assertThat(take(queue)).isEqualTo("not");
        assertThat(take(queue)).isNull();
        channel.queueDelete(queue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingInTheMidstOfDeliveriesLosesNothingAndDoublesNothing(boolean wholeConnection) throws Exception {
        String queue = unique("requeue");
        int count = 2_000;
        int acknowledged = 20;
        channel.queueDeclare(queue, true, false, false, null);
        for (boolean cancel : new boolean[] {false, true}) {
            for (int i = 0; i < count; i++) {
                publish(queue, "in flight " + i);
            }
            Inbox inbox = new Inbox(channel);
            String consumer = channel.basicConsume(queue, inbox);
            for (Delivery delivery : inbox.take(acknowledged)) {
                channel.basicAck(Inbox.tag(delivery), false);
            }
            if (cancel) {
                channel.basicCancel(consumer);
            }
            closeAndReopen(wholeConnection);
            List<String> rest = new ArrayList<>();
            String text;
            while ((text = take(queue)) != null) {
                rest.add(text);
            }
            assertThat(rest).hasSize(count - acknowledged).doesNotHaveDuplicates();
        }
        channel.queueDelete(queue);
    }

    private void closeAndReopen(boolean wholeConnection) throws IOException {
        if (wholeConnection) {
            Connection old = connection;
            old.abort();
            connection = broker.connect();
            channel = connection.createChannel();
        } else {
            reopenChannel();
        }
    }

    @Test
    void effectsOnOneChannelAreSeenInTheirOrder() throws IOException {
        String exchange = unique("fanout");
        channel.exchangeDeclare(exchange, "fanout", false, true, null);
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String queue = queue();
            channel.queueBind(queue, exchange, "");
            queues.add(queue);
        }
        for (int batch = 0; batch < 50; batch++) {
            publishTo(exchange, "", "1", "2", "3", "4", "5");
            for (String queue : queues) {
                assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(5);
            }
        }
    }
}
