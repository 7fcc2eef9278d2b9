package dev.pabal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatalogImageTest {
    private final CatalogDraft draft = CatalogImage.empty().draft();
    private long nextId = 1;

    CatalogImageTest() {
        draft.apply(new CatalogChange.VirtualHostSet(new VirtualHost("/", "", List.of())));
    }

    private UUID id() {
        return new UUID(7, nextId++);
    }

    private Queue queue(String name, String topic, Queue.Type type, Queue.View view, Map<String, Object> arguments) {
        return new Queue(id(), "/", name, topic, type, view, true, false, null, arguments, 5);
    }

    private static Binding binding(String source, String destination) {
        return new Binding("/", source, Binding.Kind.QUEUE, destination, "k", Map.of());
    }

    @Test
    void aVirtualHostShowsThePredeclaredExchangesWithTheSameIdsEveryTime() {
        CatalogImage image = draft.image();
        assertThat(image.exchanges("/"))
                .extracting(Exchange::name)
                .containsExactly(
                        "", "amq.direct", "amq.fanout", "amq.headers", "amq.match", "amq.rabbitmq.trace", "amq.topic");
        assertThat(image.exchange("/", "amq.rabbitmq.trace").internal()).isTrue();
        assertThat(image.exchange("/", "amq.match").type()).isEqualTo("headers");
        CatalogImage other = CatalogImage.empty()
                .apply(new CatalogChange.VirtualHostSet(new VirtualHost("/", "other", List.of("t"))));
        assertThat(other.exchanges("/")).containsExactlyElementsOf(image.exchanges("/"));
        assertThat(image.exchange("absent", "")).isNull();
        assertThat(image.exchanges("absent")).isEmpty();
    }

    @Test
    void aQueueWithATopicsNameIsATopicThatKeepsWhatIsNotSettled() {
        Queue queue = queue("orders", "orders", Queue.Type.CLASSIC, Queue.View.OWNER, Map.of());
        draft.apply(new CatalogChange.QueueCreated(queue));
        Topic topic = draft.image().topic("orders");
        assertThat(topic.id()).isEqualTo(queue.id());
        assertThat(topic.partitions()).isEqualTo(1);
        assertThat(topic.firstShard()).isEqualTo(5);
        assertThat(topic.configs())
                .containsOnly(
                        Map.entry("retention.ms", "-1"),
                        Map.entry("retention.bytes", "-1"),
                        Map.entry("cleanup.policy", "delete"));
        CatalogImage before = draft.image();
        draft.apply(new CatalogChange.QueueDeleted(queue.id(), true));
        assertThat(draft.image().topic("orders")).isNull();
        assertThat(draft.image().queue(queue.id())).isNull();
        assertThat(draft.image().queue("/", "orders")).isNull();
        assertThat(before.topic(queue.id())).isEqualTo(topic);
        assertThat(before.queue("/", "orders")).isEqualTo(queue);
    }

    @Test
    void queuesAreFoundInOrderFromANameOn() {
        for (String name : List.of("c", "a", "b", "ab")) {
            draft.apply(
                    new CatalogChange.QueueCreated(queue(name, name, Queue.Type.CLASSIC, Queue.View.OWNER, Map.of())));
        }
        assertThat(draft.image().queuesFrom("/", "aa")).extracting(Queue::name).containsExactly("ab", "b", "c");
        assertThat(draft.image().queuesFrom("/", "c")).extracting(Queue::name).containsExactly("c");
        assertThat(draft.image().queuesFrom("/", "d")).isEmpty();
        assertThat(draft.image().queuesFrom("nowhere", "")).isEmpty();
    }

    @Test
    void aStreamsArgumentsAreItsTopicsConfigs() {
        Map<String, Object> arguments =
                Map.of("x-max-age", "7D", "x-max-length-bytes", 1000L, "x-stream-max-segment-size-bytes", 100);
        draft.apply(new CatalogChange.QueueCreated(queue("s", "s", Queue.Type.STREAM, Queue.View.NONE, arguments)));
        assertThat(draft.image().topic("s").configs())
                .containsOnly(
                        Map.entry("retention.ms", "604800000"),
                        Map.entry("retention.bytes", "1000"),
                        Map.entry("segment.bytes", "1048576"),
                        Map.entry("cleanup.policy", "delete"));
    }

    @Test
    void aQueueWithoutATopicsNameAndOneThatLooksAtATopicBringNone() {
        Topic topic = new Topic(id(), "t", 1, 0, Map.of(), false);
        draft.apply(new CatalogChange.TopicCreated(topic));
        Queue shared = queue("t", "t", Queue.Type.CLASSIC, Queue.View.SHARED, Map.of());
        draft.apply(new CatalogChange.QueueCreated(shared));
        draft.apply(new CatalogChange.QueueCreated(queue("a b", null, Queue.Type.CLASSIC, Queue.View.OWNER, Map.of())));
        assertThat(draft.image().topics()).containsExactly(topic);
        draft.apply(new CatalogChange.QueueDeleted(shared.id(), true));
        assertThat(draft.image().topics()).containsExactly(topic);
    }

    @Test
    void aQueueThatTakesATopicsNameIsRefusedAndChangesNothing() {
        draft.apply(new CatalogChange.TopicCreated(new Topic(id(), "t", 1, 0, Map.of(), false)));
        CatalogImage before = draft.image();
        Queue queue = queue("t", "t", Queue.Type.CLASSIC, Queue.View.OWNER, Map.of());
        assertThatThrownBy(() -> draft.apply(new CatalogChange.QueueCreated(queue)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(draft.image()).isEqualTo(before);
    }

    @Test
    void bindingsAreFoundFromBothEndsAndAreTheSameWhereAllTheirFieldsAre() {
        Binding one = binding("amq.direct", "q");
        Binding two = new Binding("/", "amq.direct", Binding.Kind.QUEUE, "q", "k", Map.of("a", 1));
        draft.apply(new CatalogChange.BindingCreated(one, true));
        draft.apply(new CatalogChange.BindingCreated(one, true));
        draft.apply(new CatalogChange.BindingCreated(two, true));
        assertThat(draft.image().bindingsFrom("/", "amq.direct")).containsExactlyInAnyOrder(one, two);
        assertThat(draft.image().bindingsTo("/", Binding.Kind.QUEUE, "q")).containsExactlyInAnyOrder(one, two);
        assertThat(draft.image().bindingsTo("/", Binding.Kind.TOPIC, "q")).isEmpty();
        draft.apply(new CatalogChange.BindingDeleted(one, true));
        draft.apply(new CatalogChange.BindingDeleted(binding("amq.direct", "absent"), true));
        assertThat(draft.image().bindingsFrom("/", "amq.direct")).containsExactly(two);
        draft.apply(new CatalogChange.BindingDeleted(two, true));
        assertThat(draft.image().bindingsFrom("/", "amq.direct")).isEmpty();
        assertThat(draft.image().bindingsTo("/", Binding.Kind.QUEUE, "q")).isEmpty();
    }

    @Test
    void aUserGoesWithAllThatItMayDo() {
        draft.apply(new CatalogChange.UserSet(new User("u", "", "", List.of())));
        draft.apply(new CatalogChange.PermissionSet(new Permission("u", "/", "c", "w", "r")));
        draft.apply(new CatalogChange.PermissionSet(new Permission("other", "/", "c", "w", "r")));
        draft.apply(new CatalogChange.TopicPermissionSet(new TopicPermission("u", "/", "e", "w", "r")));
        assertThat(draft.image().topicPermission("u", "/", "e").write()).isEqualTo("w");
        draft.apply(new CatalogChange.UserDeleted("u"));
        assertThat(draft.image().user("u")).isNull();
        assertThat(draft.image().permission("u", "/")).isNull();
        assertThat(draft.image().topicPermissions()).isEmpty();
        assertThat(draft.image().permissions()).extracting(Permission::user).containsExactly("other");
    }

    @Test
    void topicPermissionsGoOneByOneOrAllOfAVirtualHost() {
        for (String exchange : List.of("e", "f", "g")) {
            draft.apply(new CatalogChange.TopicPermissionSet(new TopicPermission("u", "/", exchange, "w", "r")));
        }
        draft.apply(new CatalogChange.TopicPermissionSet(new TopicPermission("u", "v", "e", "w", "r")));
        draft.apply(new CatalogChange.TopicPermissionDeleted("u", "/", "e"));
        assertThat(draft.image().topicPermissions())
                .extracting(TopicPermission::exchange)
                .containsExactly("f", "g", "e");
        draft.apply(new CatalogChange.TopicPermissionDeleted("u", "/", ""));
        assertThat(draft.image().topicPermissions())
                .extracting(TopicPermission::vhost)
                .containsExactly("v");
    }

    @Test
    void aPolicyAndAnOperatorsPolicyOfOneNameStandSideBySide() {
        Policy policy = new Policy("/", "p", ".*", "queues", Map.of("message-ttl", 1), 0, false);
        Policy operator = new Policy("/", "p", ".*", "queues", Map.of("message-ttl", 2), 0, true);
        draft.apply(new CatalogChange.PolicySet(policy));
        draft.apply(new CatalogChange.PolicySet(operator));
        assertThat(draft.image().policies("/")).containsExactlyInAnyOrder(policy, operator);
        draft.apply(new CatalogChange.PolicyDeleted("/", "p", true));
        assertThat(draft.image().policies("/")).containsExactly(policy);
        Parameter parameter = new Parameter("vhost-limits", "/", "limits", Map.of("max-queues", 1));
        draft.apply(new CatalogChange.ParameterSet(parameter));
        assertThat(draft.image().parameters()).containsExactly(parameter);
        assertThat(draft.image().parameters("vhost-limits")).containsExactly(parameter);
        assertThat(draft.image().parameters("others")).isEmpty();
        draft.apply(new CatalogChange.ParameterDeleted("vhost-limits", "/", "limits"));
        assertThat(draft.image().parameters()).isEmpty();
    }

    @Test
    void aVirtualHostWithQueuesIsNotDeleted() {
        draft.apply(new CatalogChange.QueueCreated(queue("q", "q", Queue.Type.CLASSIC, Queue.View.OWNER, Map.of())));
        assertThatThrownBy(() -> draft.apply(new CatalogChange.VirtualHostDeleted("/")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(draft.image().vhost("/")).isNotNull();
    }

    /** Copying maps of this size once per change would take minutes: the test ends because nothing is copied. */
    @Test
    void aHundredThousandQueuesAreDeclaredOneAfterAnotherWithAnImageForEach() {
        CatalogImage image = draft.image();
        for (int i = 0; i < 100_000; i++) {
            image = image.apply(new CatalogChange.QueueCreated(
                    queue("q" + i, "q" + i, Queue.Type.CLASSIC, Queue.View.OWNER, Map.of())));
            image = image.apply(new CatalogChange.BindingCreated(binding("amq.direct", "q" + i), true));
        }
        assertThat(image.queues()).hasSize(100_000);
        assertThat(image.queues("/")).hasSize(100_000);
        assertThat(image.topics()).hasSize(100_000);
        assertThat(image.bindingsFrom("/", "amq.direct")).hasSize(100_000);
        assertThat(image.queues("/").iterator().next().name()).isEqualTo("q0");
    }
}
