package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues with a longest length, in messages and in bytes: what goes when they are full, and where to. */
class LimitTest extends AmqpTest {
    LimitTest(AmqpUnderTest broker) {
        super(broker);
    }

    private String limited(int length) throws IOException {
        return queue(table("x-max-length", length));
    }

    private void fill(String queue, int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            publish(queue, "msg" + i);
        }
    }

    private List<Long> hold(String queue, int count) throws IOException {
        List<Long> tags = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tags.add(tag(get(queue)));
        }
        return tags;
    }

    private void assertHead(String queue, int length, String head) throws IOException {
        @Nullable GetResponse response = channel.basicGet(queue, true);
        if (length == 0) {
            assertThat(response).isNull();
            return;
        }
        assertThat(response).isNotNull();
        assertThat(text(response)).isEqualTo(head);
        assertThat(response.getMessageCount()).isEqualTo(length - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theHeadMakesRoom(int length) throws IOException {
        String queue = limited(length);
        fill(queue, length + 1);
        assertHead(queue, length, "msg2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatIsInFlightDoesNotCount(int length) throws IOException {
        String queue = limited(length);
        fill(queue, length);
        hold(queue, length);
        publish(queue, "one more");
        assertHead(queue, Math.min(1, length), "one more");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatMadeRoomIsDeadLettered(int length) throws IOException {
        String dead = queue(table());
        String queue =
                queue(table("x-max-length", length, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        fill(queue, length + 1);
        assertThat(text(awaitMessage(dead))).isEqualTo("msg1");
        assertThat(take(dead)).isNull();
        assertHead(queue, length, "msg2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatIsGivenBackCountsAgain(int length) throws IOException {
        String dead = queue(table());
        String queue =
                queue(table("x-max-length", length, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        fill(queue, length);
        List<Long> tags = hold(queue, length);
        fill(queue, length);
        channel.basicNack(tags.get(0), false, true);
        if (length > 1) {
            channel.basicNack(tags.get(length - 1), true, true);
        }
        assertCount(queue, length);
        awaitCount(dead, length);
        assertHead(queue, length, "msg1");
        assertHead(dead, length, "msg1");
    }

    @Test
    void bytesAreThoseOfTheBodies() throws IOException {
        String queue = queue(table("x-max-length-bytes", 10));
        publish(queue, "12345", "67890");
        assertCount(queue, 2);
        publish(queue, "a");
        assertHead(queue, 2, "67890");
        channel.queuePurge(queue);
        publish(queue, "longer than ten bytes");
        assertHead(queue, 0, "");
    }

    @Test
    void theFirstLimitReachedCounts() throws IOException {
        String queue = queue(table("x-max-length", 3, "x-max-length-bytes", 10));
        publish(queue, "1", "2", "3", "4");
        assertHead(queue, 3, "2");
        publish(queue, "ninebytes");
        assertHead(queue, 2, "4");
    }

    @Test
    void rejectedMessagesAreNotKept() throws IOException {
        String queue = queue(table("x-max-length", 2, "x-overflow", "reject-publish"));
        publish(queue, "1", "2", "3", "4");
        assertHead(queue, 2, "1");
    }

    @Test
    void ofMessagesPublishedAtOnceThoseAreTakenThatFit() throws Exception {
        channel.confirmSelect();
        Set<Long> refused = ConcurrentHashMap.newKeySet();
        channel.addConfirmListener((tag, multiple) -> {}, (tag, multiple) -> refused.add(tag));
        String queue = queue(table("x-max-length", 2, "x-overflow", "reject-publish"));
        publish(queue, "1", "2", "3");
        assertThat(channel.waitForConfirms(PATIENCE.toMillis())).isFalse();
        assertThat(refused).containsExactly(3L);
        assertHead(queue, 2, "1");
    }

    @Test
    void rejectedMessagesMayBeDeadLettered() throws IOException {
        String dead = queue(table());
        String queue = queue(table(
                "x-max-length",
                1,
                "x-overflow",
                "reject-publish-dlx",
                "x-dead-letter-exchange",
                "",
                "x-dead-letter-routing-key",
                dead));
        publish(queue, "1", "2");
        assertThat(text(awaitMessage(dead))).isEqualTo("2");
        assertHead(queue, 1, "1");
    }

    @Test
    void aConsumerTakesBeforeTheLimitDoes() throws IOException, InterruptedException {
        String queue = limited(1);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, true, inbox);
        fill(queue, 3);
        assertThat(Inbox.texts(inbox.exactly(3))).containsExactly("msg1", "msg2", "msg3");
    }
}
