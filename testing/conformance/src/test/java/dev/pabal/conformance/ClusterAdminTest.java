package dev.pabal.conformance;

import static dev.pabal.conformance.Clients.await;
import static dev.pabal.conformance.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cluster, its features, and configs of topics, brokers and groups through Kafka's Admin. */
@ExtendWith(BrokerUnderTest.Started.class)
class ClusterAdminTest {
    private final BrokerUnderTest broker;
    private final Admin admin;

    ClusterAdminTest(BrokerUnderTest broker) {
        this.broker = broker;
        this.admin = Clients.admin(broker);
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void describesTheCluster() {
        DescribeClusterResult cluster = admin.describeCluster();
        Collection<Node> nodes = await(cluster.nodes());
        assertThat(nodes).hasSize(1);
        assertThat(nodes.iterator().next().port()).isEqualTo(broker.port());
        assertThat(await(cluster.controller()).id())
                .isEqualTo(nodes.iterator().next().id());
        assertThat(await(cluster.clusterId())).isNotBlank();
    }

    @Test
    void tellsItsFeatures() {
        FeatureMetadata features = await(admin.describeFeatures().featureMetadata());
        assertThat(features.finalizedFeatures()).containsKey("group.version");
        assertThat(features.finalizedFeatures().get("group.version").maxVersionLevel())
                .isEqualTo((short) 1);
    }

    @Test
    void describesTopicConfigsWithSources() {
        String topic = Clients.topic(broker, "configs", 1, Map.of("retention.ms", "777"));
        Config config = describe(ConfigResource.Type.TOPIC, topic);
        assertThat(config.get("retention.ms").value()).isEqualTo("777");
        assertThat(config.get("retention.ms").source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("cleanup.policy").isDefault()).isTrue();
        assertThat(config.get("max.message.bytes").type()).isEqualTo(ConfigEntry.ConfigType.INT);
        assertThat(refusal(admin.describeConfigs(List.of(topic("no-such-topic-at-all")))
                        .all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void changesTopicConfigsOneByOne() {
        String topic = Clients.topic(broker, "alter", 1);
        change(topic(topic), OpType.SET, "retention.ms", "1000");
        change(topic(topic), OpType.APPEND, "cleanup.policy", "compact");
        Config config = describe(ConfigResource.Type.TOPIC, topic);
        assertThat(config.get("retention.ms").value()).isEqualTo("1000");
        assertThat(config.get("cleanup.policy").value().split(",")).containsExactlyInAnyOrder("delete", "compact");
        change(topic(topic), OpType.SUBTRACT, "cleanup.policy", "compact");
        change(topic(topic), OpType.DELETE, "retention.ms", "");
        config = describe(ConfigResource.Type.TOPIC, topic);
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
    }

    @Test
    void refusesBadConfigsAndTriesWithoutDoing() {
        String topic = Clients.topic(broker, "bad-config", 1);
        assertThat(refusal(alter(topic(topic), OpType.SET, "retention.ms", "never", false)
                        .all()))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(refusal(alter(topic(topic), OpType.SET, "no.such.key", "1", false)
                        .all()))
                .isInstanceOf(InvalidConfigurationException.class);
        await(alter(topic(topic), OpType.SET, "retention.ms", "5", true).all());
        assertThat(describe(ConfigResource.Type.TOPIC, topic)
                        .get("retention.ms")
                        .value())
                .isEqualTo("604800000");
    }

    @Test
    void describesAndChangesBrokerConfigs() {
        String id = await(admin.describeCluster().nodes()).iterator().next().idString();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, id);
        assertThat(describe(ConfigResource.Type.BROKER, id).entries()).isNotEmpty();
        change(resource, OpType.SET, "log.retention.ms", "99999999");
        ConfigEntry changed = describe(ConfigResource.Type.BROKER, id).get("log.retention.ms");
        assertThat(changed.value()).isEqualTo("99999999");
        assertThat(changed.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
        change(resource, OpType.DELETE, "log.retention.ms", "");
    }

    @Test
    void describesAndChangesGroupConfigs() {
        String group = BrokerUnderTest.unique("group-config");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        change(resource, OpType.SET, "consumer.session.timeout.ms", "50000");
        assertThat(describe(ConfigResource.Type.GROUP, group)
                        .get("consumer.session.timeout.ms")
                        .value())
                .isEqualTo("50000");
        Set<ConfigResource> listed = Set.copyOf(await(admin.listConfigResources(
                        Set.of(ConfigResource.Type.GROUP),
                        new org.apache.kafka.clients.admin.ListConfigResourcesOptions())
                .all()));
        assertThat(listed).contains(resource);
        change(resource, OpType.DELETE, "consumer.session.timeout.ms", "");
    }

    private Config describe(ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        return await(admin.describeConfigs(List.of(resource)).all()).get(resource);
    }

    private void change(ConfigResource resource, OpType type, String key, String value) {
        await(alter(resource, type, key, value, false).all());
    }

    private org.apache.kafka.clients.admin.AlterConfigsResult alter(
            ConfigResource resource, OpType type, String key, String value, boolean tryOnly) {
        return admin.incrementalAlterConfigs(
                Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(key, value), type))),
                new AlterConfigsOptions().validateOnly(tryOnly));
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }
}
