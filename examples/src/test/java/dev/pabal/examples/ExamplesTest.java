package dev.pabal.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.EmbeddedPabal;
import dev.pabal.testkit.PabalTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs what stands in {@code docs/patterns.md} against a started broker, so that it stays true. */
@PabalTest
class ExamplesTest {
    @Test
    void unicast(EmbeddedPabal broker) throws Exception {
        assertThat(Unicast.run(broker.amqpAddress())).isEqualTo("one letter");
    }

    @Test
    void multicast(EmbeddedPabal broker) throws Exception {
        assertThat(Multicast.run(broker.amqpAddress()))
                .isEqualTo(Map.of(
                        "seoul", List.of("korea.seoul.sun"),
                        "korea", List.of("korea.seoul.sun", "korea.busan.storm"),
                        "storms", List.of("korea.busan.storm", "japan.osaka.storm")));
    }

    @Test
    void broadcast(EmbeddedPabal broker) throws Exception {
        assertThat(Broadcast.run(broker.amqpAddress()))
                .hasSize(3)
                .containsOnly(List.of("the king is dead", "long live the king"));
    }

    @Test
    void anycast(EmbeddedPabal broker) throws Exception {
        Map<String, Integer> done = Anycast.run(broker.amqpAddress());
        assertThat(done.values().stream().mapToInt(count -> count).sum()).isEqualTo(12);
        assertThat(done.get("a quick rider")).isGreaterThan(done.getOrDefault("a slow rider", 0));
    }

    @Test
    void boundedQueue(EmbeddedPabal broker) throws Exception {
        BoundedQueue.Outcome outcome = BoundedQueue.run(broker.amqpAddress());
        assertThat(outcome.received())
                .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "thing " + i).toList());
        assertThat(outcome.waits()).isPositive();
    }

    @Test
    void workQueue(EmbeddedPabal broker) throws Exception {
        List<String> log = WorkQueue.run(broker.amqpAddress());
        assertThat(log)
                .containsExactlyInAnyOrder(
                        "done: a good job",
                        "failed, attempt 1: a bad job",
                        "failed, attempt 2: a bad job",
                        "failed, attempt 3: a bad job",
                        "put aside: a bad job");
        assertThat(log).last().isEqualTo("put aside: a bad job");
    }

    @Test
    void requestReply(EmbeddedPabal broker) throws Exception {
        assertThat(RequestReply.run(broker.amqpAddress(), "6 7")).isEqualTo("42");
    }

    @Test
    void catchUp(EmbeddedPabal broker) throws Exception {
        assertThat(CatchUp.run(broker.amqpAddress())).containsExactly("entry 1", "entry 2", "entry 3", "entry 4");
    }

    @Test
    void replay(EmbeddedPabal broker) throws Exception {
        assertThat(Replay.run(broker.amqpAddress()))
                .containsExactly(
                        List.of("Monday", "Tuesday", "Wednesday"),
                        List.of("Monday", "Tuesday", "Wednesday"),
                        List.of("Tuesday", "Wednesday"));
    }

    @Test
    void twoProtocols(EmbeddedPabal broker) throws Exception {
        assertThat(TwoProtocols.run(broker.amqpAddress(), broker.bootstrapServers()))
                .containsExactly(
                        "Kafka read: published over AMQP, header source=shop",
                        "AMQP settled: published over AMQP",
                        "AMQP settled: produced over Kafka");
    }

    @Test
    void programsTakeTheAddressAndCanRunAgain(EmbeddedPabal broker) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Unicast.main(new String[] {broker.amqpAddress()});
            Unicast.main(new String[] {broker.amqpAddress()});
        } finally {
            System.setOut(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("The post office received: one letter", "The post office received: one letter");
    }
}
