package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.seam.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which file holds what: the state that a manifest saves. The flusher changes it; any thread may look up a log and an extent.
 */
final class SegmentIndex {
    private static final System.Logger LOG = System.getLogger(SegmentIndex.class.getName());

    private final Clock clock;
    private final ExtentTables tables;
    private final Map<LogId, LogIndex> logs = new ConcurrentHashMap<>();
    /** By number, so in order of creation. Flusher only. */
    final TreeMap<Long, SegmentFile> files = new TreeMap<>();

    long nextNumber = 1;
    /** The shared segment that small runs go to. */
    @Nullable
    SegmentFile shared;
    /** Files that nothing names any more, but the last durable manifest may. */
    private List<SegmentFile> dropped = new ArrayList<>();
    /** Files that the manifest under way does not name. */
    private List<SegmentFile> removable = new ArrayList<>();

    private volatile long totalBytes;
    private volatile int fileCount;

    SegmentIndex(Clock clock, ExtentTables tables) {
        this.clock = clock;
        this.tables = tables;
    }

    @Nullable
    LogIndex log(LogId id) {
        return logs.get(id);
    }

    Collection<LogIndex> logs() {
        return logs.values();
    }

    Collection<LogId> ids() {
        return List.copyOf(logs.keySet());
    }

    void add(LogIndex log) {
        logs.put(log.id, log);
    }

    long totalBytes() {
        return totalBytes;
    }

    int fileCount() {
        return fileCount;
    }

    /** A file that nothing refers to until {@link #register}. */
    SegmentFile create(@Nullable LogId owner, int level) {
        return new SegmentFile(nextNumber++, owner, level, clock.wallMs());
    }

    /** Takes back a file whose making failed. */
    void unmake(SegmentFile file) {
        totalBytes -= file.length;
        file.length = 0;
        tables.forget(file);
    }

    void register(SegmentFile file) {
        files.put(file.number(), file);
        fileCount = files.size();
    }

    /** The file has grown to {@code length} valid bytes. */
    void grown(SegmentFile file, long length) {
        totalBytes += length - file.length;
        file.length = length;
    }

    /** Adds extents behind the end of a log. */
    void append(LogIndex log, SegmentFile file, ExtentList extents) {
        synchronized (log) {
            Part last = log.parts.isEmpty() ? null : log.parts.get(log.parts.size() - 1);
            Part part = last;
            if (part == null || part.file != file || part.closed || file.sealed) {
                part = new Part(log, file, extents.baseOffset(0));
                attach(part);
                log.parts.add(part);
            }
            long before = part.totalBytes;
            part.extend(extents);
            long added = part.totalBytes - before;
            log.nextOffset = part.nextOffset;
            log.sizeInBytes += added;
            file.contentBytes += added;
            file.liveBytes += added;
            file.extentCount += extents.size();
        }
    }

    void attach(Part part) {
        part.file.parts.add(part);
        part.file.liveParts++;
    }

    /** Takes a part out of its file; the caller takes it out of its log. The file goes when nothing in it is wanted. */
    void kill(Part part) {
        SegmentFile file = part.file;
        part.dead = true;
        file.liveParts--;
        file.liveBytes -= part.liveBytes();
        file.releasedBytes -= part.releasedBytes;
        if (part.footerIndex >= 0) {
            file.deadParts.set(part.footerIndex);
        }
        if (file.liveParts == 0 && !file.quarantined && files.get(file.number()) == file) {
            drop(file);
        } else if (file.parts.size() > 64 && file.liveParts < file.parts.size() / 2) {
            file.parts.removeIf(p -> p.dead);
        }
    }

    private void drop(SegmentFile file) {
        files.remove(file.number());
        fileCount = files.size();
        totalBytes -= file.length;
        tables.forget(file);
        dropped.add(file);
        closed(file);
    }

    /** Nothing is written to the file any more. */
    void closed(SegmentFile file) {
        if (shared == file) {
            shared = null;
        }
        LogIndex owner = file.owner() == null ? null : logs.get(file.owner());
        if (owner != null && owner.ownSegment == file) {
            owner.ownSegment = null;
        }
    }

