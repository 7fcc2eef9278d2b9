package dev.pabal.logkit.simulation;

import dev.pabal.log.seam.FileStore;
import dev.pabal.logkit.PassingFileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/** A file store with one mistake that a store could make planted in it. */
class FaultyFileStore extends PassingFileStore {
    private FaultyFileStore(FileStore files) {
        super(files);
    }

    /** Never syncs files whose name passes: as if the store acknowledged, or went on, without waiting for the disk. */
    static FileStore withoutSyncs(FileStore files, Predicate<String> names) {
        return new FaultyFileStore(files) {
            @Override
            protected File wrap(String name, File file) {
                return names.test(name)
                        ? new PassingFile(file) {
                            @Override
                            public void sync() {}
                        }
                        : file;
            }
        };
    }

    /** Never syncs the directory. */
    static FileStore withoutDirectorySyncs(FileStore files) {
        return new FaultyFileStore(files) {
            @Override
            public void syncDirectory() {}
        };
    }

    /** Keeps the last write to each file whose name passes to itself until the next one comes: the end is always missing. */
    static FileStore withoutLastWrite(FileStore files, Predicate<String> names) {
        return new FaultyFileStore(files) {
            @Override
            protected File wrap(String name, File file) {
                return names.test(name) ? new LateFile(file) : file;
            }
        };
    }

    private static final class LateFile extends PassingFile {
        private ByteBuffer kept = ByteBuffer.allocate(0);
        private long keptPosition;

        LateFile(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(kept, keptPosition);
            file.sync();
            kept = ByteBuffer.allocate(from.remaining()).put(from).flip();
            keptPosition = position;
        }
    }
}
