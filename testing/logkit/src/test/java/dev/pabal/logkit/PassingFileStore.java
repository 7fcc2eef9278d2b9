package dev.pabal.logkit;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Passes everything on to another file store, but for what a subclass does otherwise. */
public class PassingFileStore implements FileStore {
    private final FileStore files;

    protected PassingFileStore(FileStore files) {
        this.files = files;
    }

    /** What is to stand for a file that was opened. */
    protected File wrap(String name, File file) {
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

    /** Passes everything on to another file. */
    protected static class PassingFile implements File {
        protected final File file;

        protected PassingFile(File file) {
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
}
