package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many connections and channels a user may have, and how many connections and queues a virtual host takes. */
class AccountLimitTest extends AmqpTest {
    private final Management management;
    private final String vhost = unique("/test");
    private final String user = unique("user");

    AccountLimitTest(AmqpUnderTest broker) {
        super(broker);
        management = new Management(broker);
    }

    @BeforeEach
    void addUser() throws IOException {
        management.put("{}", "vhosts", vhost);
        management.put("{\"password\":\"secret\",\"tags\":\"\"}", "users", user);
        management.put("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", "permissions", vhost, user);
    }

    @AfterEach
    void removeUser() throws IOException {
        management.clear("vhosts", vhost);
        management.clear("users", user);
    }

    private Connection connectAsUser() throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost(vhost);
        factory.setUsername(user);
        factory.setPassword("secret");
        return AmqpUnderTest.connect(factory);
    }

    private void limit(String kind, String of, String name, int most) throws IOException {
        management.put("{\"value\":" + most + "}", kind, of, name);
    }

    /** A connection that the broker has just let go counts until it has noticed. */
    private void connectAgain() {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            connectAsUser().abort();
            return true;
        });
    }

    @Test
    void connectionsOfAUser() throws IOException {
        limit("user-limits", user, "max-connections", 1);
        assertThat(management.get("user-limits", user)).contains("\"user\":\"" + user + "\"", "\"max-connections\":1");
        Connection first = connectAsUser();
        assertThatThrownBy(this::connectAsUser)
                .hasStackTraceContaining("NOT_ALLOWED")
                .hasStackTraceContaining("user connection limit (1) is reached");
        first.close();
        connectAgain();
        management.delete("user-limits", user, "max-connections");
        assertThat(management.get("user-limits", user)).isEqualTo("[]");
        Connection one = connectAsUser();
        Connection two = connectAsUser();
        one.abort();
        two.abort();
    }

    @Test
    void channelsOfAUser() throws IOException {
        limit("user-limits", user, "max-channels", 2);
        Connection one = connectAsUser();
        one.createChannel();
        one.createChannel().abort();
        one.createChannel();
        Connection other = connectAsUser();
        Refusal refusal = Refusal.of(channel, other::createChannel);
        assertThat(refusal.code()).isEqualTo(AMQP.NOT_ALLOWED);
        assertThat(refusal.text()).contains("number of channels opened for user '" + user + "' has reached");
        assertThat(refusal.closedConnection()).isTrue();
        one.abort();
        connectAgain();
    }

    @Test
    void connectionsOfAVirtualHost() throws IOException {
        limit("vhost-limits", vhost, "max-connections", 1);
        assertThat(management.get("vhost-limits", vhost)).contains("\"max-connections\":1");
        Connection first = connectAsUser();
        assertThatThrownBy(this::connectAsUser)
                .hasStackTraceContaining("refused for user '" + user + "'")
                .hasStackTraceContaining("connection limit (1) is reached");
        first.abort();
        connectAgain();
    }

    @Test
    void queuesOfAVirtualHost() throws IOException {
        limit("vhost-limits", vhost, "max-queues", 1);
        Connection one = connectAsUser();
        one.createChannel().queueDeclare("first", false, false, false, null);
        com.rabbitmq.client.Channel next = one.createChannel();
        Refusal refusal = Refusal.of(next, () -> next.queueDeclare("second", false, false, false, null));
        assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        one.abort();
    }
}