    void delete(LogId id) {
        LogIndex log = logs.remove(id);
        if (log == null) {
            return;
        }
        synchronized (log) {
            log.startOffset = log.nextOffset;
            log.sizeInBytes = 0;
            log.parts.forEach(this::kill);
            log.parts.clear();
            log.ownSegment = null;
        }
        if (log.refusal != null) {
            List<SegmentFile> damaged = files.values().stream()
                    .filter(file -> file.quarantined && id.equals(file.owner()))
                    .toList();
            damaged.forEach(this::drop);
        }
    }

    /**
     * Moves the start of a log to {@code offset}: parts before it go, the first that remains skips its extents before it. The offsets are
     * kept even when nothing remains. Where the table of that first part cannot be read just now, its bytes go on counting until the next
     * trim: reading, which says what is wrong with the file, is none of this method's business.
     */
    void trim(LogIndex log, long offset) {
        if (offset <= log.startOffset) {
            return;
        }
        int keepFrom = log.firstEndingAfter(offset);
        Part first = keepFrom < log.parts.size() ? log.parts.get(keepFrom) : null;
        ExtentList extents = first != null && first.baseOffset < offset ? extentsIfReadable(first) : null;
        synchronized (log) {
            log.startOffset = offset;
            for (int i = 0; i < keepFrom; i++) {
                Part part = log.parts.get(i);
                log.sizeInBytes -= part.liveBytes();
                kill(part);
            }
            log.parts.subList(0, keepFrom).clear();
            if (first != null && extents != null) {
                skip(log, first, extents, offset);
            }
        }
    }

    private static void skip(LogIndex log, Part part, ExtentList extents, long offset) {
        int from = firstIndex(part);
        int end = extents.firstEndingAfter(offset, from, from + part.extentCount);
        for (int i = from + part.skippedExtents; i < end; i++) {
            part.skippedExtents++;
            part.oldestTimestamp = Part.UNKNOWN;
            part.skippedBytes += extents.sizeInBytes(i);
            part.file.liveBytes -= extents.sizeInBytes(i);
            log.sizeInBytes -= extents.sizeInBytes(i);
        }
        Releases.count(log, part, extents);
    }

    /**
     * Puts parts made by a rewrite in the place of those they were made of, all at once for every reader. Trims that came meanwhile hold.
     *
     * @param sources parts of the log; those that a trim removed meanwhile are dead already
     * @param made parts attached to their files, in offset order, that hold what remains of the sources
     */
    void replace(LogIndex log, Collection<Part> sources, List<Part> made) {
        Map<Part, ExtentList> tablesOfMade = new IdentityHashMap<>();
        for (Part part : made) {
            if (part.baseOffset < log.startOffset) {
                ExtentList extents = extentsIfReadable(part);
                if (extents != null) {
                    tablesOfMade.put(part, extents);
                }
            }
        }
        synchronized (log) {
            for (Part source : sources) {
                if (!source.dead) {
                    kill(source);
                }
            }
            log.parts.removeIf(part -> part.dead);
            for (Part part : made) {
                if (part.nextOffset <= log.startOffset) {
                    kill(part);
                } else {
                    log.parts.add(part);
                }
            }
            log.parts.sort(Comparator.comparingLong(part -> part.baseOffset));
            tablesOfMade.forEach((part, extents) -> {
                if (!part.dead) {
                    skip(log, part, extents, log.startOffset);
                }
            });
            log.sizeInBytes = log.parts.stream().mapToLong(Part::liveBytes).sum();
        }
    }

