package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is valid, as bytes. Numbers are packed ({@link ManifestBytes}) unless a width is given.
 *
 * <pre>
 *   magic: 4   version: 4   next file number
 *   logs, then for each:   id: 20   start offset   next offset   cleaned offset
 *                          skipped extents and skipped bytes of its first part
 *   files, then for each:  number   flags: 1 sealed, 2 own   (own: id of its log: 20)   level   created ms   length   content bytes
 *     sealed:   footer position   bytes of a bit set of dead parts, then those
 *     unsealed: parts, then for each:  index of its log   extents, then for each (differences to the one before):
 *               base   next - base   position   bytes   max timestamp   its base offset - base
 *   crc32c of all that stands above: 4
 * </pre>
 *
 * The parts of a sealed file are in its footer, so a manifest stays small however much is stored.
 */
final class Manifest {
    private static final int MAGIC = 0x50424d46;
    private static final int VERSION = 1;
    private static final int SEALED = 1;
    private static final int OWN = 2;

    /** What a manifest says of a log's first part: restored once all parts are known. */
    record Skipped(int extents, long bytes) {}

    private Manifest() {}

    static ByteBuffer encode(SegmentIndex index) {
        ManifestBytes to = new ManifestBytes();
        to.putInt(MAGIC);
        to.putInt(VERSION);
        to.putNumber(index.nextNumber);
        Map<LogIndex, Integer> ordinals = encodeLogs(index, to);
        List<SegmentFile> files = new ArrayList<>();
        index.files.values().stream()
                .filter(file -> file.liveParts > 0 || file.quarantined)
                .forEach(files::add);
        to.putNumber(files.size());
        for (SegmentFile file : files) {
            to.putNumber(file.number());
            to.putNumber((file.sealed ? SEALED : 0) | (file.owner() != null ? OWN : 0));
            if (file.owner() != null) {
                to.putId(file.owner());
            }
            to.putNumber(file.level());
            to.putNumber(file.createdMs());
            to.putNumber(file.length);
            to.putNumber(file.contentBytes);
            if (file.sealed) {
                to.putNumber(file.footerPosition);
                to.putBytes(file.deadParts.toByteArray());
            } else {
                encodeParts(file, ordinals, to);
            }
        }
        return to.finish();
    }

    private static Map<LogIndex, Integer> encodeLogs(SegmentIndex index, ManifestBytes to) {
        Map<LogIndex, Integer> ordinals = new HashMap<>();
        List<LogIndex> logs = new ArrayList<>(index.logs());
        to.putNumber(logs.size());
        for (LogIndex log : logs) {
            ordinals.put(log, ordinals.size());
            to.putId(log.id);
            to.putNumber(log.startOffset);
            to.putNumber(log.nextOffset);
            to.putNumber(log.cleanedOffset);
            Part first = log.parts.isEmpty() ? null : log.parts.get(0);
            to.putNumber(first == null ? 0 : first.skippedExtents);
            to.putNumber(first == null ? 0 : first.skippedBytes);
        }
        return ordinals;
    }

    private static void encodeParts(SegmentFile file, Map<LogIndex, Integer> ordinals, ManifestBytes to) {
        to.putNumber(file.liveParts);
        for (Part part : file.parts) {
            ExtentList extents = part.extents;
            if (part.dead || extents == null) {
                continue;
            }
            to.putNumber(ordinals.getOrDefault(part.log, -1));
            to.putNumber(extents.size());
            long base = 0;
            long position = 0;
            long timestamp = 0;
            for (int i = 0; i < extents.size(); i++) {
                to.putSigned(extents.baseOffset(i) - base);
                to.putNumber(extents.nextOffset(i) - extents.baseOffset(i));
                to.putSigned(extents.position(i) - position);
                to.putNumber(extents.sizeInBytes(i));
                to.putSigned(extents.maxTimestamp(i) - timestamp);
                to.putNumber(extents.maxTimestampOffset(i) - extents.baseOffset(i));
                base = extents.nextOffset(i);
                position = extents.position(i) + extents.sizeInBytes(i);
                timestamp = extents.maxTimestamp(i);
            }
        }
    }

    /**
     * Fills an empty index. The parts of sealed files are left to the caller, who reads their footers, and so are the skipped extents.
     *
     * @return what each log's first part skips
     */
    static Map<LogIndex, Skipped> decode(ByteBuffer manifest, SegmentIndex index) {
        int end = manifest.limit() - Integer.BYTES;
        if (manifest.remaining() < 3 * Integer.BYTES
                || manifest.getInt(manifest.position()) != MAGIC
                || manifest.getInt(end) != ExtentHeader.crc(manifest, manifest.position(), end - manifest.position())) {
            throw corrupt("does not match its checksum", null);
        }
        ByteBuffer body = manifest.duplicate().position(manifest.position() + 4).limit(end);
        int version = body.getInt();
        if (version != VERSION) {
            throw corrupt("has version " + version + ", this program knows " + VERSION, null);
        }
        try {
            return decode(new ManifestBytes(body), index);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw corrupt("cannot be read", e);
        }
    }

    private static Map<LogIndex, Skipped> decode(ManifestBytes from, SegmentIndex index) {
        index.nextNumber = from.number();
        Map<LogIndex, Skipped> skipped = new HashMap<>();
        List<LogIndex> logs = new ArrayList<>();
        for (int i = from.count(); i > 0; i--) {
            LogIndex log = new LogIndex(from.id(), from.number());
            log.nextOffset = from.number();
            log.cleanedOffset = from.number();
            skipped.put(log, new Skipped((int) from.number(), from.number()));
            logs.add(log);
            index.add(log);
        }
        for (int i = from.count(); i > 0; i--) {
            decodeFile(from, index, logs);
        }
        return skipped;
    }

    private static void decodeFile(ManifestBytes from, SegmentIndex index, List<LogIndex> logs) {
        long number = from.number();
        long flags = from.number();
        LogId owner = (flags & OWN) == 0 ? null : from.id();
        SegmentFile file = new SegmentFile(number, owner, (int) from.number(), from.number());
        index.register(file);
        index.grown(file, from.number());
        file.contentBytes = from.number();
        if ((flags & SEALED) != 0) {
            file.sealed = true;
            file.footerPosition = from.number();
            file.deadParts.or(BitSet.valueOf(from.bytes()));
            return;
        }
        for (int i = from.count(); i > 0; i--) {
            decodePart(from, index, file, logs.get((int) from.number()));
        }
    }

    private static void decodePart(ManifestBytes from, SegmentIndex index, SegmentFile file, LogIndex log) {
        int count = from.count();
        ExtentList extents = new ExtentList(count);
        long base = 0;
        long position = 0;
        long timestamp = 0;
        for (int i = 0; i < count; i++) {
            base += from.signed();
            long next = base + from.number();
            position += from.signed();
            int size = (int) from.number();
            timestamp += from.signed();
            extents.add(base, next, position, size, timestamp, base + from.number());
            base = next;
            position += size;
        }
        Part part = new Part(log, file, extents.baseOffset(0));
        part.extend(extents);
        index.attach(part);
        log.parts.add(part);
        file.liveBytes += part.totalBytes;
        file.extentCount += count;
    }

    private static LogException corrupt(String what, @Nullable Exception cause) {
        return new LogException(
                Reason.CORRUPT,
                "the segments' manifest in the checkpoint " + what
                        + ". Nothing was removed. Restore the data directory from a copy",
                cause);
    }
}
