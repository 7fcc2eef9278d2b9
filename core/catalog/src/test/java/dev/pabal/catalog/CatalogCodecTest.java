package dev.pabal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
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
        return switch (random.nextInt(8)) {
            case 0 -> new CatalogChange.StoreCreated(new StoreIdentity(text(), number(), number() | 1));
            case 1 ->
                new CatalogChange.TopicCreated(
                        new Topic(id(), text(), number() | 1, number(), map(), random.nextBoolean()));
            case 2 -> new CatalogChange.TopicDeleted(id());
            case 3 -> new CatalogChange.PartitionsAdded(id(), number());
            case 4 -> new CatalogChange.TopicConfigsSet(id(), map());
            case 5 -> new CatalogChange.BrokerConfigsSet(text(), map());
            case 6 -> new CatalogChange.GroupConfigsSet(text(), map());
            default -> new CatalogChange.ProducerIdsReserved(random.nextLong() >>> random.nextInt(64));
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
