package dev.pabal.log.segment;

import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of the upkeep is due and does it in steps: looks at every log's policies now and then, runs one rewrite at a time, scrubs at
 * its own rate. Flusher only.
 */
final class Upkeep {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final int LOGS_A_STEP = 256;
    /** A rewrite needs room beside what it replaces, and leaves this much for the journal. */
    private static final long SPARE_BYTES = 256L << 20;

    /** Less than this share of a shared segment is not worth a rewrite. */
    private static final int LEAST_SHARE = 16;

    private static final long RETRY_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long IDLE_NS = TimeUnit.MINUTES.toNanos(1);

    private final SegmentIndex index;
    private final Configs configs;
    private final FileStore store;
    private final Clock clock;
    private final Retention retention;
    private final Sealer sealer;
    private final Merger merger;
    private final Compaction compaction;
    private final Scrubber scrubber;
    private final ExtentBuffer buffer;
    private final ExtentCache cache;
    private final SegmentOptions options;

    private Iterator<LogIndex> round = List.<LogIndex>of().iterator();
    private long nextRoundNs;
    private boolean mergeLooked = true;
    private long noMergeBeforeNs = Long.MIN_VALUE;
    private @Nullable RewriteJob job;

    private long cacheUses;
    private long cacheUsedNs;

    Upkeep(
            SegmentIndex index,
            Configs configs,
            FileStore store,
            Clock clock,
            Sealer sealer,
            Merger merger,
            Compaction compaction,
            Scrubber scrubber,
            ExtentBuffer buffer,
            ExtentCache cache,
            SegmentOptions options) {
        this.index = index;
        this.configs = configs;
        this.store = store;
        this.clock = clock;
        this.retention = new Retention(index, clock);
        this.sealer = sealer;
        this.merger = merger;
        this.compaction = compaction;
        this.scrubber = scrubber;
        this.buffer = buffer;
        this.cache = cache;
        this.options = options;
        cacheUsedNs = clock.monotonicNs();
        nextRoundNs = cacheUsedNs;
    }

    /** As {@link SegmentStore#upkeep}. */
    boolean step(SegmentStore.TrimListener trimmed) throws IOException {
        long nowNs = clock.monotonicNs();
        RewriteJob running = job;
        if (running != null) {
            goOn(running);
        } else if (round.hasNext()) {
            lookAtLogs(trimmed);
        } else if (!mergeLooked) {
            mergeLooked = true;
            startMerge();
        } else if (nowNs - nextRoundNs >= 0) {
            nextRoundNs = nowNs + TimeUnit.MILLISECONDS.toNanos(options.retentionIntervalMs());
            round = index.logs().iterator();
            mergeLooked = false;
            giveBackIdleMemory(nowNs);
        }
        if (options.scrubBytesPerSecond() > 0) {
            scrubber.step(options.stepBytes());
        }
        return job != null || round.hasNext() || !mergeLooked;
    }

    private void lookAtLogs(SegmentStore.TrimListener trimmed) {
        for (int i = 0; i < LOGS_A_STEP && round.hasNext() && job == null; i++) {
            LogIndex log = round.next();
            LogConfig config = configs.of(log.id);
            if (log.refusal != null || clock.monotonicNs() < log.noUpkeepBeforeNs) {
                continue;
            }
            try {
                retention.apply(log, config, trimmed);
                SegmentFile own = log.ownSegment;
                boolean isOld = own != null && clock.wallMs() - own.createdMs() >= config.segmentMs();
                if (own != null && (isOld || wantsRewriting(own))) {
                    sealer.seal(own);
                }
                if (compaction.isDue(log, config) && hasRoom(compaction.cost(log, config))) {
                    compaction.begin(log, config);
                    job = compaction;
                }
            } catch (IOException | LogException e) {
                log.noUpkeepBeforeNs = clock.monotonicNs() + RETRY_NS;
                LOG.log(System.Logger.Level.ERROR, "upkeep of {0} cannot go on for now: {1}", log.id, e.getMessage());
            }
        }
    }

    /** Only a sealed segment is rewritten: one that is written to is sealed early where that would free much. */
    private boolean wantsRewriting(SegmentFile file) {
        return file.contentBytes >= options.sharedSegmentBytes() / LEAST_SHARE && Merger.isMostlyDead(file);
    }

    private void startMerge() throws IOException {
        if (clock.monotonicNs() < noMergeBeforeNs) {
            return;
        }
        SegmentFile shared = index.shared;
        if (shared != null && wantsRewriting(shared)) {
            sealer.seal(shared);
        }
        List<SegmentFile> files = merger.candidates();
        long bytes = files.stream().mapToLong(file -> file.liveBytes).sum();
        if (!files.isEmpty() && hasRoom(bytes)) {
            merger.begin(files);
            job = merger;
        }
    }

    private boolean hasRoom(long bytes) throws IOException {
        return store.usableBytes() - SPARE_BYTES >= 2 * bytes;
    }

    /** A rewrite that fails changes nothing, so it may be given up; what it failed on is tried again much later. */
    private void goOn(RewriteJob running) {
        LogIndex log = compaction.log();
        try {
            if (!running.step(options.stepBytes())) {
                job = null;
                buffer.free();
                mergeLooked = false;
            }
        } catch (IOException | LogException e) {
            running.abort(e instanceof LogException);
            job = null;
            buffer.free();
            long laterNs = clock.monotonicNs() + RETRY_NS;
            if (log != null) {
                log.noUpkeepBeforeNs = laterNs;
            } else {
                noMergeBeforeNs = laterNs;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} was given up for now, nothing is lost: {1}",
                    log != null ? "compaction of " + log.id : "merging of shared segments",
                    e.getMessage());
        }
    }

    /** Cold reads come in bursts: memory that nobody needed for a while goes back to the system. */
    private void giveBackIdleMemory(long nowNs) {
        long uses = cache.uses();
        if (uses != cacheUses) {
            cacheUses = uses;
            cacheUsedNs = nowNs;
        } else if (nowNs - cacheUsedNs > IDLE_NS) {
            cacheUsedNs = nowNs;
            cache.clear();
        }
    }
}
