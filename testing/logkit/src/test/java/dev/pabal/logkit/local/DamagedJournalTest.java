package dev.pabal.logkit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.FileStore;
import dev.pabal.log.segment.SegmentFiles;
import dev.pabal.log.segment.SegmentOptions;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal that lost its end is cut there, one that is damaged elsewhere is refused; nobody is ever served wrong records. */
class DamagedJournalTest {
    private static final LogId FIRST = new LogId(new UUID(1, 1), 0);
    private static final LogId SECOND = new LogId(new UUID(1, 1), 1);
    private static final LocalOptions OPTIONS =
            new LocalOptions(64 << 10, 16 << 10, 64 << 10, 1 << 20, 1 << 20, 60_000, 0, 60_000, true).withoutThreads();
    private static final String JOURNAL = "journal-0000000001";

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final SimulatedDisk disk = new SimulatedDisk(5);
    /** Values of the first log after each group. */
    private final List<List<String>> afterGroup = new ArrayList<>();
    /** Header and content bytes of each group; group i starts at i times the alignment. */
    private final List<Integer> groupBytes = new ArrayList<>();

    @BeforeEach
    void writeFiveGroups() throws IOException {
        LocalLogStore store = open(disk);
        Log first = store.open(FIRST, LogConfig.DEFAULT);
        Log second = store.open(SECOND, LogConfig.DEFAULT);
        List<String> values = new ArrayList<>();
        afterGroup.add(List.of());
        for (int i = 0; i < 5; i++) {
            first.append(Batches.of("value " + i), null);
            second.append(Batches.of("of another log " + i), null);
            first.append(Batches.of("more " + i), null);
            work(store);
            values.add("value " + i);
            values.add("more " + i);
            afterGroup.add(List.copyOf(values));
        }
        for (int i = 0; i < 5; i++) {
            ByteBuffer group = ByteBuffer.allocate(FileStore.ALIGNMENT);
            try (FileStore.File file = disk.open(JOURNAL, FileStore.Mode.BUFFERED)) {
                file.read(group, (long) i * FileStore.ALIGNMENT);
            }
            GroupFormat.Header header = GroupFormat.header(group.flip(), 0);
            assertThat(header).isNotNull();
            groupBytes.add(GroupFormat.HEADER_BYTES + (header == null ? 0 : header.length()));
        }
    }

    private LocalLogStore open(FileStore files) throws IOException {
        SegmentFiles segments = new SegmentFiles(files, clock, new NoCompaction(), SegmentOptions.DEFAULT);
        return LocalLogStore.open(files, clock, id -> new RecordingState(), segments, OPTIONS);
    }

    private static void work(LocalLogStore store) {
        while (store.doWork()) {
            // until there is nothing to do
        }
    }

    /** What a start on this disk serves of the first log; the start after it must serve the same. */
    private List<String> recovered(SimulatedDisk damaged) throws IOException {
        List<String> found = readOnce(damaged);
        assertThat(readOnce(damaged.copy(1))).isEqualTo(found);
        return found;
    }

    /** Ends without closing the store, as a crash would. */
    private List<String> readOnce(SimulatedDisk damaged) throws IOException {
        LocalLogStore store = open(damaged);
        Log log = store.open(FIRST, LogConfig.DEFAULT);
        List<String> values = LogReader.values(LogReader.readAll(log, 1 << 20));
        assertThat(((RecordingState) log.state()).end()).isEqualTo(values.size());
        return values;
    }

    @Test
    void aWholeJournalIsReadWhole() throws IOException {
        assertThat(recovered(disk.copy(1))).isEqualTo(afterGroup.get(5));
    }

    @Test
    void everyFlippedByteOfTheLastGroupCutsJustThatGroup() throws IOException {
        for (int at = 0; at < groupBytes.get(4); at++) {
            SimulatedDisk damaged = disk.copy(at);
            damaged.flipBit(JOURNAL, (4L * FileStore.ALIGNMENT + at) * 8 + at % 8);
            assertThat(recovered(damaged)).as("byte %d", at).isEqualTo(afterGroup.get(4));
        }
    }

