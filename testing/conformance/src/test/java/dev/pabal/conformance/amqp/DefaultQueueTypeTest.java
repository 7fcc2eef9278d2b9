package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtual hosts whose queues are of another type than classic where nothing is said, as RabbitMQ has them since 3.11. */
class DefaultQueueTypeTest extends AmqpTest {
    private final Management management;
    private final String vhost = unique("typed");

    DefaultQueueTypeTest(AmqpUnderTest broker) {
        super(broker);
        management = new Management(broker);
    }

    private Channel channelWhereTheDefaultIs(String type) throws IOException {
        assumeThat(broker.isOracle())
                .as("the oracle may be older than default queue types")
                .isFalse();
        management.put("{\"default_queue_type\":\"" + type + "\"}", "vhosts", vhost);
        management.put("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", "permissions", vhost, "guest");
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost(vhost);
        return AmqpUnderTest.connect(factory).createChannel();
    }

    @AfterEach
    void deleteVhost() throws IOException {
        management.clear("vhosts", vhost);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum", "stream"})
    void aQueueOfNoTypeIsOfThatTypeHoweverOftenItIsDeclared(String type) throws IOException {
        Channel there = channelWhereTheDefaultIs(type);
        for (int i = 0; i < 3; i++) {
            there.queueDeclare("silent", true, false, false, null);
            there.queueDeclare("silent", true, false, false, table("x-queue-type", type));
            there.queueDeclare("said", true, false, false, table("x-queue-type", type));
            there.queueDeclare("said", true, false, false, null);
        }
        assertThat(management.get("queues", vhost, "silent")).contains("\"type\":\"" + type + "\"");
        assertThat(management.get("vhosts", vhost)).contains("\"default_queue_type\":\"" + type + "\"");
        there.getConnection().abort();
    }

    @Test
    void queuesThatCannotBeOfThatTypeAreClassic() throws IOException {
        Channel there = channelWhereTheDefaultIs("stream");
        String own = there.queueDeclare().getQueue();
        there.basicPublish("", own, null, bytes("m"));
        assertThat(text(there.basicGet(own, true))).isEqualTo("m");
        there.queueDeclare("passing", false, false, true, null);
        there.queueDeclare("passing", false, false, true, table("x-queue-type", "classic"));
        assertThat(management.get("aliveness-test", vhost)).contains("ok");
        there.getConnection().abort();
    }

    @Test
    void aTypeThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> management.put("{\"default_queue_type\":\"super\"}", "vhosts", vhost))
                .hasMessageContaining("default queue type");
    }
}
