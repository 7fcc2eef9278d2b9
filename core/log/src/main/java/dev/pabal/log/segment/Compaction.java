package dev.pabal.log.segment;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogConfig;
import dev.pabal.log.seam.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps only the last record of each key of one log, as Kafka's log cleaner does: first the keys of what is new since the last run are
 * gathered, with their latest offsets, then all that is cold is rewritten without what they replace. Records without a key go. Tombstones
 * stay until their batch's delete horizon has passed (KIP-534). Where the keys need more memory than there is, a run ends early and the next
 * one goes on. Offsets never change.
 *
 * <p>Cold is what lies before the log's own unsealed segment and is older than {@code minCompactionLagMs}. Flusher only.
 */
final class Compaction implements RewriteJob {
    private static final System.Logger LOG = System.getLogger(Compaction.class.getName());
    /** What is in no batch's horizon. */
    private static final long NO_HORIZON = Long.MAX_VALUE;

    private final SegmentIndex index;
    private final Rewriter rewriter;
    private final RunWriter runs;
    private final ExtentBuffer buffer;
    private final BatchCompactor compactor;
    private final Clock clock;
    private final SegmentOptions options;

    private @Nullable LogIndex log;
    private LogConfig config = LogConfig.DEFAULT;
    /** The cold parts, and how far the present phase has come in them. */
    private List<Part> sources = List.of();

    private int nextSource;
    private int nextExtent;

    private @Nullable KeyMap keys;
    private boolean gathering;
    /** The keys are those of records before this offset: what lies beyond is kept as it is. */
    private long keysEnd;

    private long nowMs;
    private boolean warned;

    /** What is kept: in memory while it is little, in files of the log's own otherwise. */
    private List<ByteBuffer> small = new ArrayList<>();

    private int smallBytes;
    private boolean large;
    private final List<Part> made = new ArrayList<>();
    /** Files that are finished and that nothing refers to yet. */
    private final List<SegmentFile> files = new ArrayList<>();

    Compaction(
            SegmentIndex index,
            Rewriter rewriter,
            RunWriter runs,
            ExtentBuffer buffer,
            BatchCompactor compactor,
            Clock clock,
            SegmentOptions options) {
        this.index = index;
        this.rewriter = rewriter;
        this.runs = runs;
        this.buffer = buffer;
        this.compactor = compactor;
        this.clock = clock;
        this.options = options;
    }

    /** Whether the log's policies ask for a run now. */
    boolean isDue(LogIndex of, LogConfig policies) throws IOException {
        if (!policies.compacts()) {
            return false;
        }
        long youngestMs = youngestMs(policies);
        long dirty = 0;
        long clean = 0;
        long oldestDirtyMs = Long.MAX_VALUE;
        for (Part part : of.parts) {
            long cold = coldBytes(of, part, youngestMs);
            if (cold == 0) {
                break;
            }
            if (part.nextOffset <= of.cleanedOffset) {
                clean += cold;
            } else {
                dirty += cold;
                oldestDirtyMs = Math.min(oldestDirtyMs, index.oldestTimestamp(part));
            }
        }
        if (dirty == 0) {
            return false;
        }
        long ageMs = clock.wallMs() - oldestDirtyMs;
        return dirty >= policies.minCleanableRatio() * (dirty + clean) || ageMs > policies.maxCompactionLagMs();
    }

    /** Bytes that a run reads, and writes at most. */
    long cost(LogIndex of, LogConfig policies) {
        long youngestMs = youngestMs(policies);
        long bytes = 0;
        for (Part part : of.parts) {
            long cold = coldBytes(of, part, youngestMs);
            if (cold == 0) {
                break;
            }
            bytes += cold;
        }
        return bytes;
    }

    private long youngestMs(LogConfig policies) {
        return policies.minCompactionLagMs() > 0 ? clock.wallMs() - policies.minCompactionLagMs() : Long.MAX_VALUE;
    }

