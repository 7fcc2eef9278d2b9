package dev.pabal.broker.topology;

import static dev.pabal.broker.topology.FakeCatalog.ME;
import static dev.pabal.broker.topology.FakeCatalog.VHOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.broker.queue.QueueSettings;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import dev.pabal.queue.ViewOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueSettingsTest {
    private final FakeCatalog catalog = new FakeCatalog();
    private final TopologyRuntime topology = catalog.topology;

    @Test
    void argumentsBecomeSettings() {
        QueueSettings settings = settings(Map.of(
                "x-message-ttl",
                1000,
                "x-max-length",
                5,
                "x-overflow",
                "reject-publish",
                "x-dead-letter-exchange",
                "dlx",
                "x-dead-letter-routing-key",
                "dead",
                "x-max-priority",
                10,
                "x-single-active-consumer",
                true,
                "x-expires",
                60_000,
                "x-retain",
                "1h"));

        assertThat(settings.view().messageTtlMs()).isEqualTo(1000);
        assertThat(settings.view().maxLength()).isEqualTo(5);
        assertThat(settings.view().overflow()).isEqualTo(ViewOptions.Overflow.REJECT_PUBLISH);
        assertThat(settings.view().deadLetters()).isTrue();
        assertThat(settings.view().maxPriority()).isEqualTo(10);
        assertThat(settings.view().deliveryLimit()).isEqualTo(-1);
        assertThat(settings.view().retainMs()).isEqualTo(3_600_000);
        assertThat(settings.deadLetterExchange()).isEqualTo("dlx");
        assertThat(settings.deadLetterRoutingKey()).isEqualTo("dead");
        assertThat(settings.singleActive()).isTrue();
        assertThat(settings.expiresMs()).isEqualTo(60_000);
        assertThat(settings.consumerTimeoutMs()).isEqualTo(1_800_000);
    }

    @Test
    void quorumQueuesGiveUpAfterTwentyFailuresUnlessToldOtherwise() {
        assertThat(settings(Map.of("x-queue-type", "quorum")).view().deliveryLimit())
                .isEqualTo(20);
        assertThat(settings(Map.of("x-queue-type", "quorum", "x-delivery-limit", 3))
                        .view()
                        .deliveryLimit())
                .isEqualTo(3);
        assertThat(settings(Map.of("x-queue-type", "quorum", "x-delivery-limit", -1))
                        .view()
                        .deliveryLimit())
                .isEqualTo(-1);
    }

    @Test
    void theLowestLimitHoldsAndOtherwiseTheArgumentBeatsThePolicyAndTheOperatorBoth() {
        Queue queue = declare("orders", Map.of("x-max-length", 100, "x-dead-letter-exchange", "mine"));
        set(
                "by-user",
                ".*",
                "queues",
                1,
                false,
                Map.of("max-length", 50, "message-ttl", 7L, "dead-letter-exchange", "theirs", "overflow", "drop-head"));
        set("by-operator", "^ord", "queues", 1, true, Map.of("max-length", 70, "overflow", "reject-publish"));

        QueueSettings settings = topology.settings(queue);

        assertThat(settings.view().maxLength()).isEqualTo(50);
        assertThat(settings.view().messageTtlMs()).isEqualTo(7);
        assertThat(settings.deadLetterExchange()).isEqualTo("mine");
        assertThat(settings.view().overflow()).isEqualTo(ViewOptions.Overflow.REJECT_PUBLISH);
        assertThat(settings.policy()).isEqualTo("by-user");
        assertThat(settings.operatorPolicy()).isEqualTo("by-operator");
    }

    @Test
    void ofPoliciesThatMatchTheHighestPriorityHolds() {
        Queue classic = declare("orders", Map.of());
        Queue quorum = declare("orders-q", Map.of("x-queue-type", "quorum"));
        set("low", ".*", "all", 1, false, Map.of("max-length", 1));
        set("high", "^orders", "classic_queues", 5, false, Map.of("max-length", 2));
        set("highest", "^other", "queues", 9, false, Map.of("max-length", 3));

        assertThat(topology.settings(classic).view().maxLength()).isEqualTo(2);
        assertThat(topology.settings(quorum).view().maxLength()).isEqualTo(1);
    }

    @Test
    void queuesLearnOfChangedPoliciesAndOthersAreLeftAlone() {
        List<String> told = new ArrayList<>();
        topology.onSettingsChanged((queue, settings) ->
                told.add(queue.name() + " " + settings.view().maxLength()));
        declare("orders", Map.of());
        declare("else", Map.of());
        set("limit", "^orders$", "queues", 1, false, Map.of("max-length", 9));
        topology.administration().deletePolicy(VHOST, "limit", false).join();

        assertThat(told).containsExactly("orders 9", "orders -1");
    }

    @Test
    void aPolicyGivesAnExchangeItsAlternate() {
        declare("lost", Map.of());
        topology.declareExchange(VHOST, "main", "direct", true, false, false, Map.of())
                .join();
        topology.bind(new Binding(VHOST, "amq.fanout", Binding.Kind.QUEUE, "lost", "", Map.of()), ME)
                .join();
        assertThat(RoutesProbe.route(topology, "main", "k")).isEmpty();
        set("ae", "^main$", "exchanges", 0, false, Map.of("alternate-exchange", "amq.fanout"));
        assertThat(RoutesProbe.route(topology, "main", "k")).containsExactly("queue lost");
        topology.administration().deletePolicy(VHOST, "ae", false).join();
        assertThat(RoutesProbe.route(topology, "main", "k")).isEmpty();
    }

    @Test
    void policiesThatMeanNothingAreRefused() {
        for (Map<String, Object> definition : List.<Map<String, Object>>of(
                Map.of(), Map.of("no-such-key", 1), Map.of("max-length", "ten"), Map.of("message-ttl", -1))) {
            assertThatThrownBy(() -> set("p", ".*", "all", 0, false, definition))
                    .hasMessageContaining("Validation failed");
        }
        assertThatThrownBy(() -> set("p", "(", "all", 0, false, Map.of("max-length", 1)))
                .hasMessageContaining("regular expression");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classic | x-expires       | 0    | invalid arg 'x-expires' for queue 'q' in vhost '/': {value_zero,0}",
                "classic | x-message-ttl   | -1   | invalid arg 'x-message-ttl' for queue 'q' in vhost '/': {value_negative,-1}",
                "classic | x-max-priority  | 256  | invalid arg 'x-max-priority' for queue 'q' in vhost '/': {max_value_exceeded,256}",
                "quorum  | x-max-priority  | 5    | invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue",
                "stream  | x-message-ttl   | 5    | invalid arg 'x-message-ttl' for queue 'q' in vhost '/' of queue type rabbit_stream_queue",
                "classic | x-max-age       | 5    | invalid arg 'x-max-age' for queue 'q' in vhost '/' of queue type rabbit_classic_queue",
            })
    void argumentsAreCheckedByType(String type, String name, int value, String message) {
        assertThatThrownBy(() -> declare("q", Map.of("x-queue-type", type, name, value)))
                .hasRootCauseMessage(message);
    }

    @Test
    void wordsAreCheckedToo() {
        assertThatThrownBy(() -> declare("q", Map.of("x-overflow", "maybe")))
                .hasRootCauseMessage("invalid arg 'x-overflow' for queue 'q' in vhost '/': invalid_overflow");
        assertThatThrownBy(() -> declare("q", Map.of("x-dead-letter-routing-key", "k")))
                .hasRootCauseMessage(
                        "invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/': routing_key_but_no_dlx_defined");
        assertThat(declare("located", Map.of("x-queue-master-locator", "min-masters"))
                        .arguments())
                .containsKey("x-queue-master-locator");
        assertThatThrownBy(() -> declare("q", Map.of("x-queue-type", "quorum", "x-queue-master-locator", "random")))
                .hasRootCauseMessage(
                        "invalid arg 'x-queue-master-locator' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue");
        assertThatThrownBy(() -> declare("q", Map.of("x-queue-type", "other")))
                .hasRootCauseMessage(
                        "invalid arg 'x-queue-type' for queue 'q' in vhost '/': \"unsupported queue type 'other'\"");
        assertThatThrownBy(() -> declare("q", Map.of("x-expires", "soon")))
                .hasRootCauseMessage(
                        "invalid arg 'x-expires' for queue 'q' in vhost '/': \"expected integer, got longstr\"");
    }

    private int declared;

    private QueueSettings settings(Map<String, Object> arguments) {
        return topology.settings(declare("q" + declared++, arguments));
    }

    private Queue declare(String name, Map<String, Object> arguments) {
        return topology.declareQueue(VHOST, name, true, false, false, arguments, ME)
                .join();
    }

    private void set(
            String name,
            String pattern,
            String applyTo,
            int priority,
            boolean operator,
            Map<String, Object> definition) {
        topology.administration()
                .setPolicy(new Policy(VHOST, name, pattern, applyTo, definition, priority, operator))
                .join();
    }
}
