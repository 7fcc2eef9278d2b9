package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Exchanges bound to exchanges, internal and alternate exchanges, and those that go with their last binding. */
class ExchangeBindingTest extends AmqpTest {
    ExchangeBindingTest(AmqpUnderTest broker) {
        super(broker);
    }

    private String exchange(String type) throws IOException {
        String name = unique(type);
        channel.exchangeDeclare(name, type, false, false, null);
        return name;
    }

    private String boundQueue(String exchange) throws IOException {
        String queue = queue();
        channel.queueBind(queue, exchange, "");
        return queue;
    }

    private void assertOneEach(String... queues) throws IOException {
        for (String queue : queues) {
            assertThat(take(queue)).isNotNull();
            assertThat(take(queue)).as("a second copy").isNull();
        }
    }

    @Test
    void bindingAndUnbindingTwiceIsNoError() throws IOException {
        String from = exchange("fanout");
        String to = exchange("fanout");
        channel.exchangeUnbind(to, from, "");
        channel.exchangeBind(to, from, "");
        channel.exchangeBind(to, from, "");
        channel.exchangeUnbind(to, from, "");
        channel.exchangeUnbind(to, from, "");
        String queue = boundQueue(to);
        publishTo(from, "", "m");
        assertThat(take(queue)).isNull();
    }

    @Test
    void aChainAndALoopReachEveryQueueOnce() throws IOException {
        String a = exchange("fanout");
        String b = exchange("fanout");
        String c = exchange("fanout");
        String qa = boundQueue(a);
        String qb = boundQueue(b);
        String qc = boundQueue(c);
        channel.exchangeBind(a, b, "");
        publishTo(b, "", "b to a");
        assertOneEach(qa, qb);
        channel.exchangeBind(b, c, "");
        publishTo(c, "", "c to b to a");
        assertOneEach(qa, qb, qc);
        channel.exchangeBind(c, a, "");
        for (String start : List.of(a, b, c)) {
            publishTo(start, "", "round the loop");
            assertOneEach(qa, qb, qc);
        }
    }

    @Test
    void aQueueBoundOnTwoWaysGetsOneCopy() throws IOException {
        String a = exchange("fanout");
        String b = exchange("fanout");
        String queue = boundQueue(a);
        channel.queueBind(queue, b, "");
        channel.exchangeBind(a, b, "");
        publishTo(b, "", "m");
        assertOneEach(queue);
    }

    @Test
    void aTopicExchangeFeedsADirectOne() throws IOException {
        String topic = exchange("topic");
        String direct = exchange("direct");
        String sink = exchange("fanout");
        String queue = boundQueue(sink);
        channel.exchangeBind(sink, topic, "e1");
        channel.exchangeBind(direct, topic, "#");
        channel.exchangeBind(sink, direct, "e1");
        publishTo(topic, "e1", "on two ways");
        assertOneEach(queue);
        channel.exchangeUnbind(sink, topic, "e1");
        publishTo(topic, "e1", "on one way");
        assertOneEach(queue);
        publishTo(topic, "e2", "on none");
        assertThat(take(queue)).isNull();
    }

    @Test
    void boundToWhatIsNotThereIsNotFound() throws IOException {
        String there = exchange("fanout");
        String missing = unique("missing");
        assertRefused(AMQP.NOT_FOUND, () -> channel.exchangeBind(there, missing, ""));
        assertRefused(AMQP.NOT_FOUND, () -> channel.exchangeBind(missing, there, ""));
        assertRefused(AMQP.NOT_FOUND, () -> channel.queueBind(missing, there, ""));
        String queue = queue();
        Refusal refusal = refused(() -> channel.queueBind(queue, missing, ""));
        assertThat(refusal.text()).isEqualTo("NOT_FOUND - no exchange '" + missing + "' in vhost '/'");
    }

    @Test
    void onlyExchangesMayPublishToAnInternalOne() throws IOException {
        String internal = unique("internal");
        channel.exchangeDeclare(internal, "direct", false, false, true, null);
        String open = exchange("direct");
        channel.exchangeBind(internal, open, "");
        String queue = boundQueue(internal);
        publishTo(open, "", "through the open one");
        assertThat(take(queue)).isEqualTo("through the open one");
        Refusal refusal = refused(() -> publishTo(internal, "", "directly"));
        assertThat(refusal.code()).isEqualTo(AMQP.ACCESS_REFUSED);
        assertThat(refusal.text())
                .isEqualTo("ACCESS_REFUSED - cannot publish to internal exchange '" + internal + "' in vhost '/'");
    }

