package dev.pabal.conformance.amqp;

import static com.rabbitmq.client.BuiltinExchangeType.LOCAL_RANDOM;
import static com.rabbitmq.client.BuiltinExchangeType.MODULUS_HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Declaring exchanges, finding them equal or not, deleting them, and those that nobody may touch. */
class ExchangeTest extends AmqpTest {
    ExchangeTest(AmqpUnderTest broker) {
        super(broker);
    }

    @ParameterizedTest
    @EnumSource(BuiltinExchangeType.class)
    void anEqualDeclarationIsFine(BuiltinExchangeType type) throws IOException {
        if (broker.isOracle()) {
            assumeThat(type).as("older brokers have these as plugins").isNotIn(MODULUS_HASH, LOCAL_RANDOM);
        }
        String name = unique("x");
        channel.exchangeDeclare(name, type);
        assertEqualDeclaration(name, type.getType(), false, false, null);
        channel.exchangeDelete(name);
        channel.exchangeDeclare(name, type, true);
        assertEqualDeclaration(name, type.getType(), true, false, null);
        channel.exchangeDelete(name);
        channel.exchangeDeclareNoWait(name, type, false, false, false, null);
        assertEqualDeclaration(name, type.getType(), false, false, table("a-word-that-means-nothing", "foo"));
        channel.exchangeDelete(name);
        assertThat(exchangeExists(name)).isFalse();
    }

    private void assertEqualDeclaration(
            String name, String type, boolean durable, boolean autoDelete, Map<String, Object> arguments)
            throws IOException {
        channel.exchangeDeclarePassive(name);
        channel.exchangeDeclare(name, type, durable, autoDelete, arguments);
    }

    @Test
    void anUnequalDeclarationSaysInWhat() throws IOException {
        String name = unique("x");
        channel.exchangeDeclare(name, "direct", false, false, table("alternate-exchange", "ume"));
        assertUnequal(
                "inequivalent arg 'durable' for exchange '" + name
                        + "' in vhost '/': received 'true' but current is 'false'",
                () -> channel.exchangeDeclare(name, "direct", true, false, table("alternate-exchange", "ume")));
        assertUnequal(
                "inequivalent arg 'type' for exchange '" + name
                        + "' in vhost '/': received 'fanout' but current is 'direct'",
                () -> channel.exchangeDeclare(name, "fanout", false, false, table("alternate-exchange", "ume")));
        assertUnequal(
                "inequivalent arg 'auto_delete' for exchange '" + name
                        + "' in vhost '/': received 'true' but current is 'false'",
                () -> channel.exchangeDeclare(name, "direct", false, true, table("alternate-exchange", "ume")));
        assertUnequal(
                "inequivalent arg 'internal' for exchange '" + name
                        + "' in vhost '/': received 'true' but current is 'false'",
                () -> channel.exchangeDeclare(name, "direct", false, false, true, table("alternate-exchange", "ume")));
        assertUnequal(
                "inequivalent arg 'alternate-exchange' for exchange '" + name + "' in vhost '/'",
                () -> channel.exchangeDeclare(name, "direct", false, false, table("alternate-exchange", "other")));
        assertUnequal(
                "inequivalent arg 'alternate-exchange' for exchange '" + name + "' in vhost '/'",
                () -> channel.exchangeDeclare(name, "direct", false, false, null));
        channel.exchangeDelete(name);
    }

    private void assertUnequal(String text, Refusal.Action action) throws IOException {
        Refusal refusal = refused(action);
        assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        assertThat(refusal.text()).startsWith("PRECONDITION_FAILED - " + text);
    }

    @Test
    void lineEndsAreStrippedFromNames() throws IOException {
        String name = unique("x");
        channel.exchangeDeclare("\n" + name + "\r\n", "direct", false, false, null);
        assertEqualDeclaration(name, "direct", false, false, null);
        String inside = name.substring(0, 1) + "\r\n" + name.substring(1) + "\n\r";
        channel.exchangeDeclare(inside, "direct", false, false, null);
        channel.exchangeDelete(name);
        assertThat(exchangeExists(name)).isFalse();
    }

    @Test
    void deletingTwiceIsNoError() throws IOException {
        String name = unique("x");
        channel.exchangeDelete(name);
        channel.exchangeDeclare(name, "direct");
        channel.exchangeDelete(name);
        channel.exchangeDelete(name);
    }

    @Test
    void deletingTakesTheBindingsWithIt() throws IOException {
        String name = unique("x");
        String queue = queue();
        channel.exchangeDeclare(name, "direct", true);
        channel.queueBind(queue, name, "k");
        publishTo(name, "k", "routed");
        assertThat(take(queue)).isEqualTo("routed");
        channel.exchangeDelete(name);
        channel.exchangeDeclare(name, "direct");
        publishTo(name, "k", "not routed");
        assertThat(take(queue)).isNull();
        channel.exchangeDelete(name);
    }

