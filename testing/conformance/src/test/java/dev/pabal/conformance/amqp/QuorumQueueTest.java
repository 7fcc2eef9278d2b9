package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues declared with {@code x-queue-type=quorum}: their rules of declaration, and how they count deliveries. */
class QuorumQueueTest extends AmqpTest {
    private String queue = "";

    QuorumQueueTest(AmqpUnderTest broker) {
        super(broker);
    }

    private String quorum(@Nullable Object... more) throws IOException {
        queue = unique("quorum");
        Map<String, Object> arguments = table(more);
        arguments.put("x-queue-type", "quorum");
        channel.queueDeclare(queue, true, false, false, arguments);
        return queue;
    }

    @AfterEach
    void delete() throws IOException {
        if (!queue.isEmpty()) {
            connection.createChannel().queueDelete(queue);
        }
    }

    @Test
    void itWorksAsAnyQueue() throws IOException, InterruptedException {
        quorum();
        channel.confirmSelect();
        publish(queue, "1", "2", "3");
        Inbox inbox = new Inbox(channel);
        channel.basicQos(10);
        channel.basicConsume(queue, false, inbox);
        for (Delivery delivery : inbox.take(3)) {
            channel.basicAck(Inbox.tag(delivery), false);
        }
        inbox.assertNothingMore();
        awaitCount(queue, 0);
    }

    @Test
    void itIsDurableAndShared() throws IOException {
        Map<String, Object> type = table("x-queue-type", "quorum");
        assertRefused(406, () -> channel.queueDeclare(unique("q"), false, false, false, type));
        assertRefused(406, () -> channel.queueDeclare(unique("q"), true, true, false, type));
        assertRefused(406, () -> channel.queueDeclare("", false, true, true, type));
        if (!broker.isOracle()) {
            assertRefused(406, () -> quorum("x-max-priority", 5));
            assertRefused(406, () -> quorum("x-overflow", "reject-publish-dlx"));
        }
    }

    @Test
    void theTypeIsPartOfTheDeclaration() throws IOException {
        quorum();
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.queueDeclare(queue, true, false, false, null));
        channel.queueDeclare(queue, true, false, false, table("x-queue-type", "quorum"));
        String classic = unique("classic");
        channel.queueDeclare(classic, true, false, false, table("x-queue-type", "classic"));
        channel.queueDeclare(classic, true, false, false, null);
        channel.queueDelete(classic);
    }

    @Test
    void deliveriesAreCounted() throws IOException {
        quorum();
        publish(queue, "m");
        @Nullable Map<String, Object> first = awaitGet().getProps().getHeaders();
        assertThat(first == null ? null : first.get("x-delivery-count")).isIn(null, 0L);
        channel.basicReject(1, true);
        GetResponse second = awaitGet();
        assertThat(second.getEnvelope().isRedeliver()).isTrue();
        assertThat(second.getProps().getHeaders()).containsEntry("x-delivery-count", 1L);
    }

    @Test
    void onlyPrioritiesAboveFourComeFirst() throws IOException {
        quorum();
        channel.confirmSelect();
        publish(queue, "none");
        for (int priority : new int[] {4, 1, 0, 9}) {
            channel.basicPublish(
                    "",
                    queue,
                    new AMQP.BasicProperties.Builder().priority(priority).build(),
                    bytes("p" + priority));
        }
        assertThat(awaitMessage(queue).getBody()).asString().isEqualTo("p9");
        for (String next : new String[] {"none", "p4", "p1", "p0"}) {
            assertThat(take(queue)).isEqualTo(next);
        }
    }

    private GetResponse awaitGet() {
        return org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> channel.basicGet(queue, false), response -> response != null);
    }

    @Test
    void beyondTheDeliveryLimitAMessageIsDeadLettered() throws IOException {
        String dead = queue(Map.of());
        quorum("x-delivery-limit", 2, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
        publish(queue, "poison");
        for (int i = 0; i < 3; i++) {
            channel.basicReject(tag(awaitGet()), true);
        }
        GetResponse letter = awaitMessage(dead);
        assertThat(letter.getProps().getHeaders().get("x-first-death-reason")).hasToString("delivery_limit");
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> deaths =
                (List<Map<String, Object>>) letter.getProps().getHeaders().get("x-death");
        assertThat(deaths.get(0).get("reason")).hasToString("delivery_limit");
        assertThat(take(queue)).isNull();
    }
}
