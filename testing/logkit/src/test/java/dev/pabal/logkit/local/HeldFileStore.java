package dev.pabal.logkit.local;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Another file store on which syncs of the journal can be made to wait. */
final class HeldFileStore implements FileStore {
    private final FileStore files;
    private boolean held;

    HeldFileStore(FileStore files) {
        this.files = files;
    }

    synchronized void hold(boolean hold) {
        held = hold;
        notifyAll();
    }

    private synchronized void pass() throws IOException {
        while (held) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    public File open(String name, Mode mode) throws IOException {
        File file = files.open(name, mode);
        return name.startsWith("journal-") ? new HeldFile(file) : file;
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

    private final class HeldFile implements File {
        private final File file;

        HeldFile(File file) {
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
            pass();
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
