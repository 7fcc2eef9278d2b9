package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Append;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogStore;
import dev.pabal.logkit.LogReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Drives a store and knows what it must hold; one model goes with one store through all its lives. */
final class StoreModel {
    private static final Set<Reason> REFUSALS = EnumSet.of(Reason.DISK_FULL, Reason.CLOSED, Reason.IO);

    private final List<LogModel> logs = new ArrayList<>();
    private final long segmentBytes;
    private int made;

    @SuppressWarnings("NullAway.Init")
    private LogStore store;

    /** Knows nothing yet; {@link #attach} comes first. */
    StoreModel(long segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** The store that is driven from here on. */
    void attach(LogStore newStore) {
        store = newStore;
    }

    /** Logs that were neither deleted nor are about to be. */
    List<LogModel> alive() {
        return logs.stream().filter(log -> !log.isDeleting()).toList();
    }

    LogModel newLog(Policy policy) {
        LogModel model = new LogModel(new LogId(new UUID(made, 99), made % 3), policy);
        made++;
        logs.add(model);
        return model;
    }

    Log open(LogModel model) {
        return store.open(model.id, model.policy.config(segmentBytes));
    }

    /** Appends unless the store refuses; whether it did not. */
    boolean append(LogModel model, ByteBuffer batches) {
        try {
            Append append = open(model).append(batches, null);
            model.appended(batches, append);
            return true;
        } catch (LogException e) {
            assertThat(REFUSALS).as("why %s refused", model).contains(e.reason());
            return false;
        }
    }

    void trim(LogModel model, long offset) {
        model.trimming(offset, open(model).trim(offset));
    }

    /** Not where something else removes records as well: what is gone there must be explained by that. */
    void release(LogModel model, long from, long to) {
        if (model.policy != Policy.COMPACT && model.policy != Policy.RETAIN) {
            model.released(from, to);
            open(model).release(from, to);
        }
    }

    void delete(LogModel model) {
        open(model);
        model.deleting(store.delete(List.of(model.id)));
    }

    /** Evidence: how often something was gone by compaction or retention, in logs of this policy. */
    long removals(Policy policy) {
        return logs.stream()
                .filter(log -> log.policy == policy)
                .mapToLong(LogModel::removals)
                .sum();
    }

    /** Evidence: how often a released batch was seen to be gone. */
    long releasedAndGone() {
        return logs.stream().mapToLong(LogModel::releasedAndGone).sum();
    }

    /** Takes note of what was acknowledged. */
    void poll() {
        logs.forEach(LogModel::poll);
    }

    /** In a life: everything reads as it must. */
    void checkLive(int maxBytes) {
        poll();
        for (LogModel model : alive()) {
            model.checkLive(open(model), maxBytes);
        }
    }

    /** After a start: the word that was given is kept. From here on the new store is driven. */
    void recovered(LogStore newStore, boolean powerLost) {
        attach(newStore);
        for (LogModel model : List.copyOf(logs)) {
            Log log = newStore.find(model.id) == null ? null : open(model);
            model.checkRecovered(log, powerLost);
            if (log == null) {
                logs.remove(model);
                if (!model.isDeleting()) {
                    // Nothing of it had been promised: the id may be used as if for the first time.
                    logs.add(new LogModel(model.id, model.policy));
                }
            }
        }
        assertThat(newStore.ids()).as("no log out of nowhere").allMatch(id -> logs.stream()
                .anyMatch(log -> log.id.equals(id)));
    }

    /** Goes on from what the new store holds. */
    void adopt() {
        logs.forEach(model -> model.adopt(open(model)));
    }

    /** All that a store serves, to compare two recoveries. */
    static String fingerprint(LogStore store) {
        StringBuilder all = new StringBuilder();
        for (LogId id : store.ids().stream()
                .sorted(Comparator.comparing(LogId::toString))
                .toList()) {
            Log log = store.open(id, LogConfig.DEFAULT.keepForever());
            all.append(id)
                    .append(' ')
                    .append(log.startOffset())
                    .append(' ')
                    .append(log.durableEnd())
                    .append(' ')
                    .append(log.state());
            LogReader.readAll(log, 10_000).forEach(batch -> all.append(' ').append(Arrays.hashCode(batch)));
            all.append('\n');
        }
        return all.toString();
    }
}
