package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Declaring queues, finding them equal or not, their names, who may use them, and when they go. */
class QueueTest extends AmqpTest {
    QueueTest(AmqpUnderTest broker) {
        super(broker);
    }

    @Test
    void anEqualDeclarationIsFine() throws IOException {
        String name = unique("q");
        channel.queueDeclare(name, true, false, false, null);
        channel.queueDeclarePassive(name);
        channel.queueDeclare(name, true, false, false, null);
        channel.queueDeclare(name, true, false, false, table("assumed-to-mean-nothing", "bar"));
        AMQP.Queue.DeclareOk ok = channel.queueDeclare(name, true, false, false, table("an-array", List.of("a", "b")));
        assertThat(ok.getQueue()).isEqualTo(name);
        channel.queueDelete(name);
    }

    @Test
    void anUnequalDeclarationSaysInWhat() throws IOException {
        String name = unique("q");
        channel.queueDeclare(name, true, false, false, table("x-message-ttl", 60_000));
        assertUnequal(
                "inequivalent arg 'durable' for queue '" + name
                        + "' in vhost '/': received 'false' but current is 'true'",
                () -> channel.queueDeclare(name, false, false, false, table("x-message-ttl", 60_000)));
        assertUnequal(
                "inequivalent arg 'auto_delete' for queue '" + name
                        + "' in vhost '/': received 'true' but current is 'false'",
                () -> channel.queueDeclare(name, true, false, true, table("x-message-ttl", 60_000)));
        assertUnequal(
                "inequivalent arg 'x-message-ttl' for queue '" + name
                        + "' in vhost '/': received '1000' but current is '60000'",
                () -> channel.queueDeclare(name, true, false, false, table("x-message-ttl", 1_000)));
        assertUnequal(
                "inequivalent arg 'x-message-ttl' for queue '" + name
                        + "' in vhost '/': received none but current is the value '60000' of type",
                () -> channel.queueDeclare(name, true, false, false, null));
        assertUnequal(
                "inequivalent arg 'x-expires' for queue '" + name
                        + "' in vhost '/': received the value '60000' of type 'signedint' but current is none",
                () -> channel.queueDeclare(
                        name, true, false, false, table("x-message-ttl", 60_000, "x-expires", 60_000)));
        Refusal exclusive =
                refused(() -> channel.queueDeclare(name, true, true, false, table("x-message-ttl", 60_000)));
        assertThat(exclusive.code()).isEqualTo(AMQP.RESOURCE_LOCKED);
        channel.queueDelete(name);
    }

    private void assertUnequal(String text, Refusal.Action action) throws IOException {
        Refusal refusal = refused(action);
        assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        assertThat(refusal.text()).startsWith("PRECONDITION_FAILED - " + text);
    }

    @Test
    void numbersOfSeveralSizesAreEqualAndOtherTypesAreNot() throws IOException {
        String name = unique("q");
        for (Object ttl : new Object[] {(byte) 10, 10, (short) 10, 10L}) {
            channel.queueDeclare(name, false, true, false, table("x-message-ttl", ttl));
        }
        assertRefused(
                AMQP.PRECONDITION_FAILED,
                () -> channel.queueDeclare(name, false, true, false, table("x-message-ttl", 10.0)));
    }

    @Test
    void serverNamesAreUniqueAndReserved() throws IOException {
        String first = queue();
        String second = queue();
        assertThat(first).startsWith("amq.gen-").isNotEqualTo(second);
        Refusal refusal = refused(() -> channel.queueDeclare("amq.mine", false, false, false, null));
        assertThat(refusal.code()).isEqualTo(AMQP.ACCESS_REFUSED);
        assertThat(refusal.text())
                .startsWith("ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'");
        assertRefused(AMQP.NOT_FOUND, () -> channel.queueDeclarePassive("amq.mine"));
    }

    @Test
    void anEmptyNameElsewhereIsTheLastDeclared() throws IOException {
        String queue = queue();
        publish(queue, "m");
        assertThat(take("")).isEqualTo("m");
        reopenChannel();
        Refusal refusal = refused(() -> channel.basicGet("", true));
        assertThat(refusal).isEqualTo(new Refusal(404, "NOT_FOUND - no previously declared queue", false));
    }

