package dev.pabal.cli.start;

import dev.pabal.server.config.ConfigKey;
import org.jspecify.annotations.Nullable;

/** The named options of {@code pabal start} and the config keys behind them. */
enum StartOption {
    DATA("--data", ConfigKey.DATA_DIR),
    HOST("--host", ConfigKey.HOST),
    ADVERTISED_HOST("--advertised-host", ConfigKey.ADVERTISED_HOST),
    KAFKA_PORT("--kafka-port", ConfigKey.KAFKA_PORT),
    AMQP_PORT("--amqp-port", ConfigKey.AMQP_PORT),
    SQS_PORT("--sqs-port", ConfigKey.SQS_PORT),
    HTTP_PORT("--http-port", ConfigKey.HTTP_PORT);

    private final String option;
    private final ConfigKey key;

    StartOption(String option, ConfigKey key) {
        this.option = option;
        this.key = key;
    }

    ConfigKey key() {
        return key;
    }

    static @Nullable StartOption of(String option) {
        for (StartOption candidate : values()) {
            if (candidate.option.equals(option)) {
                return candidate;
            }
        }
        return null;
    }
}
