package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Append;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogId;
import dev.pabal.log.segment.Released;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import dev.pabal.logkit.RecordingState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one log must hold: every batch ever appended that may still be there, and how far the store has given its word. */
final class LogModel {
    /** One append: its batches as stored, and where it ends. */
    private record Unit(List<byte[]> batches, long end, Append append) {}

    final LogId id;
    final Policy policy;
    private final List<Unit> units = new ArrayList<>();
    /** Units up to here are acknowledged, in the present life or by having been recovered. */
    private int acknowledged;
    /** Units up to here were there when the present life began. */
    private int recovered;

    private long acknowledgedStart;
    private long requestedStart;
    private @Nullable CompletableFuture<Long> trim;
    private @Nullable CompletableFuture<Void> deletion;
    private boolean deletionAcknowledged;

    /** Evidence: how often something was seen to be gone by compaction or retention. */
    private long removals;
    /** All that was ever released: it may be gone, for good. */
    private final Released released = new Released();

    private long releasedAndGone;

    LogModel(LogId id, Policy policy) {
        this.id = id;
        this.policy = policy;
    }

    void appended(ByteBuffer batches, Append append) {
        List<byte[]> stored = new ArrayList<>();
        long end = append.baseOffset();
        for (int at = 0; at < batches.limit(); ) {
            byte[] batch = new byte[BatchHeader.sizeInBytes(batches, at)];
            batches.get(at, batch);
            stored.add(batch);
            assertThat(LogReader.baseOffset(batch)).as("%s: dense offsets", id).isEqualTo(end);
            end = BatchHeader.nextOffset(batches, at);
            at += batch.length;
        }
        assertThat(append.baseOffset()).as("%s: the next offset", id).isEqualTo(appendedEnd());
        assertThat(append.lastOffset()).as("%s: the last offset", id).isEqualTo(end - 1);
        units.add(new Unit(stored, end, append));
    }

    void trimming(long offset, CompletableFuture<Long> future) {
        requestedStart = Math.max(requestedStart, offset);
        trim = future;
    }

    void released(long from, long to) {
        released.add(from, to);
    }

    long releasedAndGone() {
        return releasedAndGone;
    }

    void deleting(CompletableFuture<Void> future) {
        deletion = future;
    }

    boolean isDeleting() {
        return deletion != null;
    }

    boolean isDeleted() {
        return deletionAcknowledged;
    }

    long removals() {
        return removals;
    }

    long appendedEnd() {
        return units.isEmpty() ? 0 : units.get(units.size() - 1).end;
    }

    long acknowledgedEnd() {
        return acknowledged == 0 ? 0 : units.get(acknowledged - 1).end;
    }

    private static boolean succeeded(CompletableFuture<?> future) {
        return future.isDone() && !future.isCompletedExceptionally();
    }

    /** Takes note of what the store has acknowledged meanwhile. */
    void poll() {
        while (acknowledged < units.size()
                && succeeded(units.get(acknowledged).append.durable())) {
            acknowledged++;
        }
        for (int i = acknowledged; i < units.size(); i++) {
            assertThat(succeeded(units.get(i).append.durable()))
                    .as("%s: an append is acknowledged before an earlier one", id)
                    .isFalse();
        }
        if (trim != null && succeeded(trim)) {
            acknowledgedStart = Math.max(acknowledgedStart, trim.join());
        }
        deletionAcknowledged |= deletion != null && succeeded(deletion);
    }

    /** In a life: readers see what is acknowledged, all of it, and nothing else. */
    void checkLive(Log log, int maxBytes) {
        assertThat(log.durableEnd()).as("%s: readers see what is durable", id).isEqualTo(acknowledgedEnd());
        assertThat(log.appendedEnd()).as("%s: appended end", id).isEqualTo(appendedEnd());
        checkContent(log, maxBytes);
    }

    private void checkContent(Log log, int maxBytes) {
        long start = log.startOffset();
        List<byte[]> expected = new ArrayList<>();
        for (Unit unit : units) {
            for (byte[] batch : unit.batches) {
                long next = BatchHeader.nextOffset(ByteBuffer.wrap(batch), 0);
                if (next > start && next <= log.durableEnd()) {
                    expected.add(batch);
                }
            }
        }
        List<byte[]> found = LogReader.readAll(log, maxBytes);
        if (policy == Policy.COMPACT) {
            checkCompacted(found, expected);
            return;
        }
        checkPresent(found, expected);
        if (start > requestedStart) {
            removals++;
            long kept = found.stream().mapToLong(batch -> batch.length).sum();
            assertThat(kept).as("%s: bytes that retention leaves", this).isGreaterThanOrEqualTo(policy.retentionBytes);
        }
    }

