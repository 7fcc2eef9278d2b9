package dev.pabal.log.seam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.seam.FileStore.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFileStoreTest {
    @TempDir
    Path directory;

    private DiskFileStore files;

    @BeforeEach
    void open() throws IOException {
        files = DiskFileStore.open(directory.resolve("made/on/demand"));
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + FileStore.ALIGNMENT)
                .alignedSlice(FileStore.ALIGNMENT)
                .limit(bytes);
    }

    @Test
    void aDirectoryIsHeldByOneStore() throws IOException {
        Path held = directory.resolve("made/on/demand");
        assertThatThrownBy(() -> DiskFileStore.open(held))
                .isInstanceOf(DirectoryInUseException.class)
                .hasMessageContaining(held.toString())
                .hasMessageContaining("in use");
        files.close();
        files = DiskFileStore.open(held);
    }

    @Test
    void directFilesHoldWhatWasWrittenAndEndWhereTheyEnd() throws IOException {
        try (FileStore.File file = files.open("a", Mode.DIRECT)) {
            ByteBuffer written = aligned(2 * FileStore.ALIGNMENT);
            for (int i = 0; i < written.limit(); i += 8) {
                written.putLong(i, i);
            }
            file.write(written, FileStore.ALIGNMENT);
            file.sync();
            assertThat(file.size()).isEqualTo(3 * FileStore.ALIGNMENT);
            ByteBuffer read = aligned(4 * FileStore.ALIGNMENT);
            assertThat(file.read(read, FileStore.ALIGNMENT)).isEqualTo(2 * FileStore.ALIGNMENT);
            assertThat(read.getLong(FileStore.ALIGNMENT)).isEqualTo(FileStore.ALIGNMENT);
            assertThat(file.read(aligned(FileStore.ALIGNMENT), 8 * FileStore.ALIGNMENT))
                    .isZero();
            file.truncate(100);
            assertThat(file.read(aligned(FileStore.ALIGNMENT), 0)).isEqualTo(100);
        }
    }

    @Test
    void filesAreListedRenamedAndDeleted() throws IOException {
        try (FileStore.File file = files.open("a", Mode.BUFFERED)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5);
            assertThat(file.size()).isEqualTo(8);
        }
        files.open("b", Mode.BUFFERED).close();
        assertThat(files.list()).as("the lock is nobody's business").containsExactlyInAnyOrder("a", "b");
        files.rename("a", "b");
        files.syncDirectory();
        assertThat(files.exists("a")).isFalse();
        try (FileStore.File file = files.open("b", Mode.BUFFERED)) {
            assertThat(file.size()).isEqualTo(8);
        }
        files.delete("b");
        assertThat(files.list()).isEmpty();
        assertThat(files.usableBytes()).isPositive();
    }
}