    @Test
    void whatLiesBehindAGroupMeansNothing() throws IOException {
        for (int at = groupBytes.get(4); at < FileStore.ALIGNMENT; at += 100) {
            SimulatedDisk damaged = disk.copy(at);
            damaged.flipBit(JOURNAL, (4L * FileStore.ALIGNMENT + at) * 8);
            assertThat(recovered(damaged)).isEqualTo(afterGroup.get(5));
        }
    }

    @Test
    void everyFlippedByteOfAnEarlierGroupIsRefusedAndNothingChanges() throws IOException {
        for (int group = 0; group < 4; group += 3) {
            for (int at = 0; at < groupBytes.get(group); at++) {
                SimulatedDisk damaged = disk.copy(at);
                damaged.flipBit(JOURNAL, ((long) group * FileStore.ALIGNMENT + at) * 8 + at % 8);
                List<ByteBuffer> before = contents(damaged);
                LogException refused = catchThrowableOfType(LogException.class, () -> open(damaged));
                assertThat(refused).as("byte %d of group %d", at, group).isNotNull();
                assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
                assertThat(refused).hasMessageContaining(JOURNAL).hasMessageContaining("byte " + group * 4096);
                assertThat(contents(damaged)).isEqualTo(before);
            }
        }
    }

    private static List<ByteBuffer> contents(FileStore files) throws IOException {
        List<ByteBuffer> contents = new ArrayList<>();
        for (String name : files.list()) {
            try (FileStore.File file = files.open(name, FileStore.Mode.BUFFERED)) {
                ByteBuffer content = ByteBuffer.allocate((int) file.size());
                file.read(content, 0);
                contents.add(content.flip());
            }
        }
        return contents;
    }

    @Test
    void everyCutOfTheLastGroupsKeepsWhatLiesBelow() throws IOException {
        for (int cut = 3 * FileStore.ALIGNMENT; cut <= 5 * FileStore.ALIGNMENT; cut += 7) {
            SimulatedDisk damaged = disk.copy(cut);
            damaged.cut(JOURNAL, cut);
            assertThat(recovered(damaged)).as("cut at %d", cut).isEqualTo(afterGroup.get(cut / FileStore.ALIGNMENT));
        }
    }

    @Test
    void whatWasAppendedAfterATornEndIsThereAfterTheNextCrash() throws IOException {
        SimulatedDisk damaged = disk.copy(1);
        damaged.flipBit(JOURNAL, 4L * FileStore.ALIGNMENT * 8 + 500);
        LocalLogStore store = open(damaged);
        Log log = store.open(FIRST, LogConfig.DEFAULT);
        assertThat(log.epoch()).isEqualTo(1);
        log.append(Batches.of("after the tear"), null);
        work(store);
        assertThat(recovered(damaged.copy(2))).hasSize(9).endsWith("after the tear");
    }

    @Test
    void everyFlippedByteOfTheCheckpointIsRefused() throws IOException {
        long bytes;
        try (FileStore.File file = disk.open("checkpoint", FileStore.Mode.BUFFERED)) {
            bytes = file.size();
        }
        for (int at = 0; at < bytes; at++) {
            SimulatedDisk damaged = disk.copy(at);
            damaged.flipBit("checkpoint", at * 8L + at % 8);
            LogException refused = catchThrowableOfType(LogException.class, () -> open(damaged));
            assertThat(refused).as("byte %d", at).isNotNull();
            assertThat(refused).hasMessageMatching(".*('checkpoint'|newer version).*");
        }
    }

    @Test
    void aLostCheckpointIsRefusedWhereThereIsAJournal() throws IOException {
        SimulatedDisk damaged = disk.copy(1);
        damaged.delete("checkpoint");
        LogException refused = catchThrowableOfType(LogException.class, () -> open(damaged));
        assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void aLostJournalFileIsRefused() throws IOException {
        LocalLogStore store = open(disk);
        Log log = store.open(FIRST, LogConfig.DEFAULT);
        for (int i = 0; i < 3; i++) {
            log.append(Batches.ofSize(40_000, i), null);
            work(store);
        }
        SimulatedDisk damaged = disk.copy(1);
        damaged.delete("journal-0000000003");
        LogException refused = catchThrowableOfType(LogException.class, () -> open(damaged));
        assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
    }
}
