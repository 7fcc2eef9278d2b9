package dev.pabal.kafka.data;

import dev.pabal.kafka.data.FetchTarget.Key;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a consumer reads, known from one fetch to the next (KIP-227), so that a fetch costs by what changed: partitions with
 * nothing new are watched, not looked at. A fetch without a session uses one that nobody keeps.
 *
 * <p>One fetch uses it at a time ({@link #enter}, {@link #leave}), on its loop. Watches report from any thread.
 */
final class FetchSession {
    /** Id of a session that is not kept. */
    static final int NONE = 0;

    private final int id;
    private final boolean byTopicId;
    private final PartitionLookup lookup;
    private final Map<Key, FetchTarget> targets = new LinkedHashMap<>();
    /** Targets that may have something new, in the order of their turns. */
    private final ArrayDeque<FetchTarget> dirty = new ArrayDeque<>();
    /** Targets whose watch has reported. */
    private final Queue<FetchTarget> noticed = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Runnable listener;
    private volatile boolean closed;
    /** The epoch that the next incremental fetch must carry. */
    private int epoch = 1;

    private long lastUsedNs;

    FetchSession(int id, boolean byTopicId, PartitionLookup lookup) {
        this.id = id;
        this.byTopicId = byTopicId;
        this.lookup = lookup;
    }

    int id() {
        return id;
    }

    boolean byTopicId() {
        return byTopicId;
    }

    /** Takes the session for one fetch; false where another has it. */
    boolean enter() {
        return busy.compareAndSet(false, true);
    }

    /** Gives it back; a closed or unkept session forgets its watches. */
    void leave() {
        listener = null;
        if (closed || id == NONE) {
            targets.values().forEach(FetchTarget::unwatch);
        }
        busy.set(false);
        if (closed && enter()) {
            targets.values().forEach(FetchTarget::unwatch);
            busy.set(false);
        }
    }

    /** No fetch will use it any more. Any thread. */
    void close() {
        closed = true;
        if (enter()) {
            leave();
        }
    }

    int epoch() {
        return epoch;
    }

    void epoch(int next) {
        epoch = next;
    }

    long lastUsedNs() {
        return lastUsedNs;
    }

    void usedAt(long nowNs) {
        lastUsedNs = nowNs;
    }

    int size() {
        return targets.size();
    }

    /** Adds, changes and forgets partitions as a request says. */
    void update(FetchRequestData request) {
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int index : topic.partitions()) {
                FetchTarget gone = targets.remove(key(topic.topic(), topic.topicId(), index));
                if (gone != null) {
                    gone.remove();
                }
            }
        }
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition asked : topic.partitions()) {
                Key key = key(topic.topic(), topic.topicId(), asked.partition());
                FetchTarget target = targets.computeIfAbsent(key, k -> new FetchTarget(k, lookup));
                target.ask(asked);
                mark(target);
            }
        }
    }

    private Key key(@Nullable String topic, Uuid topicId, int index) {
        return byTopicId ? new Key(null, topicId, index) : new Key(topic, Uuid.ZERO_UUID, index);
    }

    /** Has the target looked at by a fetch to come, after those whose turn is before. */
    void mark(FetchTarget target) {
        if (!target.dirty() && !target.removed()) {
            target.dirty(true);
            dirty.add(target);
        }
    }

    /** All partitions, in the order in which they came. */
    Collection<FetchTarget> targets() {
        return targets.values();
    }

    /** The next target that may have something new, no longer marked; null where there is none. */
    @Nullable
    FetchTarget next() {
        FetchTarget target = dirty.poll();
        while (target != null) {
            target.dirty(false);
            if (!target.removed()) {
                return target;
            }
            target = dirty.poll();
        }
        return null;
    }

    /** Marks the targets whose watches have reported. */
    void collect() {
        FetchTarget target = noticed.poll();
        while (target != null) {
            target.noticed();
            mark(target);
            target = noticed.poll();
        }
    }

    boolean hasNotices() {
        return !noticed.isEmpty();
    }

    /** Watches the target: when there is more, {@link #collect} marks it, and the listener is called. */
    void watch(FetchTarget target) {
        target.watch(() -> {
            noticed.add(target);
            Runnable waiting = listener;
            if (waiting != null) {
                waiting.run();
            }
        });
    }

    /** Who is called, on any thread, after a watch has reported. */
    void listener(@Nullable Runnable waiting) {
        listener = waiting;
    }
}
