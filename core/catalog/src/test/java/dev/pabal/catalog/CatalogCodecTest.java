package dev.pabal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatalogCodecTest {
    private final long seed = Long.getLong("pabal.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private String text() {
        return random.ints(random.nextInt(20), 1, 0xd7ff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private Map<String, String> map() {
        Map<String, String> map = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(text(), text());
        }
        return map;
    }

    private int number() {
        return random.nextInt() >>> 1 >>> random.nextInt(31);
    }

    private CatalogChange change() {
        return switch (random.nextInt(26)) {
            case 0 -> new CatalogChange.StoreCreated(new StoreIdentity(text(), number(), number() | 1));
            case 1 ->
                new CatalogChange.TopicCreated(
                        new Topic(id(), text(), number() | 1, number(), map(), random.nextBoolean()));
            case 2 -> new CatalogChange.TopicDeleted(id());
            case 3 -> new CatalogChange.PartitionsAdded(id(), number());
            case 4 -> new CatalogChange.TopicConfigsSet(id(), map());
            case 5 -> new CatalogChange.BrokerConfigsSet(text(), map());
            case 6 -> new CatalogChange.GroupConfigsSet(text(), map());
            case 7 -> new CatalogChange.ProducerIdsReserved(random.nextLong() >>> random.nextInt(64));
            case 8 -> new CatalogChange.VirtualHostSet(new VirtualHost(text(), text(), texts(), type()));
            case 9 -> new CatalogChange.VirtualHostDeleted(text());
            case 10 -> new CatalogChange.ExchangeCreated(exchange());
            case 11 -> new CatalogChange.ExchangeDeleted(text(), text(), true);
            case 12 -> new CatalogChange.QueueCreated(queue());
            case 13 -> new CatalogChange.QueueDeleted(id(), true);
            case 14 -> new CatalogChange.BindingCreated(binding(), true);
            case 15 -> new CatalogChange.BindingDeleted(binding(), true);
            default -> accountChange();
        };
    }

    private CatalogChange accountChange() {
        return switch (random.nextInt(10)) {
            case 0 ->
                new CatalogChange.PolicySet(new Policy(
                        text(), text(), text(), text(), arguments(0), random.nextInt(), random.nextBoolean()));
            case 1 -> new CatalogChange.PolicyDeleted(text(), text(), random.nextBoolean());
            case 2 -> new CatalogChange.UserSet(new User(text(), text(), text(), texts()));
            case 3 -> new CatalogChange.UserDeleted(text());
            case 4 -> new CatalogChange.PermissionSet(new Permission(text(), text(), text(), text(), text()));
            case 5 -> new CatalogChange.PermissionDeleted(text(), text());
            case 6 -> new CatalogChange.TopicPermissionSet(new TopicPermission(text(), text(), text(), text(), text()));
            case 7 -> new CatalogChange.TopicPermissionDeleted(text(), text(), text());
            case 8 -> new CatalogChange.ParameterSet(new Parameter(text(), text(), text(), arguments(0)));
            default -> new CatalogChange.ParameterDeleted(text(), text(), text());
        };
    }

    private List<String> texts() {
        return random.ints(random.nextInt(4)).mapToObj(i -> text()).toList();
    }

    private Exchange exchange() {
        boolean autoDelete = random.nextBoolean();
        return new Exchange(id(), text(), text(), text(), true, autoDelete, random.nextBoolean(), arguments(0));
    }

    private Queue.Type type() {
        return Queue.Type.values()[random.nextInt(3)];
    }

    private Queue queue() {
        String topic = random.nextBoolean() ? text() : null;
        Queue.View view = Queue.View.values()[random.nextInt(3)];
        boolean autoDelete = random.nextBoolean();
        return new Queue(id(), text(), text(), topic, type(), view, true, autoDelete, null, arguments(0), number());
    }

    private Binding binding() {
        Binding.Kind kind = Binding.Kind.values()[random.nextInt(3)];
        return new Binding(text(), text(), kind, text(), text(), arguments(0));
    }

    private Map<String, Object> arguments(int depth) {
        Map<String, Object> arguments = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            arguments.put(text(), value(depth));
        }
        return arguments;
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth < 4 ? 15 : 13)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt();
            case 5 -> random.nextLong();
            case 6 -> random.nextFloat();
            case 7 -> -random.nextDouble();
            case 8 -> new BigDecimal(new BigInteger(100, random).negate(), random.nextInt(1000) - 500);
            case 9 -> ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
            case 10 -> Instant.ofEpochSecond(random.nextLong() >> 24);
            case 11, 12 -> text();
            case 13 -> Arrays.asList(value(depth + 1), value(depth + 1));
            default -> arguments(depth + 1);
        };
    }

    @Test
    void whatIsWrittenIsRead() {
        for (int i = 0; i < 5000; i++) {
            CatalogChange change = change();
            assertThat(CatalogCodec.decode(ByteBuffer.wrap(CatalogCodec.encode(change))))
                    .as("seed " + seed)
                    .isEqualTo(change);
        }
    }

    @Test
    void theSameChangeAlwaysGivesTheSameBytes() {
        Topic topic = new Topic(new UUID(1, 2), "t", 300, 7, Map.of("b", "2", "a", "1"), true);
        assertThat(CatalogCodec.encode(new CatalogChange.TopicCreated(topic)))
                .containsExactly(
                        1,
                        2,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        2,
                        1,
                        't',
                        (byte) 0xac,
                        2,
                        7,
                        1,
                        2,
                        1,
                        'a',
                        1,
                        '1',
                        1,
                        'b',
                        1,
                        '2');
    }

    @Test
    void whatIsCutShortIsRefused() {
        for (int i = 0; i < 300; i++) {
            byte[] bytes = CatalogCodec.encode(change());
            for (int size = 0; size < bytes.length; size++) {
                byte[] cut = Arrays.copyOf(bytes, size);
                assertThatThrownBy(() -> CatalogCodec.decode(ByteBuffer.wrap(cut)))
                        .as("seed " + seed)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void aNewerVersionIsSaidToBeNewer() {
        byte[] bytes = CatalogCodec.encode(new CatalogChange.TopicDeleted(id()));
        bytes[0] = 2;
        assertThatThrownBy(() -> CatalogCodec.decode(ByteBuffer.wrap(bytes))).hasMessageContaining("newer");
        bytes[0] = 1;
        bytes[1] = 99;
        assertThatThrownBy(() -> CatalogCodec.decode(ByteBuffer.wrap(bytes))).hasMessageContaining("newer");
    }

    @Test
    void argumentsKeepTheirOrderAndTheirTypes() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("z", 1L);
        arguments.put("a", (byte) 1);
        arguments.put("m", 1.5f);
        Exchange exchange = new Exchange(id(), "/", "e", "direct", true, false, false, arguments);
        CatalogChange read =
                CatalogCodec.decode(ByteBuffer.wrap(CatalogCodec.encode(new CatalogChange.ExchangeCreated(exchange))));
        Map<String, Object> found =
                ((CatalogChange.ExchangeCreated) read).exchange().arguments();
        assertThat(found.keySet()).containsExactly("z", "a", "m");
        assertThat(found.values()).containsExactly(1L, (byte) 1, 1.5f);
    }

    @Test
    void argumentsThatNoTableHoldsAreRefused() {
        Object nested = "x";
        for (int i = 0; i <= Arguments.MAX_DEPTH; i++) {
            nested = List.of(nested);
        }
        for (Object wrong : List.of(nested, new Object())) {
            Binding binding = new Binding("/", "s", Binding.Kind.QUEUE, "d", "k", Map.of("a", wrong));
            assertThatThrownBy(() -> CatalogCodec.encode(new CatalogChange.BindingCreated(binding, true)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anImageNeverChangesAndADraftDoes() {
        Topic topic = new Topic(id(), "t", 1, 0, Map.of(), false);
        CatalogImage before = CatalogImage.empty().apply(new CatalogChange.TopicCreated(topic));
        CatalogDraft draft = before.draft();
        for (CatalogChange change : List.of(
                new CatalogChange.PartitionsAdded(topic.id(), 4),
                new CatalogChange.TopicConfigsSet(topic.id(), Map.of("a", "b")),
                new CatalogChange.GroupConfigsSet("g", Map.of("c", "d")))) {
            draft.apply(change);
        }
        CatalogImage after = draft.image();
        draft.apply(new CatalogChange.TopicDeleted(topic.id()));
        assertThat(before.topic("t")).isEqualTo(topic);
        assertThat(after.topic(topic.id())).isEqualTo(topic.withPartitions(4).withConfigs(Map.of("a", "b")));
        assertThat(after.groupConfigs("g")).containsEntry("c", "d");
        assertThat(after.version()).isEqualTo(4);
        assertThat(draft.topics()).isEmpty();
    }

    @Test
    void contradictionsAreRefused() {
        Topic topic = new Topic(id(), "t", 1, 0, Map.of(), false);
        CatalogImage image = CatalogImage.empty().apply(new CatalogChange.TopicCreated(topic));
        assertThatThrownBy(() -> image.apply(new CatalogChange.TopicCreated(topic)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> image.apply(new CatalogChange.TopicDeleted(id())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> image.apply(new CatalogChange.PartitionsAdded(id(), 2)))
                .isInstanceOf(IllegalStateException.class);
    }
}