    /** Everything is there but for what was released, and that is there unchanged or not at all. */
    private void checkPresent(List<byte[]> found, List<byte[]> expected) {
        int at = 0;
        for (byte[] batch : expected) {
            if (at < found.size() && LogReader.baseOffset(found.get(at)) == LogReader.baseOffset(batch)) {
                assertThat(found.get(at)).as("%s: batch %s", this, at).isEqualTo(batch);
                at++;
            } else {
                long base = LogReader.baseOffset(batch);
                assertThat(isReleased(base, BatchHeader.nextOffset(ByteBuffer.wrap(batch), 0)))
                        .as("%s: the batch at %s is gone and was not released", this, base)
                        .isTrue();
                releasedAndGone++;
            }
        }
        assertThat(at).as("%s: batches out of nowhere", this).isEqualTo(found.size());
    }

    private boolean isReleased(long base, long next) {
        return released.covers(Math.max(base, requestedStart), next);
    }

    /** What compaction took has a later record of the same key; the rest is as it was. */
    private void checkCompacted(List<byte[]> found, List<byte[]> expected) {
        Set<String> later = new HashSet<>();
        int at = found.size() - 1;
        for (int i = expected.size() - 1; i >= 0; i--) {
            List<String> keys = Batches.keys(expected.get(i));
            if (at >= 0 && LogReader.baseOffset(found.get(at)) == LogReader.baseOffset(expected.get(i))) {
                assertThat(found.get(at)).as("%s: batch %s", this, i).isEqualTo(expected.get(i));
                at--;
            } else {
                assertThat(later).as("%s: a batch that compaction took", this).containsAll(keys);
                removals++;
            }
            later.addAll(keys);
        }
        assertThat(at).as("%s: batches out of nowhere", this).isEqualTo(-1);
    }

    /**
     * After a start: all that was acknowledged is there, nothing that was never appended is, appends are there whole or not at all.
     *
     * @param powerLost whether what was not synced may be gone
     */
    void checkRecovered(@Nullable Log log, boolean powerLost) {
        assertThat(deletionAcknowledged && log != null)
                .as("%s was deleted and is back", id)
                .isFalse();
        if (policy == Policy.VOLATILE) {
            assertThat(log).as("%s lived in memory and is back", id).isNull();
            return;
        }
        if (log == null) {
            assertThat(deletion != null || promised(powerLost) == 0)
                    .as("%s is gone, with offsets up to %s", id, acknowledgedEnd())
                    .isTrue();
            return;
        }
        long end = log.durableEnd();
        assertThat(log.appendedEnd()).as("%s: appended end after a start", id).isEqualTo(end);
        assertThat(end).as("%s: acknowledged offsets", id).isGreaterThanOrEqualTo(promised(powerLost));
        assertThat(end == 0 || units.stream().anyMatch(unit -> unit.end == end))
                .as("%s: the end %s is the end of an append", id, end)
                .isTrue();
        long start = log.startOffset();
        if (policy != Policy.RETAIN) {
            assertThat(start).as("%s: start", this).isLessThanOrEqualTo(requestedStart);
        }
        assertThat(start).as("%s: start", this).isGreaterThanOrEqualTo(acknowledgedStart);
        checkContent(log, 10_000);
        assertThat(log.state()).as("%s: state", id).isEqualTo(replayed(end));
    }

    /** The end that the store's word stands for. */
    private long promised(boolean powerLost) {
        int count = powerLost && policy.durability == Durability.OS ? recovered : acknowledged;
        return count == 0 ? 0 : units.get(count - 1).end;
    }

    private RecordingState replayed(long end) {
        RecordingState state = new RecordingState();
        for (Unit unit : units) {
            if (unit.end <= end) {
                unit.batches.forEach(batch -> state.apply(ByteBuffer.wrap(batch), 0));
            }
        }
        return state;
    }

    /** What was found holds from now on. */
    void adopt(Log log) {
        units.removeIf(unit -> unit.end > log.durableEnd());
        acknowledged = units.size();
        recovered = units.size();
        acknowledgedStart = log.startOffset();
        requestedStart = log.startOffset();
        trim = null;
        deletion = null;
    }

    @Override
    public String toString() {
        return id + " (" + policy + ") up to " + acknowledgedEnd() + " of " + appendedEnd();
    }
}
