package dev.pabal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogId;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every byte of a segment flipped and every length cut: what is served is right or refused, and nothing is removed. */
class DamageTest {
    private static final SegmentOptions OPTIONS =
            new SegmentOptions(400, 4 << 10, 4, 1, 4L << 20, 0, 100, 1 << 20, 1 << 20, 1_000, 1 << 20, 0);
    private static final LogId OWN = new LogId(new UUID(1, 1), 0);
    private static final LogId SHARED = new LogId(new UUID(1, 2), 0);

    private final FakeDisk disk = new FakeDisk();
    private final ManualClock clock = new ManualClock();
    private final Random random = new Random(5);
    private final List<ByteBuffer> own = new ArrayList<>();
    private final List<ByteBuffer> shared = new ArrayList<>();

    /** Refusals are logged, many times over here. */
    private final Logger logger = Logger.getLogger("dev.pabal.log.segment");

    @BeforeEach
    void quiet() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        logger.setLevel(null);
    }

    private SegmentFiles open(ByteBuffer manifest) throws IOException {
        SegmentFiles store = new SegmentFiles(disk, clock, new NoCompactor(), OPTIONS);
        store.load(manifest.duplicate());
        return store;
    }

    /** Three extents of an own segment, sealed after a week if asked for, and two in shared ones, of which the first is sealed. */
    private ByteBuffer write(boolean sealed) throws IOException {
        SegmentFiles store = open(ByteBuffer.allocate(0));
        for (int i = 0; i < 3; i++) {
            ByteBuffer batch = Batches.batch(random, i * 4L, 4, 100 + i, 400);
            own.add(batch);
            List<Run> runs = new ArrayList<>(List.of(Batches.run(OWN, List.of(batch))));
            if (i < 2) {
                ByteBuffer small = Batches.batch(random, i * 4L, 4, 100 + i, 100);
                shared.add(small);
                runs.add(Batches.run(SHARED, List.of(small)));
            }
            store.write(runs);
        }
        if (sealed) {
            clock.advanceMs(700_000_000L);
            for (int i = 0; i < 5; i++) {
                store.upkeep((log, start) -> {});
            }
        }
        store.sync();
        ByteBuffer manifest = store.manifest();
        store.checkpointed();
        store.close();
        return manifest;
    }

    /** Reads everything; returns the number of reads refused as corrupt. */
    private static int readAll(SegmentFiles store, LogId log, List<ByteBuffer> expected) throws InterruptedException {
        int refused = 0;
        for (ByteBuffer batch : expected) {
            long offset = BatchHeader.baseOffset(batch, 0);
            try (LogRead read = store.read(log, offset, Long.MAX_VALUE, 1).get()) {
                assertThat(Batches.of(read)).containsExactly(batch);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(LogException.class);
                assertThat(((LogException) e.getCause()).reason()).isEqualTo(Reason.CORRUPT);
                refused++;
            }
        }
        return refused;
    }

    /** Whether the byte lies in a stretch of zeros longer than any that means something. */
    private static boolean isZeroPadding(byte[] bytes, int at) {
        int from = at;
        int to = at;
        while (from >= 0 && bytes[from] == 0 && at - from < 64) {
            from--;
        }
        while (to < bytes.length && bytes[to] == 0 && to - at < 64) {
            to++;
        }
        return to - from > 64;
    }

    @Test
    void aFlippedByteIsNeverServed() throws Exception {
        for (boolean sealed : new boolean[] {false, true}) {
            ByteBuffer manifest = write(sealed);
            for (String name : disk.list()) {
                byte[] good = disk.bytes(name);
                int harmless = 0;
                for (int at = 0; at < good.length; at += isZeroPadding(good, at) ? 127 : 1) {
                    byte[] bad = good.clone();
                    bad[at] ^= (byte) (1 << (at % 8));
                    disk.damage(name, bad);
                    harmless += refusedReads(manifest) == 0 && !isZeroPadding(good, at) ? 1 : 0;
                }
                disk.damage(name, good);
                // Gaps between an extent's end and the next multiple of 64, and between footer and trailer, mean
                // nothing.
                assertThat(harmless).as("harmless flips in %s", name).isLessThan(200);
                assertThat(refusedReads(manifest)).isZero();
            }
            disk.list().forEach(name -> disk.damage(name, new byte[0]));
            own.clear();
            shared.clear();
        }
    }

    @Test
    void aCutFileIsRefusedAsAWhole() throws Exception {
        ByteBuffer manifest = write(true);
        for (String name : disk.list()) {
            byte[] good = disk.bytes(name);
            for (int length = 0; length < good.length; length += 61) {
                disk.damage(name, Arrays.copyOf(good, length));
                assertThat(refusedReads(manifest)).isPositive();
                assertThat(disk.bytes(name)).hasSize(length);
            }
            disk.damage(name, good);
        }
        assertThat(refusedReads(manifest)).isZero();
    }

    /** Reads refused; a store that refuses to load counts as all. */
    private int refusedReads(ByteBuffer manifest) throws Exception {
        SegmentFiles store = new SegmentFiles(disk, clock, new NoCompactor(), OPTIONS);
        try {
            store.load(manifest.duplicate());
            return readAll(store, OWN, own) + readAll(store, SHARED, shared);
        } catch (LogException e) {
            assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
            return own.size() + shared.size();
        } finally {
            store.close();
        }
    }

    @Test
    void damageInALogsOwnSegmentRefusesThatLogAloneAndTheFileStaysUntilTheLogIsDeleted() throws Exception {
        ByteBuffer manifest = write(true);
        byte[] bytes = disk.bytes("segment-1");
        bytes[bytes.length - 1] ^= 1;
        for (int round = 0; round < 2; round++) {
            SegmentFiles store = open(manifest);
            assertThat(store.nextOffset(OWN)).isEqualTo(12 + round * 4L);
            assertThat(readAll(store, OWN, own)).isEqualTo(own.size());
            assertThat(readAll(store, SHARED, shared)).isZero();
            store.write(List.of(Batches.run(OWN, List.of(Batches.batch(random, 12 + round * 4L, 4, 1, 500)))));
            store.sync();
            manifest = store.manifest();
            store.checkpointed();
            store.close();
            assertThat(disk.list()).contains("segment-1");
        }
        SegmentFiles store = open(manifest);
        store.delete(List.of(OWN));
        store.sync();
        store.manifest();
        store.checkpointed();
        store.close();
        assertThat(disk.list()).doesNotContain("segment-1");
    }

    @Test
    void everyFlippedByteOfAManifestIsFound() throws Exception {
        ByteBuffer manifest = write(true);
        List<String> files = disk.list();
        for (int at = 0; at < manifest.remaining(); at++) {
            ByteBuffer bad = ByteBuffer.allocate(manifest.remaining())
                    .put(manifest.duplicate())
                    .flip();
            bad.put(at, (byte) (bad.get(at) ^ 1));
            assertThat(refusedReads(bad)).isEqualTo(own.size() + shared.size());
            assertThat(disk.list()).isEqualTo(files);
        }
    }
}
