package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogStore;
import dev.pabal.log.journal.GroupFormat;
import dev.pabal.log.seam.FileStore;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.LogReader;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.SimulatedDisk;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every byte at the end of the journal, at the end of segments and of the checkpoint is cut off or has a bit flipped in turn. What is served
 * then is right or nothing, what lies below the tear is there, damage that is no tear is refused by name, and nothing is changed by that.
 */
class DamageTest {
    private static final LogId A = new LogId(new UUID(1, 1), 0);
    private static final LogId B = new LogId(new UUID(2, 2), 0);
    private static final int APPENDS = 40;
    /** Bytes from one damaged byte to the next where there are many; the profile {@code simulation} takes each. */
    private static final int STRIDE = Integer.getInteger("pabal.stride", 19);
    /** Bytes at the end of a segment that are damaged. */
    private static final int WINDOW = 8_192;

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final Random random = new Random(4);
    /** What was appended to each log, as stored. */
    private final List<byte[]> a = new ArrayList<>();

    private final List<byte[]> b = new ArrayList<>();

    private Running start(SimulatedDisk disk) throws IOException {
        return LocalStores.start(disk, clock, id -> new RecordingState());
    }

    /** One journal group for each append; the first half is in segments behind a checkpoint, the rest in the journal only. */
    private SimulatedDisk filled() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(5);
        Running running = start(disk);
        for (int i = 0; i < APPENDS; i++) {
            LogId id = i % 2 == 0 ? A : B;
            Log log = running.store().open(id, LogConfig.DEFAULT.keepForever());
            ByteBuffer batch = i % 9 == 0 ? Batches.ofSize(9_000, i) : Batches.of("append " + i);
            log.append(batch, null);
            (i % 2 == 0 ? a : b).add(batch.array().clone());
            if (i == APPENDS / 2) {
                clock.advanceMs(20_000);
            }
            settle(running);
        }
        assertThat(running.store().stats().segmentFiles()).isPositive();
        return disk.kill();
    }

    private static void settle(Running running) {
        for (int i = 0; i < 100 && running.work(); i++) {
            assertThat(running.store().failure()).isNotDone();
        }
    }

    /** Starts on a damaged disk; null where it was refused for damage. */
    private @Nullable LogStore tryStart(SimulatedDisk disk) throws IOException {
        try {
            return start(disk).store();
        } catch (LogException e) {
            assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
            assertThat(e).hasMessageContaining("Nothing was ").message().hasSizeGreaterThan(40);
            return null;
        }
    }

    /** Batches served of a log, which must be the first ones appended to it; a read may be refused for damage. */
    private int served(LogStore store, LogId id, List<byte[]> appended) {
        Log log = store.open(id, LogConfig.DEFAULT.keepForever());
        List<byte[]> found = new ArrayList<>();
        long at = 0;
        while (at < log.durableEnd()) {
            List<byte[]> some;
            try {
                some = LogReader.read(log, at, Long.MAX_VALUE, 1);
            } catch (LogException e) {
                assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
                return -1;
            }
            found.addAll(some);
            at = LogReader.baseOffset(some.get(some.size() - 1)) + 1;
        }
        assertThat(found.size()).isLessThanOrEqualTo(appended.size());
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isEqualTo(appended.get(i));
        }
        return found.size();
    }

    /** A group in a journal file. */
    private record Place(String file, int offset, int bytes, long sequence) {}

    /** The groups of the journal in order of their sequence. */
    private static List<Place> groups(SimulatedDisk disk) throws IOException {
        List<Place> groups = new ArrayList<>();
        for (String name : disk.list()) {
            if (!name.startsWith("journal-")) {
                continue;
            }
            ByteBuffer file = ByteBuffer.wrap(disk.bytes(name));
            for (int at = 0; at + 4096 <= file.limit(); at += 4096) {
                GroupFormat.Header header = GroupFormat.header(file, at);
                if (header != null) {
                    groups.add(new Place(name, at, GroupFormat.HEADER_BYTES + header.length(), header.sequence()));
                }
            }
        }
        groups.sort(Comparator.comparingLong(Place::sequence));
        return groups;
    }

    private void checkSecondRecovery(SimulatedDisk disk, LogStore first) throws IOException {
        String found = StoreModel.fingerprint(first);
        assertThat(StoreModel.fingerprint(start(disk.crash()).store())).isEqualTo(found);
    }

    @Test
    void aFlippedBitInTheLastGroupLosesThatGroupOnly() throws Exception {
        SimulatedDisk whole = filled();
        List<Place> groups = groups(whole);
        Place last = groups.get(groups.size() - 1);
        for (int at = 0; at < last.bytes; at++) {
            SimulatedDisk disk = whole.copy(at);
            disk.flipBit(last.file, 8L * (last.offset + at) + random.nextInt(8));
            LogStore store = Objects.requireNonNull(tryStart(disk), "a tear at the end is no damage");
            assertThat(served(store, A, a) + served(store, B, b))
                    .as("byte %s", at)
                    .isEqualTo(APPENDS - 1);
            checkSecondRecovery(disk, store);
        }
    }

    @Test
    void aFlippedBitInAGroupThatWasSyncedIsRefused() throws Exception {
        SimulatedDisk whole = filled();
        List<Place> groups = groups(whole);
        Place before = groups.get(groups.size() - 2);
        for (int at = 0; at < before.bytes; at++) {
            SimulatedDisk disk = whole.copy(at);
            disk.flipBit(before.file, 8L * (before.offset + at) + random.nextInt(8));
            byte[] damaged = disk.bytes(before.file);
            assertThat(tryStart(disk)).as("byte %s", at).isNull();
            assertThat(disk.bytes(before.file)).as("nothing was changed").isEqualTo(damaged);
        }
    }

    @Test
    void aCutJournalKeepsWhatLiesBelowTheCut() throws Exception {
        SimulatedDisk whole = filled();
        List<Place> groups = groups(whole);
        Place last = groups.get(groups.size() - 1);
        Place before = groups.get(groups.size() - 2);
        assertThat(before.file).isEqualTo(last.file);
        for (int size = before.offset; size <= last.offset + last.bytes; size++) {
            boolean padding = size > before.offset + before.bytes && size < last.offset;
            if (padding && size % STRIDE != 0) {
                continue;
            }
            SimulatedDisk disk = whole.copy(size);
            disk.cut(last.file, size);
            LogStore store = Objects.requireNonNull(tryStart(disk), "a cut at the end is no damage");
            int least = size >= last.offset ? APPENDS - 1 : APPENDS - 2;
            assertThat(served(store, A, a) + served(store, B, b))
                    .as("cut at %s", size)
                    .isBetween(least, APPENDS);
            if (size % 16 == 0) {
                checkSecondRecovery(disk, store);
            }
        }
    }

    @Test
    void zeroedAndGarbledBlocksAtTheEndAreATear() throws Exception {
        SimulatedDisk whole = filled();
        List<Place> groups = groups(whole);
        Place last = groups.get(groups.size() - 1);
        for (int seed = 0; seed < 60; seed++) {
            SimulatedDisk disk = whole.copy(seed);
            byte[] garbage = new byte[4096];
            if (seed > 0) {
                new Random(seed).nextBytes(garbage);
            }
            int behind = seed % 2 == 0 ? 0 : (last.bytes + 4095) / 4096 * 4096;
            try (var file = disk.open(last.file, FileStore.Mode.BUFFERED)) {
                file.write(ByteBuffer.wrap(garbage), last.offset + behind);
                file.sync();
            }
            LogStore store = Objects.requireNonNull(tryStart(disk), "a torn end is no damage");
            assertThat(served(store, A, a) + served(store, B, b)).isEqualTo(behind == 0 ? APPENDS - 1 : APPENDS);
            checkSecondRecovery(disk, store);
        }
    }

    @Test
    void aDamagedSegmentIsNeverServed() throws Exception {
        SimulatedDisk whole = filled();
        List<String> segments =
                whole.list().stream().filter(name -> name.startsWith("segment")).toList();
        int refused = 0;
        for (String name : segments) {
            int size = whole.bytes(name).length;
            for (int at = Math.max(0, size - WINDOW); at < size; at += STRIDE) {
                SimulatedDisk disk = whole.copy(at);
                disk.flipBit(name, 8L * at + random.nextInt(8));
                refused += refusals(disk, name, at);
            }
        }
        assertThat(refused).as("flips that hit something").isGreaterThan(2_000 / STRIDE);
    }

    /** How often damage was named; what is served nevertheless must be right, and all of it. */
    private int refusals(SimulatedDisk disk, String name, int at) throws IOException {
        LogStore store = tryStart(disk);
        if (store == null) {
            return 1;
        }
        int ofA = served(store, A, a);
        int ofB = served(store, B, b);
        assertThat(ofA).as("byte %s of %s", at, name).isIn(-1, a.size());
        assertThat(ofB).as("byte %s of %s", at, name).isIn(-1, b.size());
        return (ofA < 0 ? 1 : 0) + (ofB < 0 ? 1 : 0);
    }

    /** A store that stopped cleanly, with sealed segments, shared ones and some of a log's own. */
    private SimulatedDisk full() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(6);
        Running running = start(disk);
        for (int i = 0; i < 600; i++) {
            boolean ofA = i % 2 == 0;
            Log log = running.store().open(ofA ? A : B, LogConfig.DEFAULT.keepForever());
            ByteBuffer batch = Batches.ofSize(ofA ? 100 + i % 300 : 1_500, i);
            log.append(batch, null);
            (ofA ? a : b).add(batch.array().clone());
            clock.advanceMs(100);
            settle(running);
        }
        running.store().close();
        return disk.kill();
    }

    @Test
    void damageAnywhereIsNeverServed() throws Exception {
        SimulatedDisk whole = full();
        List<String> files = whole.list().stream()
                .filter(name -> !name.startsWith("journal"))
                .toList();
        assertThat(files.stream().filter(name -> name.startsWith("segment"))).hasSizeGreaterThan(3);
        int refused = 0;
        int flips = 4_000 / STRIDE;
        for (int i = 0; i < flips; i++) {
            String name = files.get(random.nextInt(files.size()));
            int at = random.nextInt(whole.bytes(name).length);
            SimulatedDisk disk = whole.copy(i);
            disk.flipBit(name, 8L * at + random.nextInt(8));
            refused += refusals(disk, name, at) > 0 ? 1 : 0;
        }
        // The rest hit padding, or what only tells where to look.
        assertThat(refused).isGreaterThan(flips / 3);
    }

    @Test
    void aSegmentThatIsTooShortIsRefused() throws Exception {
        SimulatedDisk whole = filled();
        for (String name : whole.list()) {
            int size = name.startsWith("segment") ? whole.bytes(name).length : 0;
            for (int cut = Math.max(0, size - WINDOW); cut < size; cut += STRIDE) {
                SimulatedDisk disk = whole.copy(cut);
                disk.cut(name, cut);
                refusals(disk, name, cut);
                assertThat(disk.exists(name)).isTrue();
            }
        }
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        SimulatedDisk whole = filled();
        byte[] checkpoint = whole.bytes("checkpoint");
        for (int at = 0; at < checkpoint.length; at++) {
            SimulatedDisk disk = whole.copy(at);
            disk.flipBit("checkpoint", 8L * at + random.nextInt(8));
            byte[] damaged = disk.bytes("checkpoint");
            assertThat(refused(disk)).as("byte %s", at).isTrue();
            assertThat(disk.bytes("checkpoint")).isEqualTo(damaged);
            disk = whole.copy(at);
            disk.cut("checkpoint", at);
            assertThat(refused(disk)).as("cut at %s", at).isTrue();
        }
        assertThat(Arrays.equals(whole.bytes("checkpoint"), checkpoint)).isTrue();
    }

    /** Whether a start is refused with a sentence, for damage or for a version that it does not know. */
    private boolean refused(SimulatedDisk disk) throws IOException {
        try {
            start(disk);
            return false;
        } catch (LogException e) {
            return String.valueOf(e.getMessage()).length() > 40;
        }
    }
}
