package dev.pabal.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** kafkajs, a client written without any code of Kafka's or librdkafka's. */
@ExtendWith(BrokerUnderTest.Started.class)
class KafkaJsTest {
    private static final Path SCRIPTS = Path.of("src/test/node");

    private final BrokerUnderTest broker;

    KafkaJsTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @Test
    void createsProducesConsumesLooksAroundAndDeletes() {
        Programs.require("node", "apt-get install nodejs npm");
        if (!Files.isDirectory(SCRIPTS.resolve("node_modules/kafkajs"))) {
            Programs.skip("kafkajs is not installed (npm ci in testing/conformance/" + SCRIPTS + ")");
        }
        String output = Programs.run(
                        "",
                        List.of(
                                "node",
                                SCRIPTS.resolve("kafkajs.js").toString(),
                                broker.bootstrap(),
                                BrokerUnderTest.unique("kafkajs")))
                .ok();
        assertThat(output).contains("OK create", "OK produce", "OK consume", "OK look around", "OK delete");
    }
}