    /** Bytes of a part that may be compacted; 0 where it and what follows are too young. */
    private static long coldBytes(LogIndex of, Part part, long youngestMs) {
        if (part.file == of.ownSegment) {
            return 0;
        }
        if (part.maxTimestamp <= youngestMs) {
            return part.liveBytes();
        }
        ExtentList extents = part.extents;
        long bytes = 0;
        for (int i = part.skippedExtents, end = oldExtents(part, youngestMs); i < end && extents != null; i++) {
            bytes += extents.sizeInBytes(i);
        }
        return bytes;
    }

    /** The parts that a run rewrites. One that is cold in front and too young behind is split in two. */
    private List<Part> coldParts(LogIndex of, long youngestMs) {
        List<Part> cold = new ArrayList<>();
        for (int i = 0; i < of.parts.size(); i++) {
            Part part = of.parts.get(i);
            if (coldBytes(of, part, youngestMs) == 0) {
                break;
            }
            if (part.maxTimestamp > youngestMs) {
                index.split(part, oldExtents(part, youngestMs));
                cold.add(of.parts.get(i));
                break;
            }
            cold.add(part);
        }
        return cold;
    }

    /** Extents at the front of a part in an unsealed file that are old enough; 0 where the part cannot be split. */
    private static int oldExtents(Part part, long youngestMs) {
        ExtentList extents = part.extents;
        if (extents == null) {
            return 0;
        }
        int old = 0;
        while (old < extents.size() && extents.maxTimestamp(old) <= youngestMs) {
            old++;
        }
        return old;
    }

    void begin(LogIndex of, LogConfig policies) {
        log = of;
        config = policies;
        sources = coldParts(of, youngestMs(policies));
        sources.forEach(part -> part.closed = true);
        keys = new KeyMap(options.keyMapBytes());
        keysEnd = sources.get(sources.size() - 1).nextOffset;
        nowMs = clock.wallMs();
        gathering = true;
        warned = false;
        nextSource = 0;
        nextExtent = 0;
        large = false;
        small = new ArrayList<>();
        smallBytes = 0;
    }

    @Override
    public boolean step(int maxBytes) throws IOException {
        LogIndex of = Objects.requireNonNull(log);
        if (index.log(of.id) != of) {
            abort(false);
            return false;
        }
        int done = 0;
        while (done < maxBytes) {
            Extent extent = next();
            if (extent != null) {
                buffer.load(extent);
                done += extent.sizeInBytes();
                if (gathering) {
                    gather();
                } else {
                    rewrite(of);
                }
            } else if (gathering) {
                startRewriting();
            } else {
                finish(of);
                return false;
            }
        }
        return true;
    }

    /** The next extent of the present phase; null at its end. */
    private @Nullable Extent next() throws IOException {
        LogIndex of = Objects.requireNonNull(log);
        while (nextSource < sources.size()) {
            Part part = sources.get(nextSource);
            boolean wanted = !part.dead && !(gathering && part.nextOffset <= of.cleanedOffset);
            nextExtent = Math.max(nextExtent, part.skippedExtents);
            if (wanted && nextExtent < part.extentCount) {
                ExtentList extents = index.extents(part);
                int i = SegmentIndex.firstIndex(part) + nextExtent++;
                if (!gathering || extents.nextOffset(i) > of.cleanedOffset) {
                    return extents.extent(of.id, part.file, i);
                }
            } else {
                nextSource++;
                nextExtent = 0;
            }
        }
        return null;
    }

    private void startRewriting() {
        gathering = false;
        nextSource = 0;
        nextExtent = 0;
    }

    private void gather() {
        KeyMap map = Objects.requireNonNull(keys);
        LogIndex of = Objects.requireNonNull(log);
        ByteBuffer memory = buffer.memory();
        for (int at = buffer.start(); at < buffer.end(); at += BatchHeader.sizeInBytes(memory, at)) {
            long base = BatchHeader.baseOffset(memory, at);
            if (BatchHeader.nextOffset(memory, at) <= of.cleanedOffset) {
                continue;
            }
            boolean[] full = {false};
            try {
                compactor.forEachKey(memory, at, (key, offset, timestamp, tombstone) -> {
                    if (key != null && !full[0]) {
                        full[0] = !map.put(key, offset);
                    }
                });
            } catch (RuntimeException e) {
                warn(base, e);
            }
            if (full[0]) {
                // The next run goes on with this batch; if it alone is too much, what is known of it has to do.
                keysEnd = base > of.cleanedOffset ? base : BatchHeader.nextOffset(memory, at);
                startRewriting();
                return;
            }
        }
    }

