package dev.pabal.broker;

import dev.pabal.catalog.Topic;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A topic's partitions as running things, and the configs that hold for them. Changed by the catalog's thread only, read by any. */
final class TopicRuntime {
    private volatile Topic topic;
    private volatile TopicConfig config;
    private volatile PartitionRuntime[] partitions = {};
    private final List<Shard> shards;
    private final LogStore store;
    private final Clock clock;

    TopicRuntime(Topic topic, TopicConfig config, List<Shard> shards, LogStore store, Clock clock) {
        this.topic = topic;
        this.config = config;
        this.shards = shards;
        this.store = store;
        this.clock = clock;
        grow(topic.partitions());
    }

    UUID id() {
        return topic.id();
    }

    String name() {
        return topic.name();
    }

    boolean internal() {
        return topic.internal();
    }

    TopicConfig config() {
        return config;
    }

    LogStore store() {
        return store;
    }

    Clock clock() {
        return clock;
    }

    @Nullable
    PartitionRuntime partition(int index) {
        PartitionRuntime[] all = partitions;
        return index >= 0 && index < all.length ? all[index] : null;
    }

    List<PartitionRuntime> partitions() {
        return Arrays.asList(partitions);
    }

    /** Takes the topic as it is now. */
    void update(Topic now, TopicConfig configNow) {
        boolean changed = !configNow.equals(config);
        topic = now;
        config = configNow;
        grow(now.partitions());
        if (changed) {
            partitions().forEach(PartitionRuntime::configChanged);
        }
    }

    private void grow(int count) {
        PartitionRuntime[] before = partitions;
        if (count > before.length) {
            PartitionRuntime[] after = Arrays.copyOf(before, count);
            for (int i = before.length; i < count; i++) {
                Shard shard = shards.get((topic.firstShard() + i) % shards.size());
                after[i] = new PartitionRuntime(this, i, shard);
            }
            partitions = after;
        }
    }
}
