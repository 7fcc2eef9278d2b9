package dev.pabal.broker.topology;

import static dev.pabal.broker.topology.FakeCatalog.ME;
import static dev.pabal.broker.topology.FakeCatalog.OTHER;
import static dev.pabal.broker.topology.FakeCatalog.VHOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private final FakeCatalog catalog = new FakeCatalog();
    private final TopologyRuntime topology = catalog.topology;

    // ---- queues

    @Test
    void aDeclaredQueueIsThereOnceHoweverOftenItIsDeclared() {
        Queue first = declare("orders", Map.of("x-max-length", 10));
        Queue second = declare("orders", Map.of("x-max-length", 10L));

        assertThat(second).isEqualTo(first);
        assertThat(first.topic()).isEqualTo("orders");
        assertThat(catalog.image.topic("orders")).isNotNull();
        assertThat(topology.queue(VHOST, "or\r\nders", ME)).isEqualTo(first);
    }

    @Test
    void whatDiffersIsSaidAsRabbitMqSaysIt() {
        declare("orders", Map.of("x-max-length", 10, "x-queue-type", "classic"));

        refused(
                () -> queue("orders", false, false, false, Map.of(), ME),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'durable' for queue 'orders' in vhost '/': received 'false' but current is 'true'");
        refused(
                () -> queue("orders", true, false, true, Map.of(), ME),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'auto_delete' for queue 'orders' in vhost '/': received 'true' but current is 'false'");
        refused(
                () -> declare("orders", Map.of()),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'x-max-length' for queue 'orders' in vhost '/': received none but current is the value"
                        + " '10' of type 'signedint'");
        refused(
                () -> declare("orders", Map.of("x-max-length", 11)),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'x-max-length' for queue 'orders' in vhost '/': received '11' but current is '10'");
        refused(
                () -> declare("orders", Map.of("x-max-length", 10, "x-queue-type", "quorum")),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'x-queue-type' for queue 'orders' in vhost '/': received 'quorum' but current is"
                        + " 'classic'");
        // No type means the default one.
        declare("orders", Map.of("x-max-length", 10));
    }

    @Test
    void anExclusiveQueueIsItsConnectionsAlone() {
        Queue mine = queue("mine", true, true, false, Map.of(), ME).join();
        String locked = "cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally"
                + " declared on another connection or the exclusive property value does not match that of the original"
                + " declaration.";

        assertThat(mine.durable()).isFalse();
        assertThat(mine.topic()).isNull();
        refused(() -> queue("mine", true, true, false, Map.of(), OTHER), Refusal.RESOURCE_LOCKED, locked);
        refused(() -> queue("mine", true, false, false, Map.of(), ME), Refusal.RESOURCE_LOCKED, locked);
        assertThatThrownBy(() -> topology.queue(VHOST, "mine", OTHER)).hasMessage(locked);
        refused(() -> topology.deleteQueue(VHOST, "mine", false, false, OTHER), Refusal.RESOURCE_LOCKED, locked);
        refused(() -> bind("amq.direct", "mine", "k", OTHER), Refusal.RESOURCE_LOCKED, locked);

        topology.connectionClosed(OTHER).join();
        assertThat(catalog.image.queue(VHOST, "mine")).isNotNull();
        topology.connectionClosed(ME).join();
        assertThat(catalog.image.queue(VHOST, "mine")).isNull();
        assertThat(catalog.history).filteredOn(CatalogChange::stored).isEmpty();
    }

    @Test
    void aServerNamedQueueHasANameOfItsOwnAndNoneForKafka() {
        Queue one = queue("", false, true, true, Map.of(), ME).join();
        Queue two = queue("", false, true, true, Map.of(), ME).join();

        assertThat(one.name()).matches("amq\\.gen-[A-Za-z0-9_-]{22}").isNotEqualTo(two.name());
        assertThat(one.topic()).isNull();
        refused(
                () -> queue("", true, false, false, Map.of("x-queue-type", "quorum"), ME),
                Refusal.PRECONDITION_FAILED,
                "Cannot declare a server-named queue for type rabbit_quorum_queue");
    }

    @Test
    void reservedNamesAndUnknownQueuesAreRefused() {
        refused(
                () -> declare("amq.mine", Map.of()),
                Refusal.ACCESS_REFUSED,
                "queue name 'amq.mine' contains reserved prefix 'amq.*'");
        assertThatThrownBy(() -> topology.queue(VHOST, "none", ME)).hasMessage("no queue 'none' in vhost '/'");
        assertThat(topology.deleteQueue(VHOST, "none", true, true, ME)).isCompletedWithValue(0L);
    }

    @Test
    void deletingAQueueTakesItsBindingsAndItsTopic() {
        declare("orders", Map.of());
        bind("amq.topic", "orders", "a.#", ME).join();
        topology.deleteQueue(VHOST, "orders", false, false, ME).join();

        assertThat(catalog.image.queue(VHOST, "orders")).isNull();
        assertThat(catalog.image.topic("orders")).isNull();
        assertThat(catalog.image.bindingsFrom(VHOST, "amq.topic")).isEmpty();
        assertThat(RoutesProbe.route(topology, "amq.topic", "a.b")).isEmpty();
    }

    // ---- names across protocols

    @Test
    void aNameThatKafkaCannotHaveIsNoFailedDeclare() {
        catalog.collide("a.b");
        assertThat(declare("a.b", Map.of()).topic()).isNull();
        assertThat(queue("temp", false, false, false, Map.of(), ME).join().topic())
                .isNull();
        assertThat(queue("auto", true, false, true, Map.of(), ME).join().topic())
                .isNull();
    }

    @Test
    void anExistingTopicIsAStreamAndMayBeLookedAtByAQueue() {
        Topic one = catalog.topic("events", 1);
        catalog.topic("wide", 3);

        Queue stream = topology.queue(VHOST, "events", ME);
        assertThat(stream.type()).isEqualTo(Queue.Type.STREAM);
        assertThat(stream.id()).isEqualTo(one.id());
        assertThat(declare("events", Map.of("x-queue-type", "stream"))).isEqualTo(stream);
        refused(
                () -> topology.deleteQueue(VHOST, "events", false, false, ME),
                Refusal.PRECONDITION_FAILED,
                "queue 'events' in vhost '/' is a topic that was not declared as a queue: delete it as a topic");

        Queue queue = declare("events", Map.of());
        assertThat(queue.view()).isEqualTo(Queue.View.SHARED);
        assertThat(queue.topic()).isEqualTo("events");
        assertThat(catalog.image.topic("events")).isEqualTo(one);
        topology.deleteQueue(VHOST, "events", false, false, ME).join();
        assertThat(catalog.image.topic("events")).isEqualTo(one);

        refused(
                () -> declare("wide", Map.of()),
                Refusal.PRECONDITION_FAILED,
                "queue 'wide' in vhost '/' is a topic with 3 partitions: declare it with x-queue-type stream, or bind an"
                        + " exchange to it");
    }

    @Test
    void aStreamIsATopicThatKeepsWhatItsArgumentsSay() {
        Queue stream = declare("log", Map.of("x-queue-type", "stream", "x-max-age", "7D", "x-max-length-bytes", 1000));
        Topic topic = catalog.image.topic("log");

        assertThat(stream.view()).isEqualTo(Queue.View.NONE);
        assertThat(topic.configs())
                .containsEntry("retention.ms", Long.toString(7 * 86_400_000L))
                .containsEntry("retention.bytes", "1000");
    }

    @Test
    void deletingATopicDeletesTheQueueThatItIsAndWhatWasBound() {
        declare("orders", Map.of());
        Topic plain = catalog.topic("plain", 1);
        bind("amq.direct", "orders", "k", ME).join();
        bind("amq.direct", "plain", "k", ME).join();
        assertThat(catalog.image.bindingsTo(VHOST, Binding.Kind.TOPIC, "plain")).hasSize(1);
        assertThat(RoutesProbe.route(topology, "amq.direct", "k"))
                .containsExactlyInAnyOrder("queue orders", "topic plain");

        for (String name : List.of("orders", "plain")) {
            Edits edits = new Edits(catalog.image);
            edits.removeTopic(catalog.image.topic(name));
            catalog.apply(edits.changes());
        }
        assertThat(catalog.image.topic(plain.id())).isNull();
        assertThat(catalog.image.queue(VHOST, "orders")).isNull();
        assertThat(RoutesProbe.route(topology, "amq.direct", "k")).isEmpty();
    }

    // ---- exchanges and bindings

    @Test
    void exchangesAreDeclaredComparedAndDeleted() {
        Exchange made = exchange("x", "topic", true, false).join();
        assertThat(exchange("x", "topic", true, false)).isCompletedWithValue(made);
        refused(
                () -> exchange("x", "direct", true, false),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'type' for exchange 'x' in vhost '/': received 'direct' but current is 'topic'");
        refused(
                () -> exchange("x", "topic", false, false),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'durable' for exchange 'x' in vhost '/': received 'false' but current is 'true'");
        refused(
                () -> exchange("amq.mine", "topic", true, false),
                Refusal.ACCESS_REFUSED,
                "exchange name 'amq.mine' contains reserved prefix 'amq.*'");
        assertThat(exchange("amq.topic", "topic", true, false).join().name()).isEqualTo("amq.topic");
        refused(
                () -> exchange("", "direct", true, false),
                Refusal.ACCESS_REFUSED,
                "operation not permitted on the default exchange");
        refused(
                () -> exchange("y", "nonsense", true, false),
                Refusal.PRECONDITION_FAILED,
                "unknown exchange type 'nonsense'");
        refused(
                () -> topology.deleteExchange(VHOST, "amq.topic", false),
                Refusal.ACCESS_REFUSED,
                "deletion of system exchange 'amq.topic' in vhost '/' not allowed");

        declare("q", Map.of());
        bind("x", "q", "k", ME).join();
        refused(
                () -> topology.deleteExchange(VHOST, "x", true),
                Refusal.PRECONDITION_FAILED,
                "exchange 'x' in vhost '/' in use");
        topology.deleteExchange(VHOST, "x", false).join();
        topology.deleteExchange(VHOST, "x", false).join();
        assertThat(catalog.image.bindingsTo(VHOST, Binding.Kind.QUEUE, "q")).isEmpty();
        assertThat(topology.routes(VHOST).exchange("x")).isNull();
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastBindingAndTakesOthersAlong() {
        exchange("first", "fanout", false, true).join();
        exchange("second", "fanout", false, true).join();
        declare("q", Map.of());
        topology.bind(new Binding(VHOST, "first", Binding.Kind.EXCHANGE, "second", "", Map.of()), ME)
                .join();
        bind("second", "q", "", ME).join();

        topology.deleteQueue(VHOST, "q", false, false, ME).join();

        assertThat(catalog.image.exchange(VHOST, "second")).isNull();
        assertThat(catalog.image.exchange(VHOST, "first")).isNull();
    }

    @Test
    void bindingTwiceIsBindingOnceAndUnbindingWhatIsNotThereIsNoError() {
        declare("q", Map.of());
        bind("amq.direct", "q", "k", ME).join();
        bind("amq.direct", "q", "k", ME).join();
        assertThat(catalog.image.bindingsFrom(VHOST, "amq.direct")).hasSize(1);

        unbind("amq.direct", "q", "other").join();
        unbind("amq.direct", "none", "k").join();
        unbind("none", "q", "k").join();
        assertThat(catalog.image.bindingsFrom(VHOST, "amq.direct")).hasSize(1);
        unbind("amq.direct", "q", "k").join();
        assertThat(catalog.image.bindingsFrom(VHOST, "amq.direct")).isEmpty();
    }

    @Test
    void bindingsNeedBothEnds() {
        declare("q", Map.of());
        refused(() -> bind("none", "q", "k", ME), Refusal.NOT_FOUND, "no exchange 'none' in vhost '/'");
        refused(() -> bind("amq.direct", "none", "k", ME), Refusal.NOT_FOUND, "no queue 'none' in vhost '/'");
        refused(
                () -> bind("", "q", "k", ME),
                Refusal.ACCESS_REFUSED,
                "operation not permitted on the default exchange");
    }

    @Test
    void aBindingIsStoredWhereBothOfItsEndsAre() {
        queue("passing", false, false, false, Map.of(), ME).join();
        declare("staying", Map.of());
        exchange("passing", "direct", false, false).join();
        bind("amq.direct", "passing", "k", ME).join();
        bind("passing", "staying", "k", ME).join();
        bind("amq.direct", "staying", "k", ME).join();

        assertThat(catalog.history)
                .filteredOn(CatalogChange.BindingCreated.class::isInstance)
                .extracting(CatalogChange::stored)
                .containsExactly(false, false, true);
    }

    @Test
    void aVirtualHostSaysOfWhichTypeQueuesAreThatSayNothing() {
        VirtualHost host = new VirtualHost("other", "", List.of(), Queue.Type.QUORUM);
        topology.administration().setVhost(host).join();

        Queue lasting = inOther("lasting", true, false, false, Map.of()).join();
        assertThat(lasting.type()).isEqualTo(Queue.Type.QUORUM);
        assertThat(lasting.arguments()).containsEntry("x-queue-type", "quorum");
        assertThat(inOther("lasting", true, false, false, Map.of()).join()).isEqualTo(lasting);
        assertThat(inOther("lasting", true, false, false, Map.of("x-queue-type", "quorum"))
                        .join())
                .isEqualTo(lasting);
        refused(
                () -> inOther("lasting", true, false, false, Map.of("x-queue-type", "classic"))
                        .join(),
                Refusal.PRECONDITION_FAILED,
                "inequivalent arg 'x-queue-type' for queue 'lasting' in vhost 'other': received 'classic' but current is"
                        + " 'quorum'");
        // What a quorum queue cannot be is classic.
        assertThat(List.of(
                        inOther("transient", false, false, false, Map.of()).join(),
                        inOther("mine", true, true, false, Map.of()).join(),
                        inOther("passing", true, false, true, Map.of()).join(),
                        inOther("said", true, false, false, Map.of("x-queue-type", "classic"))
                                .join()))
                .extracting(Queue::type)
                .containsOnly(Queue.Type.CLASSIC);
        refused(
                () -> inOther("auto", true, false, true, Map.of("x-queue-type", "quorum"))
                        .join(),
                Refusal.PRECONDITION_FAILED,
                "invalid property 'auto-delete' for queue 'auto' in vhost 'other'");
    }

    @Test
    void aQueueOfSqsIsFoundWhereNothingIsSaidWhateverItsVirtualHostHasForOthers() {
        topology.administration()
                .setVhost(new VirtualHost("other", "", List.of(), Queue.Type.STREAM))
                .join();
        Queue ofSqs =
                inOther("orders", true, false, false, Map.of("x-sqs", Map.of())).join();
        assertThat(ofSqs.type()).isEqualTo(Queue.Type.CLASSIC);
        assertThat(inOther("orders", true, false, false, Map.of()).join()).isEqualTo(ofSqs);
    }

    private CompletableFuture<Queue> inOther(
            String name, boolean durable, boolean exclusive, boolean auto, Map<String, Object> arguments) {
        return topology.declareQueue("other", name, durable, exclusive, auto, arguments, ME);
    }

    @Test
    void aVirtualHostGoesWithEverythingInIt() {
        VirtualHost host = new VirtualHost("other", "", List.of());
        topology.administration().setVhost(host).join();
        assertThat(topology.routes("other")).isNotNull();
        Queue queue = topology.declareQueue("other", "q", true, false, false, Map.of(), ME)
                .join();
        assertThat(queue.topic()).isNull();
        topology.bind(new Binding("other", "amq.direct", Binding.Kind.QUEUE, "q", "k", Map.of()), ME)
                .join();

        topology.administration().deleteVhost("other").join();

        assertThat(catalog.image.vhost("other")).isNull();
        assertThat(catalog.image.queue(queue.id())).isNull();
        assertThat(topology.routes("other")).isNull();
    }

    private Queue declare(String name, Map<String, Object> arguments) {
        return queue(name, true, false, false, arguments, ME).join();
    }

    private CompletableFuture<Queue> queue(
            String name, boolean durable, boolean exclusive, boolean auto, Map<String, Object> arguments, UUID who) {
        return topology.declareQueue(VHOST, name, durable, exclusive, auto, arguments, who);
    }

    private CompletableFuture<Exchange> exchange(String name, String type, boolean durable, boolean auto) {
        return topology.declareExchange(VHOST, name, type, durable, auto, false, Map.of());
    }

    private CompletableFuture<Void> bind(String source, String queue, String key, UUID who) {
        return topology.bind(new Binding(VHOST, source, Binding.Kind.QUEUE, queue, key, Map.of()), who);
    }

    private CompletableFuture<Void> unbind(String source, String queue, String key) {
        return topology.unbind(new Binding(VHOST, source, Binding.Kind.QUEUE, queue, key, Map.of()), ME);
    }

    private static void refused(Asking asking, Refusal refusal, String message) {
        ThrowingCallable waiting = () -> {
            Object asked = asking.ask();
            if (asked instanceof CompletableFuture<?> future) {
                future.join();
            }
        };
        assertThatThrownBy(waiting).satisfies(error -> {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            assertThat(cause).isInstanceOf(BrokerException.class).hasMessage(message);
            assertThat(((BrokerException) cause).refusal()).isEqualTo(refusal);
        });
    }

    /** Something that may fail at once or later. */
    private interface Asking {
        Object ask();
    }
}