    private void rewrite(LogIndex of) throws IOException {
        ByteBuffer memory = buffer.memory();
        for (int at = buffer.start(); at < buffer.end(); at += BatchHeader.sizeInBytes(memory, at)) {
            int size = BatchHeader.sizeInBytes(memory, at);
            ByteBuffer kept =
                    BatchHeader.baseOffset(memory, at) >= keysEnd ? memory.slice(at, size) : retain(memory, at);
            if (kept != null) {
                keep(of, kept);
            }
        }
    }

    private @Nullable ByteBuffer retain(ByteBuffer memory, int at) {
        KeyMap map = Objects.requireNonNull(keys);
        boolean hasHorizon = (BatchHeader.attributes(memory, at) & BatchHeader.ATTR_DELETE_HORIZON) != 0;
        long horizonMs = hasHorizon ? BatchHeader.baseTimestamp(memory, at) : NO_HORIZON;
        try {
            return compactor.retain(
                    memory, at, nowMs + config.deleteRetentionMs(), (key, offset, timestamp, tombstone) -> {
                        if (offset >= keysEnd) {
                            return true;
                        }
                        return key != null && map.latest(key) <= offset && !(tombstone && nowMs >= horizonMs);
                    });
        } catch (RuntimeException e) {
            warn(BatchHeader.baseOffset(memory, at), e);
            return memory.slice(at, BatchHeader.sizeInBytes(memory, at));
        }
    }

    /** A batch that nobody can look into is kept as it is. */
    private void warn(long offset, RuntimeException e) {
        if (!warned) {
            warned = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: the batch at offset {1} cannot be decoded for compaction and is kept whole: {2}",
                    Objects.requireNonNull(log).id,
                    Long.toString(offset),
                    e);
        }
    }

    private void keep(LogIndex of, ByteBuffer batch) throws IOException {
        int size = batch.remaining();
        if (!large && smallBytes + size < options.ownRunBytes()) {
            small.add(ByteBuffer.allocate(size).put(batch).flip());
            smallBytes += size;
            return;
        }
        large = true;
        List<ByteBuffer> before = small;
        small = List.of();
        for (ByteBuffer one : before) {
            keepLarge(of, one);
        }
        keepLarge(of, batch);
    }

    private void keepLarge(LogIndex of, ByteBuffer batch) throws IOException {
        if (rewriter.isOpen() && rewriter.bytes() + batch.remaining() > config.segmentBytes()) {
            closeFile();
        }
        if (!rewriter.isOpen()) {
            rewriter.start(of.id, 0);
            rewriter.openPart(of);
        }
        rewriter.batch(batch, batch.position(), batch.remaining());
    }

    private void closeFile() throws IOException {
        Part part = rewriter.closePart();
        files.add(rewriter.finish());
        if (part != null) {
            made.add(part);
        }
    }

    private void finish(LogIndex of) throws IOException {
        if (rewriter.isOpen()) {
            closeFile();
        }
        if (!small.isEmpty()) {
            made.add(runs.writeAside(of, small));
        }
        files.forEach(rewriter::publish);
        files.clear();
        index.replace(of, sources, made);
        synchronized (of) {
            of.cleanedOffset = Math.max(of.cleanedOffset, keysEnd);
        }
        end();
    }

    @Override
    public void abort(boolean damaged) {
        rewriter.abort();
        files.forEach(rewriter::discard);
        end();
    }

    private void end() {
        log = null;
        keys = null;
        sources = List.of();
        small = new ArrayList<>();
        made.clear();
        files.clear();
    }

    @Nullable
    LogIndex log() {
        return log;
    }
}