    /** Makes two parts of one in an unsealed file: the second begins with the extent at {@code at}. */
    void split(Part part, int at) {
        LogIndex log = part.log;
        synchronized (log) {
            ExtentList extents = Objects.requireNonNull(part.extents);
            ExtentList head = new ExtentList(at);
            head.addAll(extents, 0, at);
            ExtentList rest = new ExtentList(extents.size() - at);
            rest.addAll(extents, at, extents.size());
            Part first = new Part(log, part.file, part.baseOffset);
            first.extend(head);
            first.skippedExtents = part.skippedExtents;
            first.skippedBytes = part.skippedBytes;
            Part second = new Part(log, part.file, rest.baseOffset(0));
            second.extend(rest);
            int place = log.parts.indexOf(part);
            log.parts.set(place, first);
            log.parts.add(place + 1, second);
            part.dead = true;
            part.file.parts.remove(part);
            part.file.liveParts--;
            attach(first);
            attach(second);
            // What was released of it counts as wanted again: only compacted logs come here, and none of those releases
            // anything.
            part.file.liveBytes += part.releasedBytes;
            part.file.releasedBytes -= part.releasedBytes;
            log.sizeInBytes += part.releasedBytes;
        }
    }

    /** Largest timestamp of the part's first extent that is not skipped; the file's age stands in for a batch without one. */
    long oldestTimestamp(Part part) throws IOException {
        if (part.oldestTimestamp == Part.UNKNOWN) {
            ExtentList extents = extents(part);
            part.oldestTimestamp = timestamp(part, extents, firstIndex(part) + part.skippedExtents);
        }
        return part.oldestTimestamp;
    }

    /** Index of a part's first extent, skipped or not, in what {@link #extents} returns. */
    static int firstIndex(Part part) {
        return part.extents != null ? 0 : part.firstExtent;
    }

    static long timestamp(Part part, ExtentList extents, int i) {
        return extents.maxTimestamp(i) < 0 ? part.file.createdMs() : extents.maxTimestamp(i);
    }

    private @Nullable ExtentList extentsIfReadable(Part part) {
        try {
            return extents(part);
        } catch (IOException | LogException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}", part.file, e.getMessage());
            return null;
        }
    }

    /** Flusher. The extents of a part: its own list, or its file's table, where they start at {@link Part#firstExtent}. */
    ExtentList extents(Part part) throws IOException {
        if (part.extents != null) {
            return part.extents;
        }
        ExtentList table = tables.table(part.file);
        if (table == null) {
            throw new IOException(part.file + " was removed while a log still needed it");
        }
        return table;
    }

    /**
     * The first extent of a log that ends after {@code offset}; null where there is none.
     *
     * @param mayLoad whether to read an extent table from the disk if need be
     * @throws NotResident where the table is not in memory and may not be loaded
     */
    @Nullable
    Extent find(LogIndex log, long offset, boolean mayLoad) throws IOException, NotResident {
        for (int attempt = 0; attempt < 16; attempt++) {
            SegmentFile file;
            int first;
            int end;
            synchronized (log) {
                int index = log.firstEndingAfter(offset);
                if (index == log.parts.size()) {
                    return null;
                }
                Part part = log.parts.get(index);
                if (part.extents != null) {
                    int i = part.extents.firstEndingAfter(offset, 0, part.extentCount);
                    return part.extents.extent(log.id, part.file, i);
                }
                file = part.file;
                first = part.firstExtent;
                end = first + part.extentCount;
            }
            ExtentList table = mayLoad ? tables.table(file) : tables.resident(file);
            if (table != null) {
                return table.extent(log.id, file, table.firstEndingAfter(offset, first, end));
            }
            if (!mayLoad) {
                throw NotResident.INSTANCE;
            }
        }
        throw new LogException(Reason.BUSY, log.id + ": its files changed faster than they could be read; try again");
    }

    /** The manifest under way does not name the files dropped so far. */
    void manifestTaken() {
        removable.addAll(dropped);
        dropped = new ArrayList<>();
    }

    /** Removes what no durable manifest names; returns whether anything went. */
    boolean removeDropped(OpenFiles open) throws IOException {
        boolean any = false;
        for (Iterator<SegmentFile> i = removable.iterator(); i.hasNext(); ) {
            if (open.remove(i.next())) {
                i.remove();
                any = true;
            }
        }
        return any;
    }

    /** Says that an answer needs the disk. */
    static final class NotResident extends Exception {
        private static final long serialVersionUID = 1L;
        static final NotResident INSTANCE = new NotResident();

        private NotResident() {
            super("an extent table is not in memory", null, false, false);
        }
    }
}
