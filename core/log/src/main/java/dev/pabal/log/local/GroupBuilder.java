package dev.pabal.log.local;

import dev.pabal.log.journal.GroupFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Copies what waits into a slab as one journal group. What belongs to one log comes together, so that it can be read and flushed in large
 * pieces. The journal's thread only.
 */
final class GroupBuilder {
    /** What is summed at once at least, but for the end: each sum of little costs more than what it sums. */
    private static final int SUM_BYTES = 8 << 10;

    private final List<LocalLog> logs = new ArrayList<>();
    private final List<Pending> barriers = new ArrayList<>();
    private List<Change> changes = new ArrayList<>();
    private int bytes = GroupFormat.HEADER_BYTES;
    private int at;
    private int count;
    private int taken;
    /** Over the content up to {@link #summed}: taken piece by piece, while what was copied is still near the processor. */
    private final CRC32C crc = new CRC32C();

    private int summed;

    /** Takes something into the group if it fits into {@code limit} bytes, header included. */
    boolean take(Pending pending, int limit) {
        int size = pending.entryBytes();
        if (bytes + size > limit) {
            return false;
        }
        bytes += size;
        taken++;
        LocalLog log = pending.log;
        if (log == null) {
            barriers.add(pending);
        } else {
            chain(log, pending);
        }
        return true;
    }

    private void chain(LocalLog log, Pending pending) {
        if (log.groupTail == null) {
            log.groupHead = pending;
            logs.add(log);
        } else {
            log.groupTail.next = pending;
        }
        log.groupTail = pending;
        log.groupHasMark |= pending.kind != GroupFormat.APPEND;
    }

    /** Logs of which something was taken. */
    List<LocalLog> logs() {
        return logs;
    }

    /** How many of those that waited were taken. */
    int taken() {
        return taken;
    }

    List<Pending> barriers() {
        return barriers;
    }

    /** What the group does; belongs to the caller. */
    List<Change> changes() {
        return changes;
    }

    int entries() {
        return count;
    }

    /** Copies what was taken into the slab behind the place of the header; returns the bytes copied. */
    int build(Slab slab) {
        int start = slab.used() + GroupFormat.HEADER_BYTES;
        at = start;
        summed = start;
        crc.reset();
        for (LocalLog log : logs) {
            Pending pending = log.groupHead;
            while (pending != null) {
                pending = pending.kind == GroupFormat.APPEND
                        ? putAppends(slab, log, pending)
                        : putMark(slab, log, pending);
            }
        }
        sum(slab.memory());
        return at - start;
    }

    /** CRC32C of the content. */
    int crc() {
        return (int) crc.getValue();
    }

    private void sum(ByteBuffer memory) {
        crc.update(memory.slice(summed, at - summed));
        summed = at;
    }

    private @Nullable Pending putMark(Slab slab, LocalLog log, Pending pending) {
        ByteBuffer memory = slab.memory();
        int length = pending.content.remaining();
        GroupFormat.putEntry(memory, at, log.id(), pending.kind, length);
        memory.put(at + GroupFormat.ENTRY_BYTES, pending.content, pending.content.position(), length);
        at += GroupFormat.ENTRY_BYTES + length;
        count++;
        CompletableFuture<Long> applied = pending.applied;
        changes.add(applied == null ? new Change.Delete(log) : new Change.Trim(log, pending.baseOffset, applied));
        return pending.next;
    }

    /** Puts consecutive appends of a log as one entry; returns what comes after them. */
    private @Nullable Pending putAppends(Slab slab, LocalLog log, Pending first) {
        ByteBuffer memory = slab.memory();
        GroupFormat.putEntry(memory, at, log.id(), GroupFormat.APPEND, bytesOfAppends(first));
        at += GroupFormat.ENTRY_BYTES;
        int pieceAt = at;
        long pieceBase = first.baseOffset;
        long maxTimestampMs = Long.MIN_VALUE;
        Pending pending = first;
        while (pending != null && pending.kind == GroupFormat.APPEND) {
            int length = pending.content.remaining();
            memory.put(at, pending.content, pending.content.position(), length);
            at += length;
            pending.releaseContent();
            maxTimestampMs = Math.max(maxTimestampMs, pending.maxTimestampMs);
            Pending next = pending.next;
            if (at - pieceAt >= TailEntry.MAX_BYTES || next == null || next.kind != GroupFormat.APPEND) {
                changes.add(
                        new TailEntry(log, slab, pieceAt, at - pieceAt, pieceBase, pending.nextOffset, maxTimestampMs));
                if (at - summed >= SUM_BYTES) {
                    sum(memory);
                }
                pieceAt = at;
                pieceBase = pending.nextOffset;
                maxTimestampMs = Long.MIN_VALUE;
            }
            pending = next;
        }
        count++;
        return pending;
    }

    private static int bytesOfAppends(Pending first) {
        int bytes = 0;
        for (Pending p = first; p != null && p.kind == GroupFormat.APPEND; p = p.next) {
            bytes += p.content.remaining();
        }
        return bytes;
    }

    /** Ready for the next group. */
    void clear() {
        for (LocalLog log : logs) {
            log.groupHead = null;
            log.groupTail = null;
            log.groupHasMark = false;
        }
        logs.clear();
        barriers.clear();
        changes = new ArrayList<>();
        bytes = GroupFormat.HEADER_BYTES;
        count = 0;
        taken = 0;
    }
}
