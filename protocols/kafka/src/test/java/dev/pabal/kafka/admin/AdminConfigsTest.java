package dev.pabal.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class AdminConfigsTest {
    private static final ConfigResource.Type TOPIC = ConfigResource.Type.TOPIC;
    private static final ConfigResource.Type BROKER = ConfigResource.Type.BROKER;
    private static final ConfigResource.Type GROUP = ConfigResource.Type.GROUP;

    private static DescribeConfigsResult describe(AdminFixture f, ConfigResource.Type type, String name) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData().setIncludeSynonyms(true);
        request.resources()
                .add(new DescribeConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(name)
                        .setConfigurationKeys(null));
        return f.call(ApiKeys.DESCRIBE_CONFIGS, request, DescribeConfigsResponseData.class)
                .results()
                .get(0);
    }

    private static DescribeConfigsResourceResult config(DescribeConfigsResult result, String name) {
        return result.configs().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Errors alter(
            AdminFixture f, ConfigResource.Type type, String name, OpType operation, String key, String value) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        resource.configs()
                .add(new AlterableConfig()
                        .setName(key)
                        .setConfigOperation(operation.id())
                        .setValue(value));
        request.resources().add(resource);
        return Errors.forCode(
                f.call(ApiKeys.INCREMENTAL_ALTER_CONFIGS, request, IncrementalAlterConfigsResponseData.class)
                        .responses()
                        .get(0)
                        .errorCode());
    }

    @Test
    void aValueComesFromTheNearestPlaceThatHasOne() {
        try (AdminFixture f = new AdminFixture(Map.of("log.retention.hours", "2"))) {
            f.topic("t", 1);
            DescribeConfigsResourceResult config = config(describe(f, TOPIC, "t"), "retention.ms");
            assertThat(config.value()).isEqualTo("7200000");
            assertThat(config.configSource()).isEqualTo((byte) 4);

            assertThat(alter(f, BROKER, "", OpType.SET, "log.retention.ms", "3000"))
                    .isEqualTo(Errors.NONE);
            config = config(describe(f, TOPIC, "t"), "retention.ms");
            assertThat(config.value()).isEqualTo("3000");
            assertThat(config.configSource()).isEqualTo((byte) 3);
            assertThat(f.broker.partition("t", 0).config().log().retentionMs()).isEqualTo(3000);

            assertThat(alter(f, BROKER, "1", OpType.SET, "log.retention.ms", "2000"))
                    .isEqualTo(Errors.NONE);
            assertThat(alter(f, TOPIC, "t", OpType.SET, "retention.ms", "1000")).isEqualTo(Errors.NONE);
            config = config(describe(f, TOPIC, "t"), "retention.ms");
            assertThat(config.value()).isEqualTo("1000");
            assertThat(config.configSource()).isEqualTo((byte) 1);
            assertThat(config.synonyms().stream().map(s -> s.value()))
                    .startsWith("1000", "2000", "3000")
                    .contains("2");

            assertThat(alter(f, TOPIC, "t", OpType.DELETE, "retention.ms", null))
                    .isEqualTo(Errors.NONE);
            assertThat(f.broker.partition("t", 0).config().log().retentionMs()).isEqualTo(2000);
        }
    }

    @Test
    void listsGrowAndShrink() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1);
            assertThat(alter(f, TOPIC, "t", OpType.APPEND, "cleanup.policy", "compact"))
                    .isEqualTo(Errors.NONE);
            assertThat(config(describe(f, TOPIC, "t"), "cleanup.policy").value())
                    .isEqualTo("delete,compact");
            assertThat(alter(f, TOPIC, "t", OpType.SUBTRACT, "cleanup.policy", "delete"))
                    .isEqualTo(Errors.NONE);
            assertThat(f.broker.partition("t", 0).config().log().deletes()).isFalse();
            assertThat(f.broker.partition("t", 0).config().log().compacts()).isTrue();
            assertThat(alter(f, TOPIC, "t", OpType.APPEND, "retention.ms", "1")).isEqualTo(Errors.INVALID_CONFIG);
        }
    }

    @Test
    void badChangesAreRefused() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1);
            assertThat(alter(f, TOPIC, "none", OpType.SET, "retention.ms", "1"))
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(alter(f, TOPIC, "t", OpType.SET, "no.such", "1")).isEqualTo(Errors.INVALID_CONFIG);
            assertThat(alter(f, TOPIC, "t", OpType.SET, "retention.ms", null)).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(alter(f, TOPIC, "t", OpType.SET, "cleanup.policy", "shred"))
                    .isEqualTo(Errors.INVALID_CONFIG);
            assertThat(alter(f, TOPIC, "t", OpType.SET, "min.cleanable.dirty.ratio", "1.5"))
                    .isEqualTo(Errors.INVALID_CONFIG);
            assertThat(alter(f, BROKER, "7", OpType.SET, "log.retention.ms", "1"))
                    .isEqualTo(Errors.INVALID_REQUEST);
            assertThat(alter(f, BROKER, "1", OpType.SET, "num.partitions", "4")).isEqualTo(Errors.INVALID_CONFIG);
            assertThat(alter(f, GROUP, "g", OpType.SET, "consumer.session.timeout.ms", "1"))
                    .isEqualTo(Errors.INVALID_CONFIG);
            assertThat(alter(f, GROUP, "", OpType.SET, "consumer.session.timeout.ms", "50000"))
                    .isEqualTo(Errors.INVALID_REQUEST);
            assertThat(alter(f, ConfigResource.Type.CLIENT_METRICS, "c", OpType.SET, "a", "1"))
                    .isEqualTo(Errors.INVALID_REQUEST);
            assertThat(f.broker.catalog().topic("t").configs()).isEmpty();
        }
    }

    @Test
    void theOldWayReplacesAllThatWasSet() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1, "retention.ms", "1000", "retention.bytes", "2000");
            AlterConfigsRequestData request = new AlterConfigsRequestData();
            AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(TOPIC.id())
                    .setResourceName("t");
            resource.configs()
                    .add(new AlterConfigsRequestData.AlterableConfig()
                            .setName("max.message.bytes")
                            .setValue("5000"));
            request.resources().add(resource);
            assertThat(f.call(ApiKeys.ALTER_CONFIGS, request, AlterConfigsResponseData.class)
                            .responses()
                            .get(0)
                            .errorCode())
                    .isZero();
            assertThat(f.broker.catalog().topic("t").configs()).isEqualTo(Map.of("max.message.bytes", "5000"));
        }
    }

    @Test
    void groupsHaveConfigsOfTheirOwnAndUnknownThingsAreSaid() {
        try (AdminFixture f = new AdminFixture()) {
            assertThat(config(describe(f, GROUP, "g"), "consumer.session.timeout.ms")
                            .value())
                    .isEqualTo("45000");
            assertThat(alter(f, GROUP, "g", OpType.SET, "consumer.session.timeout.ms", "50000"))
                    .isEqualTo(Errors.NONE);
            DescribeConfigsResourceResult config = config(describe(f, GROUP, "g"), "consumer.session.timeout.ms");
            assertThat(config.value()).isEqualTo("50000");
            assertThat(config.configSource()).isEqualTo((byte) 8);
            assertThat(Errors.forCode(describe(f, TOPIC, "none").errorCode()))
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(Errors.forCode(describe(f, BROKER, "9").errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(describe(f, ConfigResource.Type.BROKER_LOGGER, "1").errorCode())
                    .isZero();
            assertThat(describe(f, BROKER, "").configs()).isEmpty();
            assertThat(describe(f, BROKER, "1").configs()).isNotEmpty();
        }
    }

    @Test
    void listsWhatHasConfigs() {
        try (AdminFixture f = new AdminFixture()) {
            f.topic("t", 1);
            ListConfigResourcesResponseData all = f.call(
                    ApiKeys.LIST_CONFIG_RESOURCES,
                    new ListConfigResourcesRequestData(),
                    ListConfigResourcesResponseData.class);
            assertThat(all.configResources()).anyMatch(r -> r.resourceName().equals("t"));
            ListConfigResourcesResponseData metrics = f.caller.call(
                    ApiKeys.LIST_CONFIG_RESOURCES,
                    0,
                    new ListConfigResourcesRequestData(),
                    ListConfigResourcesResponseData.class);
            assertThat(metrics.configResources()).isEmpty();
            assertThat(f.call(
                                    ApiKeys.LIST_CONFIG_RESOURCES,
                                    new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 99)),
                                    ListConfigResourcesResponseData.class)
                            .errorCode())
                    .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        }
    }
}
