package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of what is published and delivered, while a virtual host is traced. */
class FirehoseTest extends AmqpTest {
    private final Management management;
    private final String vhost = unique("/traced");
    private Connection inVhost;

    FirehoseTest(AmqpUnderTest broker) {
        super(broker);
        management = new Management(broker);
    }

    @BeforeEach
    void addVhost() throws IOException {
        management.put("{}", "vhosts", vhost);
        management.put("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", "permissions", vhost, "guest");
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost(vhost);
        inVhost = AmqpUnderTest.connect(factory);
        channel = inVhost.createChannel();
    }

    @AfterEach
    void removeVhost() throws IOException {
        inVhost.abort();
        management.clear("vhosts", vhost);
    }

    private void trace(boolean on) throws IOException {
        management.put("{\"tracing\":" + on + "}", "vhosts", vhost);
        assertThat(management.get("vhosts", vhost)).contains("\"tracing\":" + on);
    }

    @Test
    void publishedAndDeliveredMessagesAreCopiedWhileTracingIsOn() throws IOException {
        String published = queue(Map.of());
        String delivered = queue(Map.of());
        String queue = queue(Map.of());
        channel.queueBind(published, "amq.rabbitmq.trace", "publish.#");
        channel.queueBind(delivered, "amq.rabbitmq.trace", "deliver." + queue);
        channel.queueBind(queue, "amq.direct", queue);
        publishTo("amq.direct", queue, "unseen");
        trace(true);
        // What a channel knows of tracing may be as old as its last method.
        channel.queueDeclarePassive(queue);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .messageId("m1")
                .headers(Map.of("h", "v"))
                .build();
        channel.basicPublish("amq.direct", queue, properties, bytes("seen"));

        GetResponse in = awaitMessage(published);
        assertThat(text(in)).isEqualTo("seen");
        assertThat(in.getEnvelope().getExchange()).isEqualTo("amq.rabbitmq.trace");
        assertThat(in.getEnvelope().getRoutingKey()).isEqualTo("publish.amq.direct");
        Map<String, Object> headers = in.getProps().getHeaders();
        assertThat(headers.get("exchange_name")).hasToString("amq.direct");
        assertThat((List<?>) headers.get("routing_keys")).singleElement().hasToString(queue);
        assertThat((List<?>) headers.get("routed_queues")).singleElement().hasToString(queue);
        assertThat(headers.get("vhost")).hasToString(vhost);
        assertThat(headers.get("user")).hasToString("guest");
        assertThat(headers.get("channel")).isEqualTo(channel.getChannelNumber());
        assertThat(headers).containsKeys("connection", "node");
        Map<?, ?> seen = (Map<?, ?>) headers.get("properties");
        assertThat(seen.get("message_id")).hasToString("m1");
        assertThat(((Map<?, ?>) seen.get("headers")).get("h")).hasToString("v");

        assertThat(take(queue)).isEqualTo("unseen");
        GetResponse out = awaitMessage(delivered);
        assertThat(text(out)).isEqualTo("unseen");
        assertThat(out.getEnvelope().getRoutingKey()).isEqualTo("deliver." + queue);
        assertThat(out.getProps().getHeaders()).containsEntry("redelivered", 0);

        trace(false);
        channel.queueDeclarePassive(queue);
        publishTo("amq.direct", queue, "unseen again");
        assertCount(queue, 2);
        assertThat(take(published)).isNull();
    }
}
