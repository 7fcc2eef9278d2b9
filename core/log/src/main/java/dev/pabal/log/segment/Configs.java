package dev.pabal.log.segment;

import dev.pabal.log.LogConfig;
import dev.pabal.log.LogId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The policies of logs, known before anything is stored of them. Any thread may call. */
final class Configs {
    private final Map<LogId, LogConfig> configs = new ConcurrentHashMap<>();

    void put(LogId log, LogConfig config) {
        configs.put(log, config);
    }

    /** The log's policies; where nobody has said any yet, nothing is ever removed. */
    LogConfig of(LogId log) {
        LogConfig config = configs.get(log);
        return config == null ? UNKNOWN : config;
    }

    void remove(LogId log) {
        configs.remove(log);
    }

    private static final LogConfig UNKNOWN = LogConfig.DEFAULT.keepForever();
}
