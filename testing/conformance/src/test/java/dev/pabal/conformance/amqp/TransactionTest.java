package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel in tx mode holds back until it commits, and what a rollback leaves as it was. */
class TransactionTest extends AmqpTest {
    private String queue = "";

    TransactionTest(AmqpUnderTest broker) {
        super(broker);
    }

    @BeforeEach
    void declare() throws IOException {
        queue = unique("tx");
        channel.queueDeclare(queue, false, false, false, null);
    }

    @AfterEach
    void delete() throws IOException {
        connection.createChannel().queueDelete(queue);
    }

    private long[] publishSelectAndGet(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            publish(queue, "m" + i);
        }
        channel.txSelect();
        long[] tags = new long[count];
        for (int i = 0; i < count; i++) {
            tags[i] = tag(get(queue));
        }
        return tags;
    }

    private void assertEmpty() throws IOException {
        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void publishedMessagesWaitForTheCommit() throws IOException {
        channel.txSelect();
        channel.txSelect();
        publish(queue, "1", "2");
        assertEmpty();
        channel.txCommit();
        assertThat(take(queue)).isEqualTo("1");
        assertThat(take(queue)).isEqualTo("2");
        channel.txCommit();
        publish(queue, "3");
        channel.txRollback();
        assertEmpty();
        publish(queue, "4");
        reopenChannel();
        assertEmpty();
    }

    @Test
    void closingGivesBackWhatWasNotCommitted() throws IOException {
        long[] tags = publishSelectAndGet(2);
        channel.basicAck(tags[0], false);
        reopenChannel();
        assertThat(text(get(queue))).isEqualTo("m0");
        assertThat(text(get(queue))).isEqualTo("m1");
    }

    @Test
    void committedAcknowledgementsStand() throws IOException {
        long[] tags = publishSelectAndGet(2);
        channel.basicAck(tags[0], false);
        channel.txCommit();
        assertEmpty();
        reopenChannel();
        assertThat(text(get(queue))).isEqualTo("m1");
        channel.basicAck(1, false);
        assertEmpty();
    }

    @Test
    void acknowledgementsMayComeInAnyOrder() throws IOException {
        long[] tags = publishSelectAndGet(4);
        channel.basicNack(tags[3], false, false);
        channel.basicNack(tags[2], false, false);
        channel.basicAck(tags[1], false);
        channel.basicAck(tags[0], false);
        channel.txCommit();
        reopenChannel();
        assertEmpty();
    }

    @Test
    void aRollbackTakesAcknowledgementsBack() throws IOException {
        long[] tags = publishSelectAndGet(3);
        channel.basicAck(tags[2], false);
        channel.basicAck(tags[1], false);
        channel.txRollback();
        assertEmpty();
        channel.basicAck(tags[0], true);
        channel.basicAck(tags[1], false);
        channel.basicAck(tags[2], false);
        channel.txRollback();
        reopenChannel();
        assertThat(text(get(queue))).isEqualTo("m0");
    }

    @Test
    void anUnknownTagIsRefusedAtOnce() throws IOException {
        long[] tags = publishSelectAndGet(1);
        channel.basicAck(tags[0], false);
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicAck(tags[0] + 1, true));
        channel.txSelect();
        long again = tag(get(queue));
        channel.basicAck(again, false);
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.basicAck(again, false));
    }

    @Test
    void aRollbackGivesNothingBackToTheQueue() throws IOException {
        long[] tags = publishSelectAndGet(2);
        channel.basicAck(tags[0], false);
        channel.txRollback();
        assertEmpty();
    }

    @Test
    void automaticAcknowledgementIsNoPartOfIt() throws IOException {
        publish(queue, "m");
        channel.txSelect();
        channel.basicGet(queue, true);
        reopenChannel();
        assertEmpty();
    }

    @Test
    void allThatIsInFlightMayBeAcknowledgedAtOnce() throws IOException {
        publishSelectAndGet(2);
        channel.basicAck(0, true);
        channel.txCommit();
        reopenChannel();
        assertEmpty();
    }

    @Test
    void withoutSelectingThereIsNothingToCommit() throws IOException {
        assertThat(refused(() -> channel.txCommit()))
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - channel is not transactional", false));
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.txRollback());
    }

    @Test
    void recoveringLeavesOutWhatIsAcknowledgedUncommitted() throws IOException {
        long[] tags = publishSelectAndGet(1);
        channel.basicAck(tags[0], false);
        channel.basicRecover(true);
        assertEmpty();
        channel.txCommit();
        reopenChannel();
        assertEmpty();
    }

    @Test
    void aQueueThatIsGoneAtTheCommitIsNoError() throws IOException {
        channel.txSelect();
        publish(queue, "m");
        channel.queueDelete(queue);
        channel.txCommit();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void returnsWaitForTheCommitAndSeeItsRoutes() throws IOException {
        List<Integer> returned = new CopyOnWriteArrayList<>();
        channel.addReturnListener(message -> returned.add(message.getReplyCode()));
        channel.txSelect();
        channel.basicPublish("", unique("nobody"), true, null, bytes("m"));
        channel.basicQos(0);
        assertThat(returned).isEmpty();
        channel.txCommit();
        Awaitility.await().atMost(PATIENCE).until(() -> returned.equals(List.of(AMQP.NO_ROUTE)));
        channel.basicPublish("", queue, true, null, bytes("routed"));
        channel.txCommit();
        assertThat(take(queue)).isEqualTo("routed");
        channel.basicPublish("", queue, true, null, bytes("routed when it was published"));
        channel.queueDelete(queue);
        channel.txCommit();
        Awaitility.await().atMost(PATIENCE).until(() -> returned.size() == 2);
    }

    private void settle(boolean nack, long tag, boolean requeue) throws IOException {
        if (nack) {
            channel.basicNack(tag, false, requeue);
        } else {
            channel.basicReject(tag, requeue);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectionsWaitForTheCommitToo(boolean nack) throws IOException {
        long[] tags = publishSelectAndGet(2);
        settle(nack, tags[0], true);
        settle(nack, tags[1], false);
        assertEmpty();
        channel.txCommit();
        assertThat(text(get(queue))).isEqualTo("m0");
        assertEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRollbackTakesRejectionsBack(boolean nack) throws IOException {
        long[] tags = publishSelectAndGet(1);
        settle(nack, tags[0], true);
        channel.txRollback();
        assertEmpty();
        reopenChannel();
        assertThat(text(get(queue))).isEqualTo("m0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acknowledgementsAndRejectionsMix(boolean nack) throws IOException {
        long[] tags = publishSelectAndGet(3);
        channel.basicAck(tags[1], false);
        channel.basicAck(tags[0], false);
        settle(nack, tags[2], false);
        channel.txRollback();
        channel.basicAck(tags[2], false);
        settle(nack, tags[0], true);
        settle(nack, tags[1], false);
        channel.txCommit();
        assertThat(text(get(queue))).isEqualTo("m0");
        assertEmpty();
    }

    @Test
    void aLargeTransactionIsWhole() throws IOException {
        channel.txSelect();
        for (int i = 0; i < 5_000; i++) {
            publish(queue, "m");
        }
        channel.txCommit();
        assertCount(queue, 5_000);
    }

    @Test
    void aTransactionThatHoldsTooMuchIsRefused() throws IOException {
        channel.txSelect();
        byte[] large = new byte[4 << 20];
        assertRefused(406, () -> {
            for (int i = 0; i < 9; i++) {
                channel.basicPublish("", queue, null, large);
            }
        });
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
    }
}
