package dev.pabal.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program built on kafka-clients 2.8 years ago works unchanged. */
@ExtendWith(BrokerUnderTest.Started.class)
class OldClientTest {
    private final BrokerUnderTest broker;

    OldClientTest(BrokerUnderTest broker) {
        this.broker = broker;
    }

    @Test
    void createsProducesConsumesLooksAroundAndDeletes() {
        String output = Programs.oldKafka(
                        "dev.pabal.peer.old.OldClient", broker.bootstrap(), BrokerUnderTest.unique("old"))
                .ok();
        assertThat(output)
                .contains(
                        "OK create",
                        "OK produce idempotent",
                        "OK produce",
                        "OK consume",
                        "OK look around",
                        "OK delete");
    }
}
