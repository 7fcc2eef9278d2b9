package dev.pabal.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchCompactor;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.journal.JournalFiles;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.DiskFileStore;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint must not know of what the journal may never hold. */
class CheckpointerTest {
    @Test
    void aFailedBarrierWritesNothing(@TempDir Path directory) throws IOException {
        try (DiskFileStore disk = DiskFileStore.open(directory)) {
            CompletableFuture<Void> failed =
                    CompletableFuture.failedFuture(new LogException(Reason.CLOSED, "the store is closed"));
            Checkpointer checkpointer = checkpointer(disk, failed);
            checkpointer.begin();
            assertThat(checkpointer.barrierReached()).isTrue();
            assertThat(checkpointer.finish()).isFalse();
            assertThat(checkpointer.begun()).isFalse();
            assertThat(Checkpoint.load(disk)).isNull();
        }
    }

    @Test
    void aReachedBarrierWritesTheCheckpoint(@TempDir Path directory) throws IOException {
        try (DiskFileStore disk = DiskFileStore.open(directory)) {
            Checkpointer checkpointer = checkpointer(disk, CompletableFuture.completedFuture(null));
            checkpointer.begin();
            assertThat(checkpointer.finish()).isTrue();
            assertThat(Checkpoint.load(disk)).isNotNull();
        }
    }

    private static Checkpointer checkpointer(DiskFileStore disk, CompletableFuture<Void> barrier) {
        SegmentFiles segments = new SegmentFiles(disk, Clock.SYSTEM, new NoCompactor(), SegmentOptions.DEFAULT);
        Drain drain = new Drain(segments, new Space(disk, 0), new JournalPosition(1, 0, 1));
        JournalFiles journal = new JournalFiles(disk, 1 << 20, 1);
        return new Checkpointer(disk, segments, journal, drain, List.of(), () -> barrier, () -> 0, 1, 0);
    }

    private static final class NoCompactor implements BatchCompactor {
        @Override
        public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
            throw new AssertionError("nothing is compacted here");
        }

        @Override
        public @Nullable ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
            throw new AssertionError("nothing is compacted here");
        }
    }
}
