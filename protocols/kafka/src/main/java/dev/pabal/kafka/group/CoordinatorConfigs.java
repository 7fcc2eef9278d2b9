package dev.pabal.kafka.group;

import dev.pabal.broker.Configs;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator's configs: those of the broker that bear its names, else Kafka's defaults; and those of single groups. */
final class CoordinatorConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorConfigs.class);
    /** One event processor is plenty for one node, and each costs a thread's stack. Kafka's default is 4. */
    private static final String DEFAULT_THREADS = "1";

    private final GroupCoordinatorConfig coordinator;
    private final GroupConfigManager groups;

    CoordinatorConfigs(Configs configs, int nodeId) {
        Map<String, Object> values = values(configs, nodeId);
        coordinator = GroupCoordinatorConfig.fromProps(values);
        // Share groups are not served, yet the manager wants their configs beside the coordinator's.
        groups = new GroupConfigManager(
                coordinator, new ShareGroupConfig(new AbstractConfig(mergedDefinitions(), values, false)));
    }

    GroupCoordinatorConfig coordinator() {
        return coordinator;
    }

    GroupConfigManager groups() {
        return groups;
    }

    /** A group's own configs are now exactly these; the broker has checked them. */
    void updateGroup(String group, Map<String, String> configs) {
        Properties properties = new Properties();
        properties.putAll(configs);
        try {
            groups.updateGroupConfig(group, properties);
        } catch (RuntimeException e) {
            LOG.warn("configs of group {} are not applied, set them again: {}", group, e.getMessage());
        }
    }

    private static Map<String, Object> values(Configs configs, int nodeId) {
        Map<String, Object> values = new HashMap<>();
        values.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, DEFAULT_THREADS);
        values.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, DEFAULT_THREADS);
        for (Configs.Entry entry : configs.brokerEntries(Integer.toString(nodeId))) {
            boolean ours = GroupCoordinatorConfig.CONFIG_DEF.configKeys().containsKey(entry.name());
            boolean kept = entry.source() == Configs.Source.DEFAULT && values.containsKey(entry.name());
            if (ours && !kept && entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    private static ConfigDef mergedDefinitions() {
        ConfigDef merged = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
        for (ConfigDef.ConfigKey key : ShareGroupConfig.CONFIG_DEF.configKeys().values()) {
            if (!merged.names().contains(key.name)) {
                merged.define(key);
            }
        }
        return merged;
    }
}
