package dev.pabal.kafka.admin;

import dev.pabal.broker.Configs;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** The numbers by which Kafka's messages call types and sources of configs. */
final class ConfigCodes {
    private ConfigCodes() {}

    static byte of(Configs.Source source) {
        return (switch (source) {
                    case DYNAMIC_TOPIC -> ConfigSource.TOPIC_CONFIG;
                    case DYNAMIC_BROKER -> ConfigSource.DYNAMIC_BROKER_CONFIG;
                    case DYNAMIC_DEFAULT_BROKER -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
                    case STATIC_BROKER -> ConfigSource.STATIC_BROKER_CONFIG;
                    case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
                    case DYNAMIC_GROUP -> ConfigSource.GROUP_CONFIG;
                })
                .id();
    }

    static byte of(Configs.Type type) {
        return (switch (type) {
                    case BOOLEAN -> ConfigType.BOOLEAN;
                    case STRING -> ConfigType.STRING;
                    case INT -> ConfigType.INT;
                    case SHORT -> ConfigType.SHORT;
                    case LONG -> ConfigType.LONG;
                    case DOUBLE -> ConfigType.DOUBLE;
                    case LIST -> ConfigType.LIST;
                    case CLASS -> ConfigType.CLASS;
                    case PASSWORD -> ConfigType.PASSWORD;
                })
                .id();
    }
}
