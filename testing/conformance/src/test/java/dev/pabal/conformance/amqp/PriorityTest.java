package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Queues that hand out messages of higher priority first. */
class PriorityTest extends AmqpTest {
    PriorityTest(AmqpUnderTest broker) {
        super(broker);
    }

    private void send(String queue, int priority, String body) throws IOException {
        channel.basicPublish("", queue, properties().priority(priority).build(), bytes(body));
    }

    private List<String> drain(String queue) throws IOException {
        List<String> all = new ArrayList<>();
        @Nullable String text;
        while ((text = take(queue)) != null) {
            all.add(text);
        }
        return all;
    }

    @Test
    void higherComesFirstAndEqualInTheirOrder() throws IOException {
        String queue = queue(table("x-max-priority", 10));
        send(queue, 1, "low");
        send(queue, 5, "middle");
        publish(queue, "none is zero");
        send(queue, 9, "high");
        send(queue, 5, "middle again");
        send(queue, 200, "as high as can be");
        send(queue, 10, "the highest");
        assertThat(drain(queue))
                .containsExactly(
                        "as high as can be", "the highest", "high", "middle", "middle again", "low", "none is zero");
    }

    @Test
    void aConsumerThatComesLaterGetsThemInOrder() throws IOException, InterruptedException {
        String queue = queue(table("x-max-priority", 255));
        channel.confirmSelect();
        for (int i = 1; i <= 255; i++) {
            send(queue, i, "" + i);
        }
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, true, inbox);
        List<String> expected = new ArrayList<>();
        for (int i = 255; i > 0; i--) {
            expected.add("" + i);
        }
        assertThat(Inbox.texts(inbox.take(255))).isEqualTo(expected);
    }

    @Test
    void whatIsGivenBackKeepsItsPriority() throws IOException {
        String queue = queue(table("x-max-priority", 3));
        send(queue, 3, "high");
        send(queue, 1, "low");
        long tag = tag(get(queue));
        send(queue, 2, "middle");
        channel.basicReject(tag, true);
        assertThat(drain(queue)).containsExactly("high", "middle", "low");
    }

    @Test
    void withoutPrioritiesTheOrderIsThatOfPublishing() throws IOException {
        String queue = queue(table());
        send(queue, 1, "first");
        send(queue, 9, "second");
        assertThat(drain(queue)).containsExactly("first", "second");
    }

    @Test
    void aHigherOnePublishedWhileAPrefetchIsFullComesNext() throws IOException, InterruptedException {
        String queue = queue(table("x-max-priority", 3));
        Inbox inbox = new Inbox(channel);
        channel.basicQos(1);
        channel.basicConsume(queue, false, inbox);
        send(queue, 1, "1");
        var first = inbox.next();
        send(queue, 1, "2");
        send(queue, 3, "3");
        assertCount(queue, 2);
        channel.basicAck(Inbox.tag(first), false);
        assertThat(inbox.nextText()).isEqualTo("3");
    }

    @Test
    void purgingAndLimitsCountAllPriorities() throws IOException {
        String queue = queue(table("x-max-priority", 3, "x-max-length", 2));
        send(queue, 1, "low");
        send(queue, 3, "high");
        send(queue, 2, "middle");
        assertCount(queue, 2);
        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(2);
        assertThat(drain(queue)).isEmpty();
    }
}
