package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies: what they say holds for queues and exchanges that are there and that come, until they are cleared. */
class PolicyTest extends AmqpTest {
    private final Management management;
    private final List<String> policies = new ArrayList<>();

    PolicyTest(AmqpUnderTest broker) {
        super(broker);
        management = new Management(broker);
    }

    @AfterEach
    void clear() throws IOException {
        for (String name : policies) {
            management.clear("policies", "/", name);
        }
        policies.clear();
    }

    /** A prefix of names for which a policy says this. */
    private String says(String definition) throws IOException {
        String prefix = unique("has");
        management.policy(prefix, "^" + prefix, definition);
        policies.add(prefix);
        return prefix;
    }

    private String declare(String name, Map<String, Object> arguments) throws IOException {
        return channel.queueDeclare(name, false, true, false, arguments).getQueue();
    }

    private static void pass(long ms) {
        LockSupport.parkNanos(ms * 1_000_000);
    }

    @Test
    void anAlternateExchange() throws IOException {
        String ae = unique("ae");
        String other = unique("ae");
        String prefix = says("\"alternate-exchange\":\"" + ae + "\"");
        channel.exchangeDeclare(prefix, "fanout", false, true, null);
        channel.exchangeDeclare(prefix + "-args", "fanout", false, false, table("alternate-exchange", other));
        String queue = queue(Map.of());
        String argued = queue(Map.of());
        channel.exchangeDeclare(ae, "fanout", false, true, null);
        channel.exchangeDeclare(other, "fanout", false, true, null);
        channel.queueBind(queue, ae, "");
        channel.queueBind(argued, other, "");
        publishTo(prefix, "", "m");
        assertThat(take(queue)).isEqualTo("m");
        publishTo(prefix + "-args", "", "the argument wins");
        assertThat(take(argued)).isEqualTo("the argument wins");
        clear();
        publishTo(prefix, "", "m");
        assertThat(take(queue)).isNull();
        channel.exchangeDelete(prefix + "-args");
    }

    @Test
    void aDeadLetterExchange() throws IOException {
        String dlx = unique("dlx");
        String prefix = says("\"dead-letter-exchange\":\"" + dlx + "\",\"dead-letter-routing-key\":\"rk\"");
        channel.exchangeDeclare(dlx, "fanout", false, true, null);
        String dead = queue(Map.of());
        channel.queueBind(dead, dlx, "");
        String source = declare(prefix, table("x-message-ttl", 0));
        String argued = declare(
                prefix + "-args",
                table("x-message-ttl", 0, "x-dead-letter-exchange", dlx, "x-dead-letter-routing-key", "rk2"));
        publish(source, "m");
        GetResponse letter = awaitMessage(dead);
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo("rk");
        publish(argued, "m");
        assertThat(awaitMessage(dead).getEnvelope().getRoutingKey()).isEqualTo("rk2");
        clear();
        publish(source, "m");
        awaitCount(source, 0);
        assertThat(take(dead)).isNull();
    }

    @Test
    void aTimeToLive() throws IOException {
        String prefix = says("\"message-ttl\":100");
        String queue = declare(prefix, Map.of());
        String argued = declare(prefix + "-args", table("x-message-ttl", 60_000));
        publish(queue, "m");
        publish(argued, "m");
        awaitCount(queue, 0);
        awaitCount(argued, 0);
        clear();
        publish(queue, "m");
        pass(250);
        assertThat(take(queue)).isEqualTo("m");
    }

    @Test
    void aLease() throws IOException {
        String prefix = says("\"expires\":100");
        String queue = declare(prefix, Map.of());
        declare(prefix + "-args", table("x-expires", 60_000));
        pass(200);
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> !exists(queue));
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> !exists(prefix + "-args"));
        clear();
        declare(prefix, Map.of());
        pass(250);
        assertThat(exists(prefix)).isTrue();
    }

    @Test
    void aLongestLength() throws IOException {
        String prefix = says("\"max-length\":1");
        String queue = declare(prefix, Map.of());
        String argued = declare(prefix + "-args", table("x-max-length", 2));
        publish(queue, "1", "2", "3");
        publish(argued, "1", "2", "3");
        assertCount(queue, 1);
        assertCount(argued, 1);
        clear();
        channel.queuePurge(queue);
        channel.queuePurge(argued);
        publish(queue, "1", "2", "3");
        publish(argued, "1", "2", "3");
        assertCount(queue, 3);
        assertCount(argued, 2);
    }

    @Test
    void aPolicyReachesWhatIsThere() throws IOException {
        String prefix = unique("has");
        String queue = declare(prefix, Map.of());
        publish(queue, "1", "2", "3");
        management.policy(prefix, "^" + prefix, "\"max-length\":2");
        policies.add(prefix);
        awaitCount(queue, 2);
        assertThat(take(queue)).isEqualTo("2");
    }

    @Test
    void theHigherPriorityCountsAlone() throws IOException {
        String prefix = unique("has");
        management.put(
                "{\"pattern\":\"^" + prefix + "\",\"definition\":{\"max-length\":1},\"priority\":5}",
                "policies",
                "/",
                prefix);
        management.put(
                "{\"pattern\":\"^" + prefix + "\",\"definition\":{\"max-length\":3,\"message-ttl\":1},\"priority\":2}",
                "policies",
                "/",
                prefix + "-low");
        policies.addAll(List.of(prefix, prefix + "-low"));
        String queue = declare(prefix, Map.of());
        publish(queue, "1", "2");
        pass(50);
        assertCount(queue, 1);
    }
}
