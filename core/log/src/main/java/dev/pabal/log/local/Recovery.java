package dev.pabal.log.local;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.journal.JournalReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Takes over what the last run left: the logs as the checkpoint knew them, then the groups of the journal, which become part of memory
 * exactly as if they had just been written.
 */
final class Recovery {
    private final Map<LogId, LocalLog> logs;
    private final Function<LogId, LocalLog> newLog;
    private final TailMemory memory;
    private final Flusher flusher;

    Recovery(Map<LogId, LocalLog> logs, Function<LogId, LocalLog> newLog, TailMemory memory, Flusher flusher) {
        this.logs = logs;
        this.newLog = newLog;
        this.memory = memory;
        this.flusher = flusher;
    }

    /** Makes the logs that a checkpoint names. */
    void load(Checkpoint checkpoint) {
        for (ByteBuffer bytes : checkpoint.rows()) {
            LogRow row = LogRow.decode(bytes.duplicate());
            LocalLog log = newLog.apply(row.id());
            log.load(row);
            logs.put(row.id(), log);
        }
    }

    /** Replays the journal to its end. */
    void replay(JournalReader journal, Checkpoint checkpoint) throws IOException {
        for (JournalReader.Group group = journal.next(); group != null; group = journal.next()) {
            replay(group);
        }
        long last = journal.position().sequence() - 1;
        if (last < checkpoint.syncedSequence()) {
            throw new LogException(
                    Reason.CORRUPT,
                    "The journal is damaged: it ends with group %d, but the checkpoint knows that group %d was on disk. Nothing was changed; restore the data directory from a copy."
                            .formatted(last, checkpoint.syncedSequence()));
        }
        for (LocalLog log : logs.values()) {
            log.checkRecovered();
        }
    }

    private void replay(JournalReader.Group group) throws IOException {
        int length = group.header().length();
        Slab slab = room(Math.max(length, 1));
        int start = slab.used();
        ByteBuffer bytes = slab.memory();
        bytes.put(start, group.memory(), group.at() + GroupFormat.HEADER_BYTES, length);
        slab.use((int) GroupFormat.paddedBytes(length));
        slab.groupAdded();
        List<Change> changes = new ArrayList<>();
        int at = start;
        for (int i = 0; i < group.header().count(); i++) {
            int contentAt = at + GroupFormat.ENTRY_BYTES;
            int entryLength = GroupFormat.entryLength(bytes, at);
            entry(
                    slab,
                    GroupFormat.entryLog(bytes, at),
                    GroupFormat.entryKind(bytes, at),
                    contentAt,
                    entryLength,
                    changes);
            at = contentAt + entryLength;
        }
        changes.forEach(TailMemory::publish);
        long padded = GroupFormat.paddedBytes(GroupFormat.HEADER_BYTES + (long) length);
        flusher.recovered(new Group(slab, changes, group.next(), TailMemory.batchBytes(changes), padded));
    }

    private Slab room(int bytes) throws IOException {
        while (!memory.makeRoom(GroupFormat.paddedBytes(bytes))) {
            flusher.drainAll();
        }
        return memory.current();
    }

    private void entry(Slab slab, LogId id, byte kind, int at, int length, List<Change> changes) {
        LocalLog log = logs.computeIfAbsent(id, newLog);
        switch (kind) {
            case GroupFormat.APPEND -> append(slab, log, at, length, changes);
            case GroupFormat.TRIM ->
                changes.add(new Change.Trim(log, slab.memory().getLong(at), new CompletableFuture<>()));
            case GroupFormat.DELETE -> {
                log.markDeleted();
                logs.remove(id);
                changes.add(new Change.Delete(log));
            }
            default ->
                throw new LogException(
                        Reason.CORRUPT,
                        "A journal group holds an entry of unknown kind %d: a newer version wrote it, start that one"
                                .formatted(kind));
        }
    }

    /** Cuts the entry into pieces that a search can walk through, and leaves out what segments hold already. */
    private static void append(Slab slab, LocalLog log, int from, int length, List<Change> changes) {
        ByteBuffer memory = slab.memory();
        int end = from + length;
        int at = from;
        while (at < end) {
            int pieceAt = at;
            long base = -1;
            long next = -1;
            long maxTimestampMs = Long.MIN_VALUE;
            while (at < end && at - pieceAt < TailEntry.MAX_BYTES) {
                int size = BatchHeader.sizeInBytes(memory, at);
                if (log.replay(memory, at)) {
                    base = base < 0 ? BatchHeader.baseOffset(memory, at) : base;
                    next = BatchHeader.nextOffset(memory, at);
                    maxTimestampMs = Math.max(maxTimestampMs, BatchHeader.maxTimestamp(memory, at));
                } else if (base < 0) {
                    pieceAt = at + size;
                }
                at += size;
            }
            if (base >= 0) {
                changes.add(new TailEntry(log, slab, pieceAt, at - pieceAt, base, next, maxTimestampMs));
            }
        }
    }
}
