package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user may configure, write and read, in a virtual host of this test's own. */
class PermissionTest extends AmqpTest {
    private static final List<String> NAMES = List.of("configure", "write", "read", "none");

    private final Management management;
    private final String vhost = unique("/test");
    private final String user = unique("user");
    private Connection asUser;
    private Channel admin;

    PermissionTest(AmqpUnderTest broker) {
        super(broker);
        management = new Management(broker);
    }

    @BeforeEach
    void addUser() throws IOException {
        management.put("{}", "vhosts", vhost);
        management.put("{\"password\":\"secret\",\"tags\":\"\"}", "users", user);
        management.put("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", "permissions", vhost, "guest");
        permit("configure", "write", "read");
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost(vhost);
        admin = AmqpUnderTest.connect(factory).createChannel();
        for (String name : NAMES) {
            admin.exchangeDeclare(name, "direct");
            admin.queueDeclare(name, false, false, false, null);
        }
        asUser = connectAs("secret");
    }

    @AfterEach
    void removeUser() throws IOException {
        asUser.abort();
        admin.getConnection().abort();
        management.clear("vhosts", vhost);
        management.clear("users", user);
    }

    private void permit(String configure, String write, String read) throws IOException {
        management.put(
                "{\"configure\":\"" + configure + "\",\"write\":\"" + write + "\",\"read\":\"" + read + "\"}",
                "permissions",
                vhost,
                user);
    }

    private Connection connectAs(String password) throws IOException {
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost(vhost);
        factory.setUsername(user);
        factory.setPassword(password);
        return AmqpUnderTest.connect(factory);
    }

    /** Something done to the exchange or queue of a name, on a channel of the user's. */
    private interface With {
        void apply(Channel channel, String name) throws IOException;
    }

    private void assertAllowed(Set<String> allowed, With action, String... names) throws IOException {
        for (String name : names.length == 0 ? NAMES.toArray(new String[0]) : names) {
            Channel one = asUser.createChannel();
            if (allowed.contains(name)) {
                action.apply(one, name);
                one.basicQos(0);
                one.abort();
            } else {
                Refusal refusal = Refusal.of(one, () -> action.apply(one, name));
                assertThat(refusal.code()).as("%s: %s", name, refusal).isEqualTo(AMQP.ACCESS_REFUSED);
                assertThat(refusal.closedConnection()).isFalse();
            }
        }
    }

    @Test
    void aWrongPasswordIsToldAsSuch() {
        assertThatThrownBy(() -> connectAs("wrong"))
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining("ACCESS_REFUSED");
    }

    @Test
    void avirtualHostWithoutPermissionsIsRefused() {
        ConnectionFactory factory = broker.factory();
        factory.setUsername(user);
        factory.setPassword("secret");
        assertThatThrownBy(() -> AmqpUnderTest.connect(factory))
                .hasStackTraceContaining("NOT_ALLOWED - ")
                .hasStackTraceContaining("access to vhost '/' refused for user '" + user + "'");
    }

    @Test
    void configuring() throws IOException {
        String[] names = {"configure-me", "write-me", "read-me", "none"};
        Set<String> may = Set.of("configure-me");
        assertAllowed(may, (c, name) -> c.exchangeDeclare(name, "direct"), names);
        assertAllowed(may, Channel::exchangeDelete, names);
        assertAllowed(may, (c, name) -> c.queueDeclare(name, false, false, false, null), names);
        assertAllowed(may, Channel::queueDelete, names);
        assertAllowed(Set.copyOf(NAMES), (c, name) -> c.exchangeDeclarePassive(name));
        assertAllowed(Set.copyOf(NAMES), (c, name) -> c.queueDeclarePassive(name));
        Channel one = asUser.createChannel();
        Refusal refusal = Refusal.of(one, () -> one.queueDeclare("none", false, false, false, null));
        assertThat(refusal.text())
                .startsWith("ACCESS_REFUSED - ")
                .contains("access to queue 'none' in vhost '" + vhost + "' refused for user '" + user + "'");
    }

