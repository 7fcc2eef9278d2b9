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

/** The coordinator's configs: those that the broker knows by its names, else Kafka's defaults; and those of single groups. */
final class CoordinatorConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorConfigs.class);

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
        for (Configs.Entry entry : configs.brokerEntries(Integer.toString(nodeId))) {
            boolean ours = GroupCoordinatorConfig.CONFIG_DEF.configKeys().containsKey(entry.name());
            if (ours && entry.value() != null) {
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
