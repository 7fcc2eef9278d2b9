package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Consumers among themselves: tags, exclusivity, priorities, single active consumer, and their ends. */
class ConsumerTest extends AmqpTest {
    ConsumerTest(AmqpUnderTest broker) {
        super(broker);
    }

    @Test
    void aTagIsOneConsumersPerChannel() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        assertThat(channel.basicConsume(queue, true, "mine", new Inbox(channel)))
                .isEqualTo("mine");
        Channel other = connection.createChannel();
        assertThat(other.basicConsume(queue, true, "mine", new Inbox(other))).isEqualTo("mine");
        Refusal refusal = refused(() -> channel.basicConsume(queue, true, "mine", new Inbox(channel)));
        assertThat(refusal)
                .isEqualTo(new Refusal(AMQP.NOT_ALLOWED, "NOT_ALLOWED - attempt to reuse consumer tag 'mine'", true));
    }

    @Test
    void aCancelledTagMayBeUsedAgain() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        for (int i = 0; i < 3; i++) {
            Inbox inbox = new Inbox(channel);
            channel.basicConsume(queue, true, "again", inbox);
            publish(queue, "" + i);
            assertThat(inbox.nextText()).isEqualTo("" + i);
            channel.basicCancel("again");
        }
    }

    @Test
    void anExclusiveConsumerIsAlone() throws IOException {
        String queue = queue(Map.of());
        String tag = channel.basicConsume(queue, true, "", false, true, null, new Inbox(channel));
        Channel other = connection.createChannel();
        Refusal second = Refusal.of(other, () -> other.basicConsume(queue, true, new Inbox(other)));
        assertThat(second.code()).isEqualTo(AMQP.ACCESS_REFUSED);
        assertThat(second.text()).isEqualTo("ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use");
        channel.basicCancel(tag);
        channel.basicConsume(queue, true, new Inbox(channel));
        Channel third = connection.createChannel();
        Refusal late =
                Refusal.of(third, () -> third.basicConsume(queue, true, "", false, true, null, new Inbox(third)));
        assertThat(late.code()).isEqualTo(AMQP.ACCESS_REFUSED);
    }

    @Test
    void argumentsThatAQueueDoesNotTakeAreRefused() throws IOException {
        String queue = queue(Map.of());
        Refusal priority =
                refused(() -> channel.basicConsume(queue, true, Map.of("x-priority", "1"), new Inbox(channel)));
        assertThat(priority)
                .isEqualTo(new Refusal(
                        AMQP.PRECONDITION_FAILED,
                        "PRECONDITION_FAILED - invalid arg 'x-priority' for queue '" + queue
                                + "' in vhost '/': \"expected integer, got longstr\"",
                        false));
        Channel other = connection.createChannel();
        Refusal offset = Refusal.of(
                other, () -> other.basicConsume(queue, true, Map.of("x-stream-offset", "first"), new Inbox(other)));
        assertThat(offset)
                .isEqualTo(new Refusal(
                        AMQP.PRECONDITION_FAILED,
                        "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue '" + queue
                                + "' in vhost '/' of queue type rabbit_classic_queue",
                        false));
    }

    @Test
    void theManagementApiNamesTheConsumerThatIsAlone() throws IOException {
        Management management = new Management(broker);
        String exclusive = queue(Map.of());
        String single = queue(Map.of("x-single-active-consumer", true));
        channel.basicConsume(exclusive, true, "alone", false, true, null, new Inbox(channel));
        channel.basicConsume(single, true, "first", new Inbox(channel));
        channel.basicConsume(single, true, "second", new Inbox(channel));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                        management.get("queues", "/", exclusive))
                .contains("\"exclusive_consumer_tag\":\"alone\""));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                        management.get("queues", "/", single))
                .contains("\"single_active_consumer_tag\":\"first\""));
    }

    @Test
    void consumersTakeTurns() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox first = new Inbox(channel);
        Inbox second = new Inbox(channel);
        channel.basicConsume(queue, true, first);
        channel.basicConsume(queue, true, second);
        for (int i = 0; i < 20; i++) {
            publish(queue, "" + i);
        }
        Awaitility.await().atMost(PATIENCE).until(() -> first.waiting() + second.waiting() == 20);
        assertThat(first.waiting()).isBetween(5, 15);
    }

    @Test
    void thePriorityOfAConsumerIsANumber() throws IOException {
        String queue = queue(Map.of());
        for (@Nullable Object wrong : new Object[] {"banana", Map.of(), null, List.of(1, 2, 3)}) {
            Refusal refusal =
                    refused(() -> channel.basicConsume(queue, true, table("x-priority", wrong), new Inbox(channel)));
            assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        }
        channel.basicConsume(queue, true, table("x-priority", 10L), new Inbox(channel));
    }

    @Test
    void theHighestPriorityIsServedFirst() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox high = new Inbox(channel);
        Inbox middle = new Inbox(channel);
        Inbox low = new Inbox(channel);
        String highTag = channel.basicConsume(queue, true, table("x-priority", 1), high);
        String middleTag = channel.basicConsume(queue, true, middle);
        channel.basicConsume(queue, true, table("x-priority", -1), low);
        publish(queue, "1", "2", "3");
        assertThat(Inbox.texts(high.exactly(3))).containsExactly("1", "2", "3");
        channel.basicCancel(highTag);
        publish(queue, "4", "5");
        assertThat(Inbox.texts(middle.exactly(2))).containsExactly("4", "5");
        channel.basicCancel(middleTag);
        publish(queue, "6");
        assertThat(Inbox.texts(low.exactly(1))).containsExactly("6");
    }

    @Test
    void whatWasPublishedBeforeACancelStillGoesToTheConsumer() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox later = new Inbox(channel);
        channel.basicConsume(queue, true, table("x-priority", -1), later);
        for (int i = 0; i < 20; i++) {
            Inbox earlier = new Inbox(channel);
            String tag = channel.basicConsume(queue, true, earlier);
            publish(queue, "1", "2", "3");
            channel.basicCancel(tag);
            publish(queue, "4");
            assertThat(Inbox.texts(earlier.take(3))).containsExactly("1", "2", "3");
            assertThat(later.nextText()).isEqualTo("4");
        }
    }

    @Test
    void whatAnAcknowledgementMadeRoomForIsDeliveredBeforeACancel() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        for (int i = 0; i < 10; i++) {
            publish(queue, "" + i);
        }
        channel.basicQos(5);
        Inbox inbox = new Inbox(channel);
        String tag = channel.basicConsume(queue, false, inbox);
        List<Delivery> first = inbox.take(5);
        channel.basicAck(Inbox.tag(first.get(0)), false);
        channel.basicAck(Inbox.tag(first.get(1)), false);
        channel.basicCancel(tag);
        assertThat(Inbox.texts(inbox.exactly(2))).containsExactly("5", "6");
        assertThat(take(queue)).isEqualTo("7");
    }

    @Test
    void theBrokerNamesConsumersAsRabbitMqDoes() throws IOException {
        assertThat(channel.basicConsume(queue(), true, new Inbox(channel))).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
    }

    @Test
    void aPriorityGivesWayWhenItsPrefetchIsUsedUp() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox high = new Inbox(channel);
        Inbox low = new Inbox(channel);
        channel.basicQos(2);
        channel.basicConsume(queue, false, table("x-priority", 5), high);
        channel.basicConsume(queue, true, low);
        publish(queue, "1", "2", "3", "4");
        assertThat(Inbox.texts(high.take(2))).containsExactly("1", "2");
        assertThat(Inbox.texts(low.take(2))).containsExactly("3", "4");
        channel.basicAck(0, true);
        publish(queue, "5");
        assertThat(high.nextText()).isEqualTo("5");
    }

    @Test
    void aSingleActiveConsumerIsFollowedByTheNext() throws IOException, InterruptedException {
        String queue = queue(table("x-single-active-consumer", true));
        Inbox first = new Inbox(channel);
        Inbox second = new Inbox(channel);
        String firstTag = channel.basicConsume(queue, true, first);
        channel.basicConsume(queue, true, second);
        publish(queue, "1", "2", "3");
        assertThat(Inbox.texts(first.exactly(3))).containsExactly("1", "2", "3");
        channel.basicCancel(firstTag);
        publish(queue, "4");
        assertThat(second.nextText()).isEqualTo("4");
        Refusal refusal = refused(() -> channel.basicConsume(queue, true, "", false, true, null, new Inbox(channel)));
        assertThat(refusal.code()).isEqualTo(AMQP.ACCESS_REFUSED);
    }

    @Test
    void deletingItsQueueCancelsAConsumer() throws Exception {
        String queue = queue(Map.of());
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, inbox);
        channel.queueDelete(queue);
        inbox.assertCancelledByBroker();

        // What is called then may itself ask the broker.
        String next = queue(Map.of());
        String fallback = unique("fallback");
        CompletableFuture<String> declared = new CompletableFuture<>();
        channel.basicConsume(next, new DefaultConsumer(channel) {
            @Override
            public void handleCancel(String consumerTag) throws IOException {
                declared.complete(getChannel()
                        .queueDeclare(fallback, false, true, false, null)
                        .getQueue());
            }
        });
        channel.queueDelete(next);
        assertThat(declared.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(fallback);
    }

    @Test
    void aConsumerIsToldOfItsChannelsEnd() throws Exception {
        Channel closing = connection.createChannel();
        Inbox inbox = new Inbox(closing);
        closing.basicConsume(queue(), inbox);
        closing.close();
        inbox.assertShutdown();
    }

    @Test
    void cancellingAnUnknownTagIsNoError() throws IOException {
        // The client refuses tags that it does not know, so the second cancel goes by the method itself.
        AMQP.Basic.CancelOk ok = (AMQP.Basic.CancelOk) channel.rpc(
                        new AMQP.Basic.Cancel.Builder().consumerTag("nobody's").build())
                .getMethod();
        assertThat(ok.getConsumerTag()).isEqualTo("nobody's");
    }

    @Test
    void aSlowConsumerGetsWhatWasPublishedMeanwhile() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox inbox = new Inbox(channel);
        channel.basicQos(10);
        channel.basicConsume(queue, false, inbox);
        int count = 500;
        for (int i = 0; i < count; i++) {
            publish(queue, "" + i);
        }
        for (int i = 0; i < count; i++) {
            var delivery = inbox.next();
            assertThat(Inbox.text(delivery)).isEqualTo("" + i);
            channel.basicAck(Inbox.tag(delivery), false);
        }
        inbox.assertNothingMore();
    }

    @Test
    void manyConsumersOnOneQueue() throws IOException {
        String queue = queue(Map.of());
        for (int i = 0; i < 500; i++) {
            channel.basicConsume(queue, true, new Inbox(channel));
        }
        assertThat(channel.consumerCount(queue)).isEqualTo(500);
        reopenChannel();
        Awaitility.await().atMost(PATIENCE).until(() -> channel.consumerCount(queue) == 0);
    }

    @Test
    void aConsumerThatHoldsAMessageTooLongIsCancelled() throws Exception {
        String queue = queue(table("x-consumer-timeout", 300));
        CountDownLatch cancelled = new CountDownLatch(1);
        channel.basicConsume(queue, false, (tag, message) -> {}, tag -> cancelled.countDown());
        publish(queue, "held");
        assertThat(cancelled.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(text(awaitMessage(queue))).isEqualTo("held");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aClientThatKnowsNoCancellationLosesItsChannelInstead() throws Exception {
        String queue = unique("timeout");
        channel.queueDeclare(queue, false, false, false, table("x-consumer-timeout", 300));
        ConnectionFactory factory = broker.factory();
        factory.setClientProperties(Map.of("capabilities", Map.of()));
        try (Connection plain = AmqpUnderTest.connect(factory)) {
            Channel consuming = plain.createChannel();
            consuming.basicConsume(queue, false, (tag, message) -> {}, tag -> {});
            publish(queue, "held");
            Awaitility.await().atMost(PATIENCE).until(() -> !consuming.isOpen());
            assertThat(Refusal.of(consuming.getCloseReason()))
                    .isEqualTo(new Refusal(
                            406,
                            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: "
                                    + "300 ms. This timeout value can be configured, see consumers doc guide to learn"
                                    + " more",
                            false));
        }
        assertThat(text(awaitMessage(queue))).isEqualTo("held");
        channel.queueDelete(queue);
    }

    @Test
    void aTimeoutOfNothingIsRefused() throws IOException {
        assertRefused(406, () -> queue(table("x-consumer-timeout", 0)));
        String queue = queue(table());
        assertRefused(
                406,
                () -> channel.basicConsume(
                        queue, false, "", false, false, table("x-consumer-timeout", 0), new Inbox(channel)));
    }
}
