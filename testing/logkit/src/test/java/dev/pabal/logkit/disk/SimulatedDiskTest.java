package dev.pabal.logkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.seam.FileStore;
import dev.pabal.log.seam.FileStore.File;
import dev.pabal.log.seam.FileStore.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The disk must lose what it may lose, often enough to matter, and keep what it must keep. */
class SimulatedDiskTest {
    private static final int BLOCK = 4096;

    private static ByteBuffer filled(int value, int bytes) {
        byte[] b = new byte[bytes];
        Arrays.fill(b, (byte) value);
        return ByteBuffer.wrap(b);
    }

    private static SimulatedDisk withSyncedFile(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(seed);
        try (File file = disk.open("f", Mode.DIRECT)) {
            file.write(filled(1, 4 * BLOCK), 0);
            file.sync();
        }
        disk.syncDirectory();
        return disk;
    }

    @Test
    void whatWasSyncedStays() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            disk.open("f", Mode.BUFFERED).write(filled(2, BLOCK), BLOCK);
            SimulatedDisk after = disk.crash();
            byte[] bytes = after.bytes("f");
            assertThat(bytes).hasSize(4 * BLOCK);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(bytes[i]).isIn(i / BLOCK == 1 ? new Byte[] {1, 2} : new Byte[] {1});
            }
        }
    }

    @Test
    void unsyncedBlocksAreKeptLostAndTornInAnyOrder() throws Exception {
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 400; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            File file = disk.open("f", Mode.DIRECT);
            file.write(filled(2, BLOCK), 0);
            file.write(filled(3, BLOCK), BLOCK);
            byte[] bytes = disk.crash().bytes("f");
            seen.add(kind(bytes, 0, 2) + kind(bytes, BLOCK, 3));
        }
        assertThat(seen).contains("oldold", "oldnew", "newold", "newnew", "torntorn", "tornold", "newtorn");
    }

    private static String kind(byte[] bytes, int at, int written) {
        Set<Byte> values = new HashSet<>();
        for (int sector = at; sector < at + BLOCK; sector += 512) {
            for (int i = sector; i < sector + 512; i++) {
                assertThat(bytes[i]).as("a sector is never torn").isEqualTo(bytes[sector]);
            }
            values.add(bytes[sector]);
        }
        if (values.size() > 1) {
            return "torn";
        }
        return values.contains((byte) written) ? "new" : "old";
    }

    @Test
    void namesNeedADirectorySync() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            disk.open("new", Mode.BUFFERED).sync();
            disk.rename("f", "g");
            seen.add(new HashSet<>(disk.crash().list()));
        }
        assertThat(seen).containsExactlyInAnyOrder(Set.of("f"), Set.of("g"), Set.of("f", "new"), Set.of("g", "new"));
        SimulatedDisk disk = withSyncedFile(1);
        disk.rename("f", "g");
        disk.syncDirectory();
        assertThat(disk.crash().list()).containsExactly("g");
    }

    @Test
    void deletedFilesMayReturnUntilTheDirectoryIsSynced() throws Exception {
        Set<Integer> seen = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            disk.delete("f");
            assertThat(disk.exists("f")).isFalse();
            seen.add(disk.crash().list().size());
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void unsyncedSizesMayBeLostAndHolesReadAsZeros() throws Exception {
        Set<Integer> sizes = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            disk.open("f", Mode.BUFFERED).write(filled(9, BLOCK), 6L * BLOCK);
            byte[] bytes = disk.crash().bytes("f");
            sizes.add(bytes.length / BLOCK);
            for (int i = 4 * BLOCK; i < Math.min(bytes.length, 6 * BLOCK); i++) {
                assertThat(bytes[i]).isZero();
            }
        }
        assertThat(sizes).contains(4, 7);
    }

    @Test
    void aFailedSyncLeavesPagesThatALaterSyncDoesNotWrite() throws Exception {
        boolean lost = false;
        for (int seed = 0; seed < 40; seed++) {
            SimulatedDisk disk = withSyncedFile(seed);
            File file = disk.open("f", Mode.DIRECT);
            file.write(filled(2, BLOCK), 0);
            disk.failAt(DiskOperation.SYNC, 1);
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
            file.sync();
            lost |= disk.crash().bytes("f")[0] == 1;
        }
        assertThat(lost).isTrue();
    }

    @Test
    void itStopsAtTheOperationItWasToldTo() throws Exception {
        SimulatedDisk disk = withSyncedFile(3);
        disk.crashAt(3);
        File file = disk.open("f", Mode.DIRECT);
        file.write(filled(2, BLOCK), 0);
        assertThatThrownBy(file::sync).isInstanceOf(CrashException.class);
        assertThatThrownBy(disk::list).isInstanceOf(CrashException.class);
        assertThat(disk.crash().list()).containsExactly("f");
    }

    @Test
    void aFullDiskWritesWhatFitsAndFails() throws Exception {
        SimulatedDisk disk = withSyncedFile(3);
        disk.capacityInBytes(5 * BLOCK);
        assertThat(disk.usableBytes()).isEqualTo(BLOCK);
        File file = disk.open("f", Mode.DIRECT);
        assertThatThrownBy(() -> file.write(filled(2, 3 * BLOCK), 4 * BLOCK)).hasMessageContaining("No space left");
        assertThat(file.size()).isEqualTo(5 * BLOCK);
        file.write(filled(3, BLOCK), 0);
    }

    @Test
    void directWritesMustBeAligned() throws Exception {
        File file = new SimulatedDisk(1).open("f", Mode.DIRECT);
        assertThatThrownBy(() -> file.write(filled(1, 100), 0)).hasMessageContaining("not aligned");
        assertThatThrownBy(() -> file.write(filled(1, BLOCK), 512)).hasMessageContaining("not aligned");
        ByteBuffer direct = ByteBuffer.allocateDirect(3 * BLOCK).alignedSlice(BLOCK);
        file.write(direct.duplicate().limit(BLOCK), 0);
        ByteBuffer shifted = direct.duplicate().position(512).limit(512 + BLOCK);
        assertThatThrownBy(() -> file.write(shifted, 0)).hasMessageContaining("not aligned");
    }

    @Test
    void damageIsStored() throws Exception {
        SimulatedDisk disk = withSyncedFile(1);
        disk.flipBit("f", 8L * 5000 + 3);
        assertThat(disk.bytes("f")[5000]).isEqualTo((byte) (1 ^ 8));
        disk.cut("f", 100);
        assertThat(disk.crash().bytes("f")).hasSize(100);
    }

    @Test
    void aKilledStoreReachesNothing() throws Exception {
        SimulatedDisk disk = withSyncedFile(1);
        GuardedFileStore guarded = new GuardedFileStore(disk);
        File file = guarded.open("f", Mode.DIRECT);
        file.write(filled(2, BLOCK), 0);
        guarded.kill();
        assertThatThrownBy(() -> file.write(filled(3, BLOCK), 0)).isInstanceOf(CrashException.class);
        assertThat(((FileStore) disk).open("f", Mode.DIRECT).size()).isEqualTo(4 * BLOCK);
        assertThat(disk.bytes("f")[0]).isEqualTo((byte) 2);
    }

    @Test
    void equalSeedsGiveEqualDisks() throws Exception {
        byte[][] images = new byte[2][];
        for (int i = 0; i < 2; i++) {
            SimulatedDisk disk = withSyncedFile(99);
            for (int block = 0; block < 50; block++) {
                disk.open("f", Mode.DIRECT).write(filled(block, BLOCK), (long) block * BLOCK);
            }
            images[i] = disk.crash().bytes("f");
        }
        assertThat(images[0]).isEqualTo(images[1]);
    }
}
