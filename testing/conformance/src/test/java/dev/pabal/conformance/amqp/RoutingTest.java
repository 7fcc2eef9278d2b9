package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which queues a message goes to: the standard exchange types, and the extra routing keys in CC and BCC. */
class RoutingTest extends AmqpTest {
    RoutingTest(AmqpUnderTest broker) {
        super(broker);
    }

    private String exchange(String type) throws IOException {
        String name = unique(type);
        channel.exchangeDeclare(name, type, false, true, null);
        return name;
    }

    /** The queues of {@code queues} that got something; each holds one copy at most. */
    private Set<String> reached(String... queues) throws IOException {
        Set<String> reached = new TreeSet<>();
        for (String queue : queues) {
            if (take(queue) != null) {
                reached.add(queue);
            }
            assertThat(take(queue)).as("a second copy in %s", queue).isNull();
        }
        return reached;
    }

    @Test
    void theDefaultExchangeRoutesToTheQueueOfThatName() throws IOException {
        String queue = queue();
        publish(queue, "to a queue");
        assertThat(take(queue)).isEqualTo("to a queue");
        publish(unique("nobody"), "to nobody");
        assertThat(take(queue)).isNull();
    }

    @Test
    void aDirectExchangeComparesKeysAndAnEmptyQueueNameIsTheLastDeclared() throws IOException {
        String exchange = exchange("direct");
        String first = queue();
        String second = queue();
        channel.queueBind(first, exchange, "baz");
        channel.queueBind(first, exchange, "");
        channel.queueBind("", exchange, "baz");
        channel.queueBind("", exchange, "");

        publishTo(exchange, "", "empty key");
        assertThat(reached(first, second)).containsExactly(first);
        publishTo(exchange, first, "the name of the first");
        assertThat(reached(first, second)).isEmpty();
        publishTo(exchange, second, "the name of the second, for which queue and key were left empty");
        assertThat(reached(first, second)).containsExactly(second);
        publishTo(exchange, "baz", "both");
        assertThat(reached(first, second)).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void bindingTwiceTheSameIsBindingOnce() throws IOException {
        String exchange = exchange("direct");
        String queue = queue();
        channel.queueBind(queue, exchange, "k");
        channel.queueBind(queue, exchange, "k");
        channel.queueBind(queue, exchange, "another");
        publishTo(exchange, "k", "once");
        assertThat(reached(queue)).containsExactly(queue);
        channel.queueUnbind(queue, exchange, "k");
        publishTo(exchange, "k", "no more");
        assertThat(reached(queue)).isEmpty();
    }

    @Test
    void aFanoutExchangeIgnoresTheKey() throws IOException {
        String exchange = exchange("fanout");
        String first = queue();
        String second = queue();
        channel.queueBind(first, exchange, "");
        channel.queueBind(second, exchange, "some key");
        publishTo(exchange, "another key", "to all");
        assertThat(reached(first, second)).hasSize(2);
    }

    @Test
    void severalPatternsOfOneQueueThatMatchMakeOneCopy() throws IOException {
        String queue = queue();
        String word = unique("w");
        channel.queueBind(queue, "amq.topic", word + ".#");
        channel.queueBind(queue, "amq.topic", "#." + word);
        for (String key : List.of(word + ".y", "y." + word, word + "." + word)) {
            publishTo("amq.topic", key, key);
            assertThat(take(queue)).isEqualTo(key);
            assertThat(take(queue)).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    '#',            '',             true
                    '#',            a.b.c,          true
                    '*',            a,              true
                    '*',            '',             false
                    '*',            a.b,            false
                    '',             '',             true
                    a.*,            a.b,            true
                    a.*,            a,              false
                    a.*,            a.,             true
                    a.#,            a,              true
                    a.#,            a.b.c,          true
                    a.#.c,          a.c,            true
                    a.#.c,          a.b.b.c,        true
                    a.#.c,          a.b.b,          false
                    '#.b.#',        a.b.c,          true
                    '#.b.#',        b,              true
                    '#.b.#',        ab,             false
                    '*.*.#',        a.b,            true
                    '*.*.#',        a,              false
                    '#.*',          a,              true
                    '#.*',          '',             false
                    '#.#',          '',             true
                    a..b,           a..b,           true
                    a.*.b,          a..b,           true
                    a*,             ab,             false
                    a*,             a*,             true
                    stock.*.nyse,   stock.usd.nyse, true
                    stock.*.nyse,   stock.nyse,     false
                    """)
    void aTopicPatternMatchesWords(String pattern, String key, boolean matches) throws IOException {
        String exchange = exchange("topic");
        String queue = queue();
        channel.queueBind(queue, exchange, pattern);
        publishTo(exchange, key, "m");
        assertThat(take(queue) != null).as("%s matches %s", pattern, key).isEqualTo(matches);
        channel.queueUnbind(queue, exchange, pattern);
        assertThat(exchangeExists(exchange))
                .as("auto-delete after its last binding")
                .isFalse();
    }

    @Test
    void aTopicExchangeServesAHundredQueuesWithOnePattern() throws IOException {
        String exchange = exchange("topic");
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String queue = queue();
            channel.queueBind(queue, exchange, "#");
            queues.add(queue);
        }
        publishTo(exchange, "", "to all");
        assertThat(reached(queues.toArray(new String[0]))).hasSize(100);
    }

    @Test
    void aHeadersExchangeMatchesAllOrAny() throws IOException {
        String all = queue();
        String any = queue();
        // A header of this test's own stands in every binding and message, for amq.match is everybody's.
        String exchange = exchange("headers");
        channel.queueBind(all, exchange, "", table("x-match", "all", "h1", "12345", "h2", "bar", "h3", null));
        channel.queueBind(any, exchange, "", table("x-match", "any", "h1", "12345", "h2", "bar", "h3", null));

        publishTo(exchange, "", "no properties");
        channel.basicPublish(exchange, "", properties().build(), bytes("no headers"));
        List<Map<String, Object>> messages = List.of(
                table("h1", "12345"),
                table("h2", "bar"),
                table("h1", "12345", "h2", "bar"),
                table("h1", "12345", "h2", "bar", "h3", null),
                table("h1", "12345", "h2", "quux"),
                table("h1", "zot", "h2", "quux", "h3", null),
                table("h3", null),
                table("h1", "zot", "h2", "quux"));
        for (int i = 0; i < messages.size(); i++) {
            channel.basicPublish(
                    exchange, "", properties().headers(messages.get(i)).build(), bytes("" + i));
        }
        assertThat(drain(all)).containsExactly("3");
        // A binding's header without a value asks for its presence; so does 7 of RabbitMQ's own suite: any, nothing of
        // it equal.
        assertThat(drain(any)).containsExactly("0", "1", "2", "3", "4", "5", "6");
    }

    @Test
    void aHeadersBindingComparesValuesOfOtherTypes() throws IOException {
        String exchange = exchange("headers");
        String queue = queue();
        channel.queueBind(queue, exchange, "", table("x-match", "all", "n", 7, "b", true));
        for (Map<String, Object> headers : List.of(
                table("n", 7, "b", true),
                table("n", 7, "b", false),
                table("n", "7", "b", true),
                table("n", 8, "b", true))) {
            channel.basicPublish(
                    exchange, "", properties().headers(headers).build(), bytes(new TreeMap<>(headers).toString()));
        }
        assertThat(drain(queue)).containsExactly("{b=true, n=7}");
    }

    @Test
    void theWithXModesCompareHeadersThatBeginWithX() throws IOException {
        String exchange = exchange("headers");
        String plain = queue();
        String withX = queue();
        channel.queueBind(plain, exchange, "", table("x-match", "any", "x-tenant", "red", "other", "1"));
        channel.queueBind(withX, exchange, "", table("x-match", "any-with-x", "x-tenant", "red", "other", "1"));
        channel.basicPublish(
                exchange, "", properties().headers(table("x-tenant", "red")).build(), bytes("x"));
        assertThat(drain(plain)).isEmpty();
        assertThat(drain(withX)).containsExactly("x");

        String allWithX = queue();
        channel.queueBind(allWithX, exchange, "", table("x-match", "all-with-x", "x-tenant", "red", "h", "1"));
        channel.basicPublish(exchange, "", properties().headers(table("h", "1")).build(), bytes("half"));
        channel.basicPublish(
                exchange,
                "",
                properties().headers(table("h", "1", "x-tenant", "red")).build(),
                bytes("both"));
        assertThat(drain(allWithX)).containsExactly("both");
    }

    @Test
    void aHeadersBindingIsValidated() throws IOException {
        String queue = queue();
        for (@Nullable Object good : new Object[] {"all", "any", "all-with-x", "any-with-x"}) {
            channel.queueBind(queue, "amq.headers", "", table("x-match", good));
            channel.queueUnbind(queue, "amq.headers", "", table("x-match", good));
        }
        channel.queueBind(queue, "amq.headers", "", table());
        channel.queueUnbind(queue, "amq.headers", "", table());
        for (Object bad : new Object[] {23, "all or any, as you like", true}) {
            Refusal refusal = refused(() -> channel.queueBind(queue, "amq.headers", "", table("x-match", bad)));
            assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
            assertThat(refusal.text()).contains("x-match");
        }
    }

    @Test
    void copiesGoToTheKeysOfCcAndBccAndBccIsNotTold() throws IOException {
        String one = queue();
        String two = queue();
        String three = queue();
        sendWithCopies("", one, List.of(two, three), null);
        assertThat(headersReached(one, two, three)).hasSize(3).allSatisfy((queue, headers) -> assertThat(headers)
                .containsKey("CC"));

        sendWithCopies("", one, null, List.of(two));
        Map<String, Map<String, Object>> blind = headersReached(one, two, three);
        assertThat(blind).containsOnlyKeys(one, two);
        assertThat(blind.values()).allSatisfy(headers -> assertThat(headers).doesNotContainKeys("CC", "BCC"));

        sendWithCopies("", one, List.of(one, one), List.of(one));
        assertThat(headersReached(one, two, three)).containsOnlyKeys(one);

        sendWithCopies("", one, List.of(), List.of("no such queue"));
        assertThat(headersReached(one, two, three)).containsOnlyKeys(one);
    }

    @Test
    void whatComesAfterABlindCopyMayBeLarger() throws IOException {
        String queue = queue(Map.of());
        for (int length : new int[] {0, 1, 10, 100, 1_000, 20}) {
            sendWithCopies("", queue, null, List.of("nobody"));
            AMQP.BasicProperties larger =
                    properties().headers(table("larger", "x".repeat(length))).build();
            channel.basicPublish("", queue, larger, bytes("after"));
            assertThat(take(queue)).isEqualTo("copied");
            GetResponse after = get(queue);
            assertThat(text(after)).isEqualTo("after");
            assertThat(after.getProps().getHeaders().get("larger")).hasToString("x".repeat(length));
            channel.basicAck(tag(after), false);
        }
    }

    @Test
    void copiesGoThroughTheExchangesOfTheMessage() throws IOException {
        String queue = queue();
        String direct = exchange("direct");
        String topic = exchange("topic");
        sendWithCopies(direct, unique("nobody"), List.of(queue), null);
        assertThat(headersReached(queue))
                .as("the keys are keys of that exchange")
                .isEmpty();

        channel.exchangeBind(topic, direct, "one");
        channel.queueBind(queue, topic, "two");
        sendWithCopies(direct, "", List.of("one"), List.of("two"));
        assertThat(headersReached(queue)).containsOnlyKeys(queue);
    }

    @Test
    void copiesThatAreNoArrayAreRefused() throws IOException {
        for (String header : List.of("CC", "BCC")) {
            Refusal refusal = refused(() -> channel.basicPublish(
                    "", "somewhere", properties().headers(table(header, 0)).build(), bytes("m")));
            assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
            assertThat(refusal.text()).contains("invalid message");
        }
    }

    private void sendWithCopies(String exchange, String key, @Nullable List<String> cc, @Nullable List<String> bcc)
            throws IOException {
        Map<String, Object> headers = table();
        if (cc != null) {
            headers.put("CC", cc);
        }
        if (bcc != null) {
            headers.put("BCC", bcc);
        }
        channel.basicPublish(exchange, key, properties().headers(headers).build(), bytes("copied"));
    }

    /** The headers that each queue's one message arrived with. */
    private Map<String, Map<String, Object>> headersReached(String... queues) throws IOException {
        Map<String, Map<String, Object>> reached = new TreeMap<>();
        for (String queue : queues) {
            @Nullable GetResponse response = channel.basicGet(queue, true);
            if (response != null) {
                @Nullable Map<String, Object> headers = response.getProps().getHeaders();
                reached.put(queue, headers == null ? Map.of() : headers);
                assertThat(response.getMessageCount()).isZero();
            }
        }
        return reached;
    }

    private List<String> drain(String queue) throws IOException {
        List<String> all = new ArrayList<>();
        @Nullable String text;
        while ((text = take(queue)) != null) {
            all.add(text);
        }
        return all;
    }
}