    @Test
    void deletingIfUnusedMindsBindings() throws IOException {
        String name = unique("x");
        String other = unique("x");
        channel.exchangeDeclare(name, "fanout");
        channel.exchangeDeclare(other, "fanout");
        channel.queueBind(queue(), name, "");
        Refusal refusal = refused(() -> channel.exchangeDelete(name, true));
        assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
        assertThat(refusal.text()).isEqualTo("PRECONDITION_FAILED - exchange '" + name + "' in vhost '/' in use");
        channel.exchangeBind(other, name, "");
        channel.exchangeDelete(other, true);
        channel.exchangeDelete(name);
    }

    @Test
    void passiveFindsWhatIsThereAndReadsNothingElse() throws IOException {
        String name = unique("x");
        channel.exchangeDeclare(name, "topic", false, true, null);
        channel.exchangeDeclarePassive(name);
        channel.exchangeDelete(name);
        Refusal refusal = refused(() -> channel.exchangeDeclarePassive(name));
        assertThat(refusal.code()).isEqualTo(AMQP.NOT_FOUND);
        assertThat(refusal.text()).isEqualTo("NOT_FOUND - no exchange '" + name + "' in vhost '/'");
    }

    @Test
    void thePredeclaredAreThereAndStay() throws IOException {
        for (String name :
                List.of("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match", "amq.rabbitmq.trace")) {
            channel.exchangeDeclarePassive(name);
            Refusal refusal = refused(() -> channel.exchangeDelete(name));
            assertThat(refusal.code()).as(name).isEqualTo(AMQP.ACCESS_REFUSED);
            assertThat(refusal.closedConnection()).isFalse();
        }
        channel.exchangeDeclare("amq.direct", "direct", true);
        assertRefused(AMQP.PRECONDITION_FAILED, () -> channel.exchangeDeclare("amq.direct", "fanout", true));
    }

    @Test
    void amqNamesAreReserved() throws IOException {
        Refusal refusal = refused(() -> channel.exchangeDeclare("amq.mine", "direct"));
        assertThat(refusal.code()).isEqualTo(AMQP.ACCESS_REFUSED);
        assertThat(refusal.text())
                .startsWith("ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'");
        assertRefused(AMQP.NOT_FOUND, () -> channel.exchangeDeclarePassive("amq.mine"));
    }

    @Test
    void theDefaultExchangeIsForPublishingOnly() throws IOException {
        String queue = queue(Map.of());
        List<Refusal.Action> forbidden = List.of(
                () -> channel.queueBind(queue, "", "foobar"),
                () -> channel.queueUnbind(queue, "", queue),
                () -> channel.exchangeDeclare("", "direct", true),
                () -> channel.exchangeDelete(""),
                () -> channel.exchangeBind("amq.fanout", "", "k"),
                () -> channel.exchangeBind("", "amq.fanout", "k"));
        for (Refusal.Action action : forbidden) {
            Refusal refusal = refused(action);
            assertThat(refusal.code()).isEqualTo(AMQP.ACCESS_REFUSED);
            assertThat(refusal.text()).isEqualTo("ACCESS_REFUSED - operation not permitted on the default exchange");
        }
    }

    @Test
    void anUnknownTypeIsRefused() throws IOException {
        Refusal refusal = refused(() -> channel.exchangeDeclare(unique("x"), "telepathic"));
        assertThat(refusal.text()).endsWith(" - unknown exchange type 'telepathic'");
        if (broker.isOracle()) {
            assertThat(refusal.code()).as("up to version 3").isEqualTo(AMQP.COMMAND_INVALID);
        } else {
            assertThat(refusal.code()).isEqualTo(AMQP.PRECONDITION_FAILED);
            assertThat(refusal.closedConnection()).isFalse();
        }
    }

    @Test
    void whatIsNotWaitedForIsDone() throws IOException {
        String name = unique("x");
        String queue = queue();
        channel.exchangeDeclareNoWait(name, "fanout", false, false, false, null);
        channel.exchangeBindNoWait(name, "amq.fanout", "no-wait", null);
        channel.queueBindNoWait(queue, name, "", null);
        publishTo(name, "", "m");
        assertThat(take(queue)).isEqualTo("m");
        channel.exchangeUnbindNoWait(name, "amq.fanout", "no-wait", null);
        channel.exchangeDeclarePassive(name);
        channel.exchangeDeleteNoWait(name, false);
        assertRefused(AMQP.NOT_FOUND, () -> channel.exchangeDeclarePassive(name));
    }

    @Test
    void publishingToWhatIsNotThereClosesTheChannel() throws IOException {
        String missing = unique("missing");
        Refusal refusal = refused(() -> publishTo(missing, "k", "m"));
        assertThat(refusal)
                .isEqualTo(new Refusal(404, "NOT_FOUND - no exchange '" + missing + "' in vhost '/'", false));
    }
}