    @Test
    void writing() throws IOException {
        assertAllowed(Set.of("write"), (c, name) -> c.basicPublish(name, "", null, bytes("m")));
        assertAllowed(Set.of("write"), (c, name) -> c.queueBind(name, "read", ""));
    }

    @Test
    void reading() throws IOException {
        assertAllowed(Set.of("read"), (c, name) -> c.basicGet(name, true));
        assertAllowed(Set.of("read"), (c, name) -> c.basicConsume(name, new Inbox(c)));
        assertAllowed(Set.of("read"), Channel::queuePurge);
        assertAllowed(Set.of("read"), (c, name) -> c.queueBind("write", name, ""));
    }

    @Test
    void whatAnArgumentNamesIsWrittenToAndReadFrom() throws IOException {
        With alternate = (c, name) -> {
            c.exchangeDeclare("configure-and-read-me", "direct", false, false, table("alternate-exchange", name));
            c.exchangeDelete("configure-and-read-me");
        };
        With deadLetters = (c, name) -> {
            c.queueDeclare("configure-and-read-me", false, false, false, table("x-dead-letter-exchange", name));
            c.queueDelete("configure-and-read-me");
        };
        assertAllowed(Set.of("write"), alternate);
        assertAllowed(Set.of("write"), deadLetters);
        assertAllowed(
                Set.of(),
                (c, name) ->
                        c.queueDeclare("configure-me", false, false, false, table("x-dead-letter-exchange", name)));
    }

    @Test
    void takingAllPermissionsAwayRefusesEverything() throws IOException {
        permit("", "", "");
        List<With> all = List.of(
                (c, name) -> c.queueDeclare(),
                (c, name) -> c.queueDelete("configure"),
                (c, name) -> c.queueBind("write", "write", "write"),
                (c, name) -> c.queuePurge("read"),
                (c, name) -> c.exchangeDeclare("justanexchange", "direct"),
                (c, name) -> c.basicPublish("write", "", null, bytes("m")),
                (c, name) -> c.basicGet("read", false),
                (c, name) -> c.basicConsume("read", new Inbox(c)));
        for (With one : all) {
            assertAllowed(Set.of(), one, "");
        }
    }

    @Test
    void topicsHavePermissionsOfTheirKeys() throws IOException {
        permit(".*", ".*", ".*");
        admin.exchangeDeclare("protected", "topic");
        admin.exchangeDeclare("open", "topic");
        management.put(
                "{\"exchange\":\"protected\",\"write\":\"^a\",\"read\":\".*\"}", "topic-permissions", vhost, user);
        management.put("{\"exchange\":\"none\",\"write\":\"^a\",\"read\":\".*\"}", "topic-permissions", vhost, user);
        assertAllowed(Set.of("a.b.c"), (c, key) -> c.basicPublish("protected", key, null, bytes("m")), "a.b.c", "b.c");
        assertAllowed(Set.of("b.c"), (c, key) -> c.basicPublish("open", key, null, bytes("m")), "b.c");
        assertAllowed(Set.of("b.c"), (c, key) -> c.basicPublish("none", key, null, bytes("m")), "b.c");
    }

    @Test
    void anImpersonatorMaySayAnotherName() throws IOException {
        permit(".*", ".*", ".*");
        With posing = (c, name) ->
                c.basicPublish("", "read", properties().userId("somebody else").build(), bytes("m"));
        Channel one = asUser.createChannel();
        assertThat(Refusal.of(one, () -> posing.apply(one, "")).code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        management.put("{\"password\":\"secret\",\"tags\":\"impersonator\"}", "users", user);
        asUser.abort();
        asUser = connectAs("secret");
        Channel other = asUser.createChannel();
        posing.apply(other, "");
        other.basicQos(0);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void virtualHostsAreApart() throws IOException {
        channel.queueDeclare("configure", false, true, false, null);
        publish("configure", "in /");
        channel.basicQos(0);
        assertThat(admin.basicGet("configure", true)).isNull();
        assertThat(take("configure")).isEqualTo("in /");
    }
}
