package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publisher confirms: each message is confirmed once, whatever becomes of it, and not before it is safe. */
class ConfirmTest extends AmqpTest {
    private static final int COUNT = 1_000;
    private static final long PATIENCE_MS = 30_000;

    ConfirmTest(AmqpUnderTest broker) {
        super(broker);
    }

    @BeforeEach
    void select() throws IOException {
        channel.confirmSelect();
    }

    private void publishMany(String exchange, String key, boolean persistent, boolean mandatory) throws IOException {
        for (int i = 0; i < COUNT; i++) {
            channel.basicPublish(
                    exchange,
                    key,
                    mandatory,
                    persistent ? MessageProperties.PERSISTENT_BASIC : MessageProperties.BASIC,
                    bytes("nop"));
        }
    }

    private String durableQueue(Map<String, Object> arguments) throws IOException {
        String queue = unique("confirm");
        channel.queueDeclare(queue, true, true, false, arguments);
        return queue;
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,true,false", "true,false,true", "true,false,false", "false,true,false"})
    void everyMessageIsConfirmed(boolean durable, boolean persistent, boolean mandatory) throws Exception {
        String queue = unique("confirm");
        channel.queueDeclare(queue, durable, true, false, null);
        channel.basicConsume(queue, true, new Inbox(channel));
        publishMany("", queue, persistent, mandatory);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
    }

    @Test
    void numbersCountUpFromOneAndComeOnce() throws Exception {
        String queue = durableQueue(Map.of());
        var open = Collections.synchronizedSortedSet(new TreeSet<Long>());
        List<String> wrong = new CopyOnWriteArrayList<>();
        channel.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long number, boolean multiple) {
                if (!open.contains(number)) {
                    wrong.add("ack of " + number + ", which is not open");
                }
                if (multiple) {
                    open.headSet(number + 1).clear();
                } else {
                    open.remove(number);
                }
            }

            @Override
            public void handleNack(long number, boolean multiple) {
                wrong.add("nack of " + number);
            }
        });
        assertThat(channel.getNextPublishSeqNo()).isEqualTo(1);
        for (int i = 0; i < COUNT; i++) {
            open.add(channel.getNextPublishSeqNo());
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, bytes("nop"));
        }
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        assertThat(open).isEmpty();
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageThatNobodyWantsIsReturnedAndThenConfirmed(boolean persistent) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        channel.addReturnListener(message -> events.add("return"));
        channel.addConfirmListener((number, multiple) -> events.add("ack"), (number, multiple) -> events.add("nack"));
        channel.basicPublish(
                "",
                unique("nobody"),
                true,
                persistent ? MessageProperties.PERSISTENT_BASIC : MessageProperties.BASIC,
                bytes("m"));
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        Awaitility.await().atMost(PATIENCE).until(() -> events.size() == 2);
        assertThat(events).containsExactly("return", "ack");
        publishMany("", unique("nobody"), persistent, true);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
    }

    @Test
    void aMessageToSeveralQueuesIsConfirmedOnce() throws Exception {
        String key = unique("several");
        for (int i = 0; i < 3; i++) {
            channel.queueBind(durableQueue(Map.of()), "amq.direct", key);
        }
        AtomicInteger acks = new AtomicInteger();
        channel.addConfirmListener(
                (number, multiple) -> acks.incrementAndGet(), (number, multiple) -> acks.set(-COUNT));
        publishMany("amq.direct", key, true, false);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        assertThat(acks.get()).isBetween(1, COUNT);
    }

    @Test
    void deletingOrPurgingTheQueueConfirmsToo() throws Exception {
        String deleted = durableQueue(Map.of());
        publishMany("", deleted, true, false);
        channel.queueDelete(deleted);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        String purged = durableQueue(Map.of());
        publishMany("", purged, true, false);
        channel.queuePurge(purged);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        channel.basicQos(1);
        for (int i = 0; i < 5 * COUNT; i++) {
            channel.basicPublish("", purged, MessageProperties.PERSISTENT_BASIC, bytes("nop"));
            if (i % 100 == 0) {
                channel.queuePurge(purged);
            }
        }
        channel.waitForConfirmsOrDie(PATIENCE_MS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectingWhatWasPublishedConfirmsToo(boolean requeue) throws Exception {
        String queue = durableQueue(Map.of());
        publishMany("", queue, true, false);
        for (int i = 0; i < COUNT; i++) {
            channel.basicReject(tag(get(queue)), requeue);
        }
        channel.waitForConfirmsOrDie(PATIENCE_MS);
        assertCount(queue, requeue ? COUNT : 0);
    }

    @Test
    void recoveringWhatWasPublishedConfirmsToo() throws Exception {
        String queue = durableQueue(Map.of());
        publishMany("", queue, true, false);
        for (int i = 0; i < COUNT; i++) {
            get(queue);
        }
        channel.basicRecover(true);
        channel.basicConsume(queue, true, new Inbox(channel));
        channel.waitForConfirmsOrDie(PATIENCE_MS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void messagesThatExpireAreConfirmed(int ttlMs) throws Exception {
        String queue = durableQueue(table("x-message-ttl", ttlMs));
        publishMany("", queue, true, false);
        channel.waitForConfirmsOrDie(PATIENCE_MS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject-publish", "reject-publish-dlx"})
    void aFullQueueThatRejectsSaysNack(String overflow) throws Exception {
        String queue = durableQueue(table("x-max-length", 1, "x-overflow", overflow));
        publish(queue, "fits");
        assertThat(channel.waitForConfirms(PATIENCE_MS)).isTrue();
        publish(queue, "does not");
        assertThat(channel.waitForConfirms(PATIENCE_MS)).isFalse();
        assertThat(take(queue)).isEqualTo("fits");
        publish(queue, "fits again");
        assertThat(channel.waitForConfirms(PATIENCE_MS)).isTrue();
        assertThat(take(queue)).isEqualTo("fits again");
        assertThat(take(queue)).isNull();
    }

    @Test
    void confirmsAndTransactionsExcludeEachOther() throws IOException {
        channel.confirmSelect();
        Refusal tx = refused(() -> channel.txSelect());
        assertThat(tx)
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode", false));
        channel.txSelect();
        Refusal confirm = refused(() -> channel.confirmSelect());
        assertThat(confirm)
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - cannot switch from tx to confirm mode", false));
    }

    @Test
    void withoutSelectingThereIsNothingToWaitFor() throws IOException {
        reopenChannel();
        publish(queue(), "m");
        assertThatThrownBy(() -> channel.waitForConfirms(PATIENCE_MS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedChannelEndsTheWait() throws IOException, TimeoutException {
        publishMany("", durableQueue(Map.of()), true, false);
        channel.close();
        assertThatThrownBy(() -> channel.waitForConfirmsOrDie(PATIENCE_MS))
                .isInstanceOfSatisfying(ShutdownSignalException.class, signal -> assertThat(signal.getReason())
                        .isInstanceOf(AMQP.Channel.Close.class));
    }
}
