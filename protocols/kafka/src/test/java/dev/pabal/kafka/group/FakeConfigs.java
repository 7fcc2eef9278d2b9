package dev.pabal.kafka.group;

import dev.pabal.broker.Configs;
import dev.pabal.broker.TopicConfig;
import dev.pabal.catalog.Topic;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Broker configs as given, all of them set in the file. */
final class FakeConfigs implements Configs {
    private final Map<String, String> values;

    FakeConfigs(Map<String, String> values) {
        this.values = values;
    }

    @Override
    public List<Entry> brokerEntries(String name) {
        return values.entrySet().stream()
                .map(e -> new Entry(
                        e.getKey(), e.getValue(), Source.STATIC_BROKER, Type.STRING, true, false, "", List.of()))
                .toList();
    }

    @Override
    public @Nullable String brokerValue(String key) {
        return values.get(key);
    }

    @Override
    public List<Entry> topicEntries(Topic topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Entry> groupEntries(String group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TopicConfig effective(Topic topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkTopic(Map<String, String> configs) {}

    @Override
    public void checkBroker(Map<String, String> configs) {}

    @Override
    public void checkGroup(Map<String, String> configs) {}
}