    @Test
    void whatIsNotRoutedGoesToTheAlternateExchange() throws IOException, InterruptedException {
        String x = unique("x");
        String u = unique("u");
        String v = unique("v");
        // x to u to v and round again: a message that nobody wants must still end.
        declareWithAlternate(x, u);
        declareWithAlternate(u, v);
        declareWithAlternate(v, x);
        BlockingQueue<Integer> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(message -> returned.add(message.getReplyCode()));
        for (boolean mandatory : new boolean[] {false, true}) {
            for (String key : List.of(x, u, v)) {
                channel.basicPublish(x, key, mandatory, null, bytes("to " + key));
                for (String queue : List.of(x, u, v)) {
                    assertThat(take(queue)).isEqualTo(queue.equals(key) ? "to " + key : null);
                }
            }
        }
        assertThat(returned).isEmpty();
        channel.basicPublish(x, "nobody's", false, null, bytes("m"));
        channel.basicPublish(x, "nobody's", true, null, bytes("m"));
        assertThat(returned.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(AMQP.NO_ROUTE);
        assertThat(returned).isEmpty();
    }

    @Test
    void anAlternateExchangeThatIsMissingIsNoErrorAndMayComeLater() throws IOException {
        String x = unique("x");
        String later = unique("later");
        declareWithAlternate(x, later);
        publishTo(x, "unrouted", "lost");
        channel.exchangeDeclare(later, "fanout", false, true, null);
        String queue = boundQueue(later);
        publishTo(x, "unrouted", "kept");
        assertThat(take(queue)).isEqualTo("kept");
        assertThat(take(queue)).isNull();
    }

    private void declareWithAlternate(String name, String alternate) throws IOException {
        channel.exchangeDeclare(name, "direct", false, false, table("alternate-exchange", alternate));
        channel.queueDeclare(name, false, true, false, null);
        channel.queueBind(name, name, name);
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastBindingAsSource() throws IOException {
        String exchange = autoDelete("fanout");
        String queue = boundQueue(exchange);
        channel.queueUnbind(queue, exchange, "");
        assertThat(exchangeExists(exchange)).isFalse();

        String other = autoDelete("fanout");
        String gone = boundQueue(other);
        channel.queueDelete(gone);
        assertThat(exchangeExists(other)).isFalse();

        String unused = autoDelete("fanout");
        assertThat(exchangeExists(unused)).as("before it had any binding").isTrue();
        channel.exchangeDelete(unused);
    }

    @Test
    void autoDeleteGoesUpTheChain() throws IOException {
        String a = autoDelete("fanout");
        String b = autoDelete("fanout");
        String c = autoDelete("fanout");
        channel.exchangeBind(b, a, "");
        channel.exchangeBind(c, b, "");
        channel.exchangeDelete(c);
        assertThat(List.of(a, b, c))
                .allSatisfy(name -> assertThat(exchangeExists(name)).isFalse());
    }

    @Test
    void autoDeleteOfALoopTakesBoth() throws IOException {
        String a = autoDelete("fanout");
        String b = autoDelete("fanout");
        channel.exchangeBind(a, b, "");
        channel.exchangeBind(b, a, "");
        channel.exchangeUnbind(a, b, "");
        assertThat(List.of(a, b))
                .allSatisfy(name -> assertThat(exchangeExists(name)).isFalse());
    }

    @Test
    void anExchangeWithSeveralTargetsGoesWithTheLast() throws IOException {
        String source = autoDelete("fanout");
        String a = autoDelete("fanout");
        String b = autoDelete("fanout");
        String c = autoDelete("fanout");
        channel.exchangeBind(b, a, "");
        channel.exchangeBind(c, b, "");
        for (String target : List.of(a, b, c)) {
            channel.exchangeBind(target, source, "");
        }
        channel.exchangeDelete(a);
        channel.exchangeDeclare(source, "fanout", false, true, null);
        channel.exchangeDelete(c);
        assertThat(List.of(source, a, b, c))
                .allSatisfy(name -> assertThat(exchangeExists(name)).isFalse());
    }

    @Test
    void aTargetReachedOnTwoWaysThatVanishesTakesAllWithIt() throws IOException {
        String a = autoDelete("fanout");
        String b = autoDelete("fanout");
        String c = autoDelete("fanout");
        channel.exchangeBind(c, b, "");
        channel.exchangeBind(b, a, "");
        channel.exchangeBind(c, a, "");
        channel.exchangeDelete(c);
        assertThat(List.of(a, b, c))
                .allSatisfy(name -> assertThat(exchangeExists(name)).isFalse());
    }

    private String autoDelete(String type) throws IOException {
        String name = unique("auto");
        channel.exchangeDeclare(name, type, false, true, null);
        return name;
    }
}
