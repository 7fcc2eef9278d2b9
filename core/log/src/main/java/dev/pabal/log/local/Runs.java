package dev.pabal.log.local;

import dev.pabal.log.segment.Run;
import dev.pabal.log.segment.SegmentStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what the groups of a flush hold, log by log. */
final class Runs {
    private final Map<LocalLog, List<TailEntry>> byLog = new LinkedHashMap<>();

    /** Takes an entry unless it was trimmed away or released meanwhile, or its log deleted. */
    void add(TailEntry entry) {
        if (entry.log().wants(entry)) {
            byLog.computeIfAbsent(entry.log(), log -> new ArrayList<>()).add(entry);
        }
    }

    /** What was gathered and is not in a segment yet: an earlier attempt may have written some of it before the disk refused. */
    List<Run> toRuns(SegmentStore segments) {
        List<Run> runs = new ArrayList<>(byLog.size());
        byLog.forEach((log, entries) -> {
            long written = segments.nextOffset(log.id());
            entries.removeIf(entry -> entry.nextOffset() <= written);
            if (!entries.isEmpty()) {
                runs.add(toRun(log, entries));
            }
        });
        return runs;
    }

    /** After the write: where a log starts within what was written, segments do not know yet. */
    void trimWritten(SegmentStore segments) {
        byLog.forEach((log, entries) -> {
            if (!entries.isEmpty() && entries.get(0).baseOffset() < log.startOffset()) {
                segments.trim(log.id(), log.startOffset());
            }
        });
    }

    /** Entries that lie one behind the other become one buffer. */
    private static Run toRun(LocalLog log, List<TailEntry> entries) {
        List<ByteBuffer> batches = new ArrayList<>();
        int sizeInBytes = 0;
        TailEntry first = entries.get(0);
        TailEntry last = first;
        for (TailEntry entry : entries) {
            boolean follows = entry.slab() == last.slab() && entry.position() == last.position() + last.sizeInBytes();
            if (!follows && entry != first) {
                batches.add(slice(first, last));
                first = entry;
            }
            last = entry;
            sizeInBytes += entry.sizeInBytes();
        }
        batches.add(slice(first, last));
        return new Run(log.id(), batches, entries.get(0).baseOffset(), last.nextOffset(), sizeInBytes);
    }

    private static ByteBuffer slice(TailEntry first, TailEntry last) {
        int end = last.position() + last.sizeInBytes();
        return first.slab().memory().slice(first.position(), end - first.position());
    }
}
