package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.PATIENCE;
import static dev.pabal.conformance.Clients.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka Streams word count, stateless and stateful, at least once; its state comes back from the changelog. */
@ExtendWith(BrokerUnderTest.Started.class)
class StreamsTest {
    private final BrokerUnderTest broker;

    StreamsTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @Test
    void countsWordsAndGoesOnCountingAfterItsStateWasLost(@TempDir Path firstState, @TempDir Path secondState)
            throws Exception {
        String lines = Clients.topic(broker, "lines", 2);
        String counts = Clients.topic(broker, "counts", 1);
        String application = BrokerUnderTest.unique("word-count");
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker)) {
            consumer.assign(List.of(new TopicPartition(counts, 0)));
            Clients.produce(broker, lines, 0, "the horse and the rider", "the relay");
            Clients.produce(broker, lines, 1, "The post");
            Map<String, Long> seen = new HashMap<>();
            Process first = start(application, lines, counts, firstState);
            try {
                awaitCounts(consumer, seen, Map.of("the", 4L, "horse", 1L, "post", 1L));
            } finally {
                stop(first);
            }
            Clients.produce(broker, lines, 0, "the next horse");
            Process second = start(application, lines, counts, secondState);
            try {
                awaitCounts(consumer, seen, Map.of("the", 5L, "horse", 2L, "next", 1L));
            } finally {
                stop(second);
            }
        }
    }

    private Process start(String application, String lines, String counts, Path state) throws IOException {
        List<String> command = Programs.javaCommand(
                "kafka",
                "dev.pabal.peer.kafka.WordCount",
                broker.bootstrap(),
                application,
                lines,
                counts,
                state.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void stop(Process application) throws Exception {
        application.getOutputStream().close();
        boolean ended = application.waitFor(120, TimeUnit.SECONDS);
        application.destroyForcibly();
        assertThat(ended).as("the application ended by itself").isTrue();
    }

    private static void awaitCounts(
            KafkaConsumer<byte[], byte[]> consumer, Map<String, Long> seen, Map<String, Long> wanted) {
        await().atMost(PATIENCE.multipliedBy(3)).untilAsserted(() -> {
            consumer.poll(Duration.ofMillis(200))
                    .forEach(record -> seen.put(text(record.key()), Long.parseLong(text(record.value()))));
            assertThat(seen).containsAllEntriesOf(wanted);
        });
    }
}
