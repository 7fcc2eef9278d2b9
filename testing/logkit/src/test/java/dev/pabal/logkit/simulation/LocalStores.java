package dev.pabal.logkit.simulation;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.FileStore;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Local stores with such small sizes that journal files, segments and checkpoints change all the time. */
final class LocalStores {
    private static final int KIB = 1 << 10;

    /** Journal files of 128 KiB, checkpoints every 192 KiB or 10 s. */
    static final LocalOptions SMALL =
            new LocalOptions(128 * KIB, 64 * KIB, 512 * KIB, 32 * KIB, 192 * KIB, 10_000, 0, 5_000, true);

    static final SegmentOptions SMALL_SEGMENTS = new SegmentOptions(
            8 * KIB, 64 * KIB, 8, 1, 4 << 20, 64 * KIB, 1_000, 64 * KIB, 32 * KIB, 1_000, 1 << 20, 1 << 20);

    /** Kept, for loggers are collected otherwise: failures are planted here by the thousand, and each would be said. */
    private static final Logger LOGGER = Logger.getLogger("dev.pabal.log");

    static {
        LOGGER.setLevel(Level.OFF);
    }

    private LocalStores() {}

    /** A store with threads of its own. */
    static LogStore open(FileStore disk, Clock clock, LogState.Factory states) throws IOException {
        return LocalLogStore.open(disk, clock, states, segments(disk, clock), LocalOptions.DEFAULT);
    }

    /** A store that moves when it is told to. */
    static Running start(FileStore disk, Clock clock, LogState.Factory states) throws IOException {
        LocalLogStore store = LocalLogStore.open(disk, clock, states, segments(disk, clock), SMALL.withoutThreads());
        return new Running() {
            @Override
            public LogStore store() {
                return store;
            }

            @Override
            public boolean work() {
                return store.doWork();
            }
        };
    }

    static SegmentFiles segments(FileStore disk, Clock clock) {
        return new SegmentFiles(disk, clock, new NoCompactor(), SMALL_SEGMENTS);
    }

    /** No log is compacted here. */
    private static final class NoCompactor implements BatchCompactor {
        @Override
        public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
            throw new AssertionError("nothing is compacted");
        }

        @Override
        public @Nullable ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
            throw new AssertionError("nothing is compacted");
        }
    }
}
