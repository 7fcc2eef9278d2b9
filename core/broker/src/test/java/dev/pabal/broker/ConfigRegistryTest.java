package dev.pabal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Topic;
import dev.pabal.log.LogConfig;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRegistryTest {
    private static final Topic PLAIN = new Topic(new UUID(1, 1), "t", 1, 0, Map.of(), false);

    private static ConfigRegistry registry(Map<String, String> statics) {
        return new ConfigRegistry(statics, CatalogImage::empty, 1);
    }

    @Test
    void theDefaultsAreKafkas() {
        TopicConfig config = registry(Map.of()).effective(PLAIN);
        assertThat(config.log()).isEqualTo(LogConfig.DEFAULT);
        assertThat(config.maxMessageBytes()).isEqualTo(1048588);
        assertThat(config.logAppendTime()).isFalse();
        assertThat(config.timestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(config.timestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.compressionType()).isEqualTo("producer");
    }

    @Test
    void everyDefaultPassesItsOwnRule() {
        for (ConfigDefinition definition : TopicConfigTable.all()) {
            assertThat(definition.defaultValue()).as(definition.name()).isNotNull();
            definition.check(definition.defaultValue());
        }
        for (ConfigDefinition definition : BrokerConfigTable.all()) {
            if (definition.defaultValue() != null) {
                definition.check(definition.defaultValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            value = {
                "cleanup.policy=''",
                "cleanup.policy=compact, delete",
                "retention.ms=-1",
                "retention.ms=' 10 '",
                "durability=os",
                "min.cleanable.dirty.ratio=0",
                "preallocate=TRUE",
                "compression.gzip.level=-1"
            })
    void takes(String name, String value) {
        ConfigRegistry registry = registry(Map.of());
        registry.checkTopic(Map.of(name, value));
        // What is taken can be lived by.
        assertThat(registry.effective(PLAIN.withConfigs(Map.of(name, value)))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            value = {
                "cleanup.policy=compact,compact",
                "cleanup.policy=compact,",
                "compression.type=gzip,lz4",
                "durability=fsync,os",
                "durability=memory",
                "message.timestamp.type=Never",
                "retention.ms=-2",
                "retention.ms=1.5",
                "segment.bytes=99999999999",
                "segment.bytes=1000",
                "min.cleanable.dirty.ratio=NaN",
                "preallocate=yes",
                "compression.gzip.level=0",
                "remote.storage.enable=true",
                "internal.segment.bytes=1",
                "no.such.config=1"
            })
    void refuses(String name, String value) {
        assertThatThrownBy(() -> registry(Map.of()).checkTopic(Map.of(name, value)))
                .isInstanceOfSatisfying(
                        BrokerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID_CONFIG))
                .hasMessageContaining(name);
    }

    @Test
    void aStaticConfigThatIsWrongStopsTheStart() {
        assertThatThrownBy(() -> registry(Map.of("log.retention.ms", "soon"))).hasMessageContaining("log.retention.ms");
        assertThatThrownBy(() -> registry(Map.of("log.retention.sec", "1"))).hasMessageContaining("log.retention.sec");
    }

    @Test
    void hoursAndMinutesAreSaidInMilliseconds() {
        assertThat(registry(Map.of("log.retention.minutes", "3"))
                        .effective(PLAIN)
                        .log()
                        .retentionMs())
                .isEqualTo(180_000);
        assertThat(registry(Map.of("log.retention.minutes", "3", "log.retention.hours", "1"))
                        .effective(PLAIN)
                        .log()
                        .retentionMs())
                .isEqualTo(180_000);
        assertThat(registry(Map.of("log.retention.hours", "-1"))
                        .effective(PLAIN)
                        .log()
                        .retentionMs())
                .isEqualTo(-1);
        assertThat(registry(Map.of("log.roll.hours", "2"))
                        .effective(PLAIN)
                        .log()
                        .segmentMs())
                .isEqualTo(7_200_000);
    }

    @Test
    void topicsWithoutConfigsShareWhatHoldsUntilItChanges() {
        CatalogImage[] image = {CatalogImage.empty()};
        ConfigRegistry registry = new ConfigRegistry(Map.of(), () -> image[0], 1);
        TopicConfig before = registry.effective(PLAIN);
        assertThat(registry.effective(PLAIN)).isSameAs(before);
        image[0] = image[0].apply(new CatalogChange.BrokerConfigsSet("", Map.of("log.retention.ms", "7")));
        assertThat(registry.effective(PLAIN).log().retentionMs()).isEqualTo(7);
        image[0] = image[0].apply(new CatalogChange.BrokerConfigsSet("1", Map.of("log.retention.ms", "8")));
        assertThat(registry.effective(PLAIN).log().retentionMs()).isEqualTo(8);
    }

    @Test
    void everyTopicConfigThatKafkasClientsNameIsKnown() throws IllegalAccessException {
        for (var field : org.apache.kafka.common.config.TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG") && field.getType() == String.class) {
                String name = (String) field.get(null);
                if (!name.startsWith("internal.") && !obsolete(name)) {
                    assertThat(TopicConfigTable.find(name)).as(name).isNotNull();
                }
            }
        }
    }

    /** Names that Kafka 4 keeps for its old callers and refuses itself. */
    private static boolean obsolete(String name) {
        return name.equals("message.format.version")
                || name.equals("message.downconversion.enable")
                || name.equals("message.timestamp.difference.max.ms");
    }
}