    @Test
    void lineEndsAreStrippedFromNames() throws IOException {
        String name = unique("q");
        channel.queueDeclare("\r" + name.charAt(0) + "\n" + name.substring(1) + "\n\r", false, true, false, null);
        channel.queueDeclarePassive(name);
        channel.queueDeclare(name, false, true, false, null);
        assertThatThrownBy(() -> channel.queueDeclare("x".repeat(300), false, false, false, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsMissingIsNotFoundBySayingItsName() throws IOException {
        String missing = unique("missing");
        Refusal expected = new Refusal(404, "NOT_FOUND - no queue '" + missing + "' in vhost '/'", false);
        assertThat(refused(() -> channel.queueDeclarePassive(missing))).isEqualTo(expected);
        assertThat(refused(() -> channel.queuePurge(missing))).isEqualTo(expected);
        assertThat(refused(() -> channel.basicGet(missing, true))).isEqualTo(expected);
        assertThat(refused(() -> channel.basicConsume(missing, new Inbox(channel))))
                .isEqualTo(expected);
        assertThat(refused(() -> channel.queueBind(missing, "amq.direct", "k"))).isEqualTo(expected);
        assertThat(channel.queueDelete(missing).getMessageCount()).isZero();
    }

    @Test
    void unbindingWhatIsMissingIsNoError() throws IOException {
        for (String exchange : List.of("amq.fanout", "amq.direct", "amq.topic", "amq.headers")) {
            String queue = queue();
            String key = unique("quay");
            channel.queueUnbind(unique("missing"), exchange, key);
            channel.queueUnbind(queue, unique("missing"), key);
            channel.queueUnbind(queue, exchange, unique("key"));
            channel.queueUnbind(unique("missing"), unique("missing"), key);
            channel.queueBind(queue, exchange, key);
            channel.queueUnbind(queue, exchange, key);
            publishTo(exchange, key, "m");
            assertThat(take(queue)).isNull();
        }
    }

    @Test
    void declaringTellsMessagesAndConsumers() throws IOException {
        String queue = queue(Map.of());
        assertCount(queue, 0);
        publish(queue, "1");
        assertCount(queue, 1);
        publish(queue, "2", "3");
        assertCount(queue, 3);
        get(queue);
        assertCount(queue, 2);
        channel.queuePurge(queue);
        assertCount(queue, 0);

        assertThat(channel.consumerCount(queue)).isZero();
        String tag = channel.basicConsume(queue, new Inbox(channel));
        assertThat(channel.consumerCount(queue)).isEqualTo(1);
        channel.basicCancel(tag);
        assertThat(channel.consumerCount(queue)).isZero();
    }

    @Test
    void purgingTakesWhatWaitsAndNotWhatIsInFlight() throws IOException {
        String queue = queue();
        publish(queue, "in flight", "waiting");
        assertThat(get(queue).getEnvelope().isRedeliver()).isFalse();
        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(1);
        assertThat(take(queue)).isNull();
        channel.basicRecover();
        var again = get(queue);
        assertThat(text(again)).isEqualTo("in flight");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        channel.basicRecover();
        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(1);
        assertThat(take(queue)).isNull();
    }

    @Test
    void deletingMindsItsConditions() throws IOException {
        String queue = unique("q");
        channel.queueDelete(queue);
        channel.queueDeclare(queue, false, false, false, null);
        publish(queue, "1", "2");
        Refusal notEmpty = refused(() -> channel.queueDelete(queue, false, true));
        assertThat(notEmpty)
                .isEqualTo(
                        new Refusal(406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' not empty", false));
        channel.basicConsume(queue, new Inbox(channel));
        Refusal inUse = refused(() -> channel.queueDelete(queue, true, false));
        assertThat(inUse)
                .isEqualTo(new Refusal(406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' in use", false));
        assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(2);
        assertThat(channel.queueDelete(queue).getMessageCount()).isZero();
    }

    @Test
    void aDeletedQueueIsNewWhenDeclaredAgain() throws IOException {
        String queue = unique("q");
        channel.queueDeclare(queue, true, false, false, null);
        channel.queueBind(queue, "amq.direct", queue);
        publish(queue, "old");
        channel.queueDelete(queue);
        channel.queueDeclare(queue, true, false, false, null);
        assertThat(take(queue)).isNull();
        publishTo("amq.direct", queue, "the binding went with the queue");
        assertThat(take(queue)).isNull();
        publish(queue, "new");
        assertThat(take(queue)).isEqualTo("new");
        channel.queueDelete(queue);
    }

    @Test
    void autoDeleteGoesWithTheLastConsumerAndNotBeforeTheFirst() throws IOException {
        String queue = unique("q");
        channel.queueDeclare(queue, false, false, true, null);
        assertThat(exists(queue)).isTrue();
        String first = channel.basicConsume(queue, new Inbox(channel));
        String second = channel.basicConsume(queue, new Inbox(channel));
        channel.basicCancel(first);
        assertThat(exists(queue)).isTrue();
        channel.basicCancel(second);
        assertThat(exists(queue)).isFalse();

        channel.queueDeclare(queue, false, false, true, null);
        channel.basicConsume(queue, new Inbox(channel));
        reopenChannel();
        Awaitility.await().atMost(PATIENCE).until(() -> !exists(queue));
    }

    @Test
    void anExclusiveQueueIsOneConnectionsAndGoesWithIt() throws IOException {
        Connection owner = broker.connect();
        Channel owning = owner.createChannel();
        String queue = unique("exclusive");
        owning.queueDeclare(queue, false, true, false, null);
        owning.queueDeclare(queue, false, true, false, null);
        owning.queueBind(queue, "amq.direct", queue);
        String tag = owning.basicConsume(queue, new Inbox(owning));
        owning.basicCancel(tag);
        owning.queueDeclarePassive(queue);
        List<Refusal.Action> forbidden = List.of(
                () -> channel.queueDeclarePassive(queue),
                () -> channel.queueDeclare(queue, false, true, false, null),
                () -> channel.basicConsume(queue, new Inbox(channel)),
                () -> channel.queuePurge(queue),
                () -> channel.queueDelete(queue),
                () -> channel.queueBind(queue, "amq.direct", ""),
                () -> channel.queueUnbind(queue, "amq.direct", queue),
                () -> channel.basicGet(queue, true));
        for (Refusal.Action action : forbidden) {
            Refusal refusal = refused(action);
            assertThat(refusal.code()).isEqualTo(AMQP.RESOURCE_LOCKED);
            assertThat(refusal.text())
                    .startsWith("RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue
                            + "' in vhost '/'");
        }
        publish(queue, "anyone may publish");
        channel.basicQos(0);
        assertThat(owning.queueDeclarePassive(queue).getMessageCount()).isEqualTo(1);
        owner.close();
        channel.queueDeclare(queue, false, false, true, null);
        assertThat(take(queue)).isNull();
        channel.queueDelete(queue);
    }

    @Test
    void anExclusiveQueueGoesWithAConnectionThatBreaks() throws IOException {
        Connection owner = broker.connect();
        String queue = owner.createChannel().queueDeclare().getQueue();
        owner.abort(1);
        Awaitility.await().atMost(PATIENCE).until(() -> isNotFound(queue));
    }

    /** That it is another's is no answer: while it is there, it is locked. */
    private boolean isNotFound(String queue) throws IOException {
        Channel asking = connection.createChannel();
        return Refusal.of(asking, () -> asking.queueDeclarePassive(queue)).code() == AMQP.NOT_FOUND;
    }

    @Test
    void aLeaseEndsWhenNobodyUsesTheQueue() throws IOException {
        long leaseMs = 600;
        while (!leasesEndAsTheyShould(leaseMs)) {
            leaseMs *= 2;
            assertThat(leaseMs).as("a lease within which anything can be done").isLessThan(60_000);
        }
    }

    /** False where it says nothing, because this thread stood still for so long that a lease was rightly over. */
    private boolean leasesEndAsTheyShould(long leaseMs) throws IOException {
        String idle = unique("lease");
        String used = unique("lease");
        String consumed = unique("lease");
        long startNs = System.nanoTime();
        long usedNs = startNs;
        String tag;
        try {
            for (String queue : List.of(idle, used, consumed)) {
                channel.queueDeclare(queue, false, false, false, table("x-expires", leaseMs));
            }
            tag = channel.basicConsume(consumed, new Inbox(channel));
            boolean active = false;
            Channel asking = connection.createChannel();
            while (System.nanoTime() - startNs < 2 * leaseMs * 1_000_000) {
                if (tooLate(usedNs, leaseMs)) {
                    return false;
                }
                usedNs = System.nanoTime();
                // Declaring, actively or not, begins the lease anew.
                if (active) {
                    asking.queueDeclare(used, false, false, false, table("x-expires", leaseMs));
                } else {
                    asking.queueDeclarePassive(used);
                }
                active = !active;
                pause(leaseMs / 4);
            }
        } catch (IOException e) {
            if (tooLate(usedNs, leaseMs)) {
                reopenChannel();
                return false;
            }
            throw e;
        }
        // Whoever asks uses it: not too often.
        Duration seldom = Duration.ofMillis(2 * leaseMs);
        Duration patience = PATIENCE.plus(seldom.multipliedBy(2));
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(seldom)
                .until(() -> !exists(idle));
        assertThat(exists(consumed)).isTrue();
        channel.basicCancel(tag);
        Awaitility.await().atMost(patience).pollInterval(seldom).until(() -> !exists(consumed));
        assertThat(System.nanoTime() - startNs).isGreaterThan(leaseMs * 1_000_000);
        return true;
    }

    private static boolean tooLate(long usedNs, long leaseMs) {
        return System.nanoTime() - usedNs >= (leaseMs - 10) * 1_000_000;
    }

    /** The passing of time is what is tested. */
    private static void pause(long ms) {
        java.util.concurrent.locks.LockSupport.parkNanos(ms * 1_000_000);
    }

    @Test
    void aLeaseIsAPositiveNumberOfAnySize() throws IOException {
        for (Object lease : new Object[] {(byte) 100, (short) 1000, 100_000, 100_000L}) {
            queue(table("x-expires", lease));
        }
        for (Object wrong : new Object[] {0, -10, "soon", 1.5}) {
            Refusal refusal = refused(() -> queue(table("x-expires", wrong)));
            assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
            assertThat(refusal.text()).contains("invalid arg 'x-expires' for queue");
        }
    }

    @Test
    void argumentsAreValidated() throws IOException {
        @Nullable
        Object[][] wrong = {
            {"x-message-ttl", -10},
            {"x-message-ttl", "foobar"},
            {"x-max-length", -1},
            {"x-max-length", "many"},
            {"x-max-length-bytes", -1},
            {"x-max-priority", -10},
            {"x-max-priority", 260},
            {"x-overflow", "spill"},
            {"x-dead-letter-exchange", 133},
            {"x-dead-letter-routing-key", "without an exchange"},
            {"x-single-active-consumer", "yes"},
            {"x-overflow", 7},
        };
        for (@Nullable Object[] argument : wrong) {
            Refusal refusal = refused(() -> queue(table(argument)));
            assertThat(refusal.code())
                    .as("%s=%s: %s", argument[0], argument[1], refusal)
                    .isEqualTo(406);
        }
    }

    @Test
    void anUnknownQueueTypeIsRefused() throws IOException {
        assumeThat(broker.isOracle())
                .as("version 3 answers with an internal error")
                .isFalse();
        assertRefused(AMQP.PRECONDITION_FAILED, () -> queue(table("x-queue-type", "telepathic")));
        assertRefused(AMQP.PRECONDITION_FAILED, () -> queue(table("x-queue-type", 7)));
    }

    @Test
    void whatIsNotWaitedForIsDone() throws IOException {
        String queue = unique("q");
        channel.queueDeclareNoWait(queue, false, true, true, null);
        channel.queueDeclarePassive(queue);
        channel.queueBindNoWait(queue, "amq.direct", queue, null);
        publishTo("amq.direct", queue, "m");
        assertThat(take(queue)).isEqualTo("m");
        channel.queueDeleteNoWait(queue, false, false);
        assertThat(exists(queue)).isFalse();
    }

    @Test
    void aQueueMayBeDeletedTwiceAtOnce() throws Exception {
        try (Connection another = broker.connect()) {
            Channel other = another.createChannel();
            for (int i = 0; i < 50; i++) {
                String queue = unique("twice");
                channel.queueDeclare(queue, true, false, false, null);
                AMQP.Queue.Delete delete =
                        new AMQP.Queue.Delete.Builder().queue(queue).build();
                CompletableFuture<Command> one = channel.asyncCompletableRpc(delete);
                CompletableFuture<Command> two = other.asyncCompletableRpc(delete);
                assertThat(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getMethod())
                        .isInstanceOf(AMQP.Queue.DeleteOk.class);
                assertThat(two.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getMethod())
                        .isInstanceOf(AMQP.Queue.DeleteOk.class);
            }
        }
    }
}
