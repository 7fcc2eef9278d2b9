package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How many messages may be in flight: per consumer, and per channel. */
class PrefetchTest extends AmqpTest {
    PrefetchTest(AmqpUnderTest broker) {
        super(broker);
    }

    private void fill(String queue, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            publish(queue, "" + i);
        }
    }

    private Inbox consume(String queue, boolean autoAck) throws IOException {
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, autoAck, inbox);
        return inbox;
    }

    private void ack(List<Delivery> deliveries, boolean multiple) throws IOException {
        if (multiple) {
            channel.basicAck(Inbox.tag(deliveries.get(deliveries.size() - 1)), true);
            return;
        }
        for (Delivery delivery : deliveries) {
            channel.basicAck(Inbox.tag(delivery), false);
        }
    }

    /** The ways to make room for more. */
    enum Settling {
        ACK,
        ACK_MULTIPLE,
        NACK,
        NACK_MULTIPLE,
        NACK_REQUEUE,
        NACK_MULTIPLE_REQUEUE,
        RECOVER
    }

    @ParameterizedTest
    @EnumSource(Settling.class)
    void settlingMakesRoomForAsMany(Settling way) throws IOException, InterruptedException {
        String queue = queue(Map.of());
        fill(queue, 15);
        channel.basicQos(5);
        Inbox inbox = consume(queue, false);
        List<Delivery> first = inbox.exactly(5);
        channel.basicAck(tag(get(queue)), false);
        inbox.assertNothingMore();
        settle(way, first);
        inbox.exactly(5);
    }

    private void settle(Settling way, List<Delivery> deliveries) throws IOException {
        long last = Inbox.tag(deliveries.get(deliveries.size() - 1));
        switch (way) {
            case ACK -> ack(deliveries, false);
            case ACK_MULTIPLE -> ack(deliveries, true);
            case NACK, NACK_REQUEUE -> {
                for (Delivery delivery : deliveries) {
                    channel.basicNack(Inbox.tag(delivery), false, way == Settling.NACK_REQUEUE);
                }
            }
            case NACK_MULTIPLE -> channel.basicNack(last, true, false);
            case NACK_MULTIPLE_REQUEUE -> channel.basicNack(last, true, true);
            case RECOVER -> channel.basicRecover();
        }
    }

    @Test
    void aPrefetchThatIsNotUsedUpLetsMoreCome() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        fill(queue, 5);
        channel.basicQos(10);
        Inbox inbox = consume(queue, false);
        inbox.exactly(5);
        fill(queue, 10);
        inbox.exactly(5);
    }

    @Test
    void automaticAcknowledgementKnowsNoPrefetchAndZeroIsNoLimit() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        fill(queue, 10);
        channel.basicQos(1);
        Inbox automatic = consume(queue, true);
        automatic.exactly(10);
        String other = queue(Map.of());
        fill(other, 10);
        channel.basicQos(0);
        consume(other, false).exactly(10);
    }

    @Test
    void aPrefetchHoldsForLaterConsumersOnly() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox before = consume(queue, false);
        channel.basicQos(1);
        fill(queue, 3);
        before.exactly(3);
        String other = queue(Map.of());
        Inbox after = consume(other, false);
        fill(other, 3);
        after.exactly(1);
    }

    @Test
    void eachConsumerHasItsOwn() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        channel.basicQos(2);
        Inbox first = consume(queue, false);
        Inbox second = consume(queue, false);
        fill(queue, 10);
        first.exactly(2);
        second.exactly(2);
    }

    @Test
    void aPrefetchInBytesIsNotImplemented() throws IOException {
        Refusal refusal = refused(() -> channel.basicQos(1000, 0, false));
        assertThat(refusal)
                .isEqualTo(new Refusal(AMQP.NOT_IMPLEMENTED, "NOT_IMPLEMENTED - prefetch_size!=0 (1000)", true));
    }

    @Test
    void aChannelsLimitCountsAllItsConsumers() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        Inbox inbox = new Inbox(channel);
        for (int i = 0; i < 2; i++) {
            String queue = queue(Map.of());
            channel.basicConsume(queue, false, inbox);
            fill(queue, 2);
        }
        for (int i = 0; i < 4; i++) {
            ack(inbox.exactly(1), false);
        }
        inbox.assertNothingMore();
    }

    @Test
    void aChannelsLimitOfNoneIsNone() throws IOException, InterruptedException {
        channel.basicQos(0, true);
        String queue = queue(Map.of());
        Inbox inbox = consume(queue, false);
        fill(queue, 5);
        inbox.exactly(5);
    }

    @ParameterizedTest
    @CsvSource({"1,false", "1,true", "2,false", "2,true"})
    void aChannelsLimitIsKeptInTransactionsToo(int limit, boolean multiple) throws IOException, InterruptedException {
        channel.basicQos(limit, true);
        String queue = queue(Map.of());
        Inbox inbox = consume(queue, false);
        fill(queue, 2 * limit + 2);
        channel.txSelect();
        channel.txCommit();
        List<Delivery> first = inbox.exactly(limit);
        long gotten = tag(get(queue));
        ack(first, multiple);
        inbox.assertNothingMore();
        channel.txRollback();
        inbox.assertNothingMore();
        ack(first, true);
        channel.txCommit();
        inbox.exactly(limit);
        channel.basicAck(gotten, false);
        channel.txCommit();
        inbox.assertNothingMore();
    }

    @Test
    void aChannelsLimitMayBeRaisedLoweredAndLifted() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        String queue = queue(Map.of());
        Inbox inbox = consume(queue, false);
        fill(queue, 8);
        List<Delivery> held = new ArrayList<>(inbox.exactly(1));
        channel.basicQos(2, true);
        held.addAll(inbox.exactly(1));
        channel.basicQos(1, true);
        inbox.assertNothingMore();
        ack(held, true);
        ack(inbox.exactly(1), true);
        inbox.exactly(1);
        channel.basicQos(0, true);
        inbox.exactly(4);
    }

    @Test
    void aChannelsLimitCountsWhatWasInFlightBefore() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Inbox inbox = consume(queue, false);
        fill(queue, 1);
        inbox.exactly(1);
        channel.basicQos(2, true);
        fill(queue, 2);
        inbox.exactly(1);
    }

    @Test
    void recoveringMakesRoomInTheChannelsLimit() throws IOException, InterruptedException {
        channel.basicQos(2, true);
        String queue = queue(Map.of());
        Inbox inbox = consume(queue, false);
        fill(queue, 3);
        inbox.exactly(2);
        channel.basicRecover(true);
        inbox.exactly(2);
    }

    @Test
    void consumersComeAndGoUnderAChannelsLimit() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        String queue = queue(Map.of());
        fill(queue, 3);
        Inbox inbox = new Inbox(channel);
        for (int i = 0; i < 2; i++) {
            String tag = channel.basicConsume(queue, false, inbox);
            List<Delivery> one = inbox.exactly(1);
            channel.basicCancel(tag);
            ack(one, true);
            inbox.assertNothingMore();
        }
    }

    @Test
    void channelsHaveLimitsOfTheirOwn() throws IOException, InterruptedException {
        String queue = queue(Map.of());
        Channel other = connection.createChannel();
        channel.basicQos(1, true);
        other.basicQos(1, true);
        Inbox mine = consume(queue, false);
        Inbox others = new Inbox(other);
        other.basicConsume(queue, false, others);
        fill(queue, 5);
        ack(mine.exactly(1), true);
        other.basicAck(Inbox.tag(others.exactly(1).get(0)), true);
        mine.exactly(1);
        others.exactly(1);
    }

    @Test
    void aChannelsLimitHoldsBackWhatNeedsNoAcknowledgementToo() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        String first = queue(Map.of());
        String second = queue(Map.of());
        Inbox settling = consume(first, false);
        fill(first, 1);
        List<Delivery> held = settling.exactly(1);
        Inbox automatic = consume(second, true);
        fill(second, 3);
        automatic.assertNothingMore();
        channel.basicAck(Inbox.tag(held.get(0)), false);
        automatic.exactly(3);
        fill(second, 2);
        automatic.exactly(2);
        fill(first, 1);
        settling.exactly(1);
        // What was held back is there still for others when its consumer goes.
        fill(second, 2);
        automatic.assertNothingMore();
        reopenChannel();
        assertThat(take(second)).isEqualTo("0");
        assertThat(take(second)).isEqualTo("1");
        assertThat(take(second)).isNull();
    }

    @Test
    void queuesShareAChannelsLimitFairly() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        Inbox inbox = new Inbox(channel);
        List<String> queues = List.of(queue(Map.of()), queue(Map.of()), queue(Map.of()));
        int each = 60;
        for (String queue : queues) {
            fill(queue, each);
            channel.basicConsume(queue, false, inbox);
        }
        for (int i = 0; i < each - 1; i++) {
            channel.basicAck(Inbox.tag(inbox.next()), false);
        }
        for (String queue : queues) {
            Awaitility.await().atMost(PATIENCE).until(() -> channel.messageCount(queue) < each);
        }
    }

    @Test
    void consumersOfOneQueueShareAChannelsLimitFairly() throws IOException, InterruptedException {
        channel.basicQos(1, true);
        String queue = queue(Map.of());
        Inbox first = consume(queue, false);
        Inbox second = consume(queue, false);
        fill(queue, 10);
        for (int i = 0; i < 10; i++) {
            Awaitility.await().atMost(PATIENCE).until(() -> first.waiting() + second.waiting() > 0);
            Inbox served = first.waiting() > 0 ? first : second;
            served.assertServed(channel);
        }
        assertThat(first.served()).isPositive();
        assertThat(second.served()).isPositive();
    }
}
