package dev.pabal.logkit.simulation;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.FileStore;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Local stores with such small sizes that journal files, segments and checkpoints change all the time. */
final class LocalStores {
    private static final int KIB = 1 << 10;

    /** Journal files of 128 KiB, checkpoints every 192 KiB or 10 s, a reserve of 256 KiB. */
    static final LocalOptions SMALL =
            new LocalOptions(128 * KIB, 64 * KIB, 512 * KIB, 32 * KIB, 192 * KIB, 10_000, 256 * KIB, 5_000, true);

    static final SegmentOptions SMALL_SEGMENTS = new SegmentOptions(
            8 * KIB, 64 * KIB, 8, 1, 4 << 20, 64 * KIB, 1_000, 64 * KIB, 32 * KIB, 1_000, 1 << 20, 1 << 20);

    /** Kept, for loggers are collected otherwise: failures are planted here by the thousand, and each would be said. */
    private static final Logger LOGGER = Logger.getLogger("dev.pabal.log");

    static {
        LOGGER.setLevel(Level.OFF);
    }

    private LocalStores() {}

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
        return new SegmentFiles(disk, clock, new WholeBatches(), SMALL_SEGMENTS);
    }

    /** Compacts batches as a whole: one stays as long as any of its records is wanted. Kafka's own codec lives above the log. */
    private static final class WholeBatches implements BatchCompactor {
        @Override
        public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
            List<@Nullable String> keys = keys(batch, at);
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.get(i);
                ByteBuffer bytes = key == null ? null : StandardCharsets.UTF_8.encode(key);
                visitor.visit(bytes, BatchHeader.baseOffset(batch, at) + i, BatchHeader.maxTimestamp(batch, at), false);
            }
        }

        private static List<@Nullable String> keys(ByteBuffer batch, int at) {
            byte[] bytes = new byte[BatchHeader.sizeInBytes(batch, at)];
            batch.get(at, bytes);
            return Batches.keys(bytes);
        }

        @Override
        public @Nullable ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
            boolean[] wanted = new boolean[1];
            forEachKey(batch, at, (key, offset, timestampMs, tombstone) -> {
                wanted[0] |= filter.keep(key, offset, timestampMs, tombstone);
            });
            return wanted[0] ? batch.slice(at, BatchHeader.sizeInBytes(batch, at)) : null;
        }
    }
}
