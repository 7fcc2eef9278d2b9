package dev.pabal.logkit.simulation;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/** Passes everything on, but for what a subclass leaves out: each plants one mistake that a store could make. */
class FaultyFileStore implements FileStore {
    private final FileStore files;

    FaultyFileStore(FileStore files) {
        this.files = files;
    }

    /** Never syncs files whose name passes: as if the store acknowledged, or went on, without waiting for the disk. */
    static FileStore withoutSyncs(FileStore files, Predicate<String> names) {
        return new FaultyFileStore(files) {
            @Override
            File wrap(String name, File file) {
                return names.test(name)
                        ? new FaultyFile(file) {
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
            File wrap(String name, File file) {
                return names.test(name) ? new LateFile(file) : file;
            }
        };
    }

    File wrap(String name, File file) {
        return file;
    }

    @Override
    public File open(String name, Mode mode) throws IOException {
        return wrap(name, files.open(name, mode));
    }

    @Override
    public boolean exists(String name) {
        return files.exists(name);
    }

    @Override
    public List<String> list() throws IOException {
        return files.list();
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void syncDirectory() throws IOException {
        files.syncDirectory();
    }

    @Override
    public long usableBytes() throws IOException {
        return files.usableBytes();
    }

    private static class FaultyFile implements File {
        final File file;

        FaultyFile(File file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            return file.read(to, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position);
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static final class LateFile extends FaultyFile {
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
