package dev.pabal.logkit.disk;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Stands in front of any {@link FileStore}, a real directory for one: holds syncs back until a test lets them go, and ends a store as
 * {@code kill -9} would, so that nothing it still tries reaches the files. May be used by any thread.
 */
public final class GuardedFileStore implements FileStore {
    private final FileStore files;
    /** Operations hold it for reading, {@link #kill} for writing: after a kill nothing is under way. */
    private final ReentrantReadWriteLock alive = new ReentrantReadWriteLock();

    private final Object gate = new Object();
    private boolean held;
    private boolean killed;

    public GuardedFileStore(FileStore files) {
        this.files = files;
    }

    /** Syncs of files wait from now on. */
    public void holdSyncs() {
        synchronized (gate) {
            held = true;
        }
    }

    /** Waiting syncs go on and later ones do not wait. */
    public void releaseSyncs() {
        synchronized (gate) {
            held = false;
            gate.notifyAll();
        }
    }

    /** Every operation fails from now on, waiting syncs as well; none is under way when this returns. */
    public void kill() {
        synchronized (gate) {
            killed = true;
            gate.notifyAll();
        }
        // Whoever saw the store alive has finished once the lock is free.
        alive.writeLock().lock();
        alive.writeLock().unlock();
    }

    private interface Operation<T> {
        T run() throws IOException;
    }

    private interface Action {
        void run() throws IOException;
    }

    private <T> T guarded(Operation<T> operation) throws IOException {
        alive.readLock().lock();
        try {
            synchronized (gate) {
                checkAlive();
            }
            return operation.run();
        } finally {
            alive.readLock().unlock();
        }
    }

    private void act(Action action) throws IOException {
        guarded(() -> {
            action.run();
            return true;
        });
    }

    private void checkAlive() throws CrashException {
        if (killed) {
            throw new CrashException("the process was killed");
        }
    }

    private void awaitGate() throws IOException {
        synchronized (gate) {
            while (held && !killed) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while a sync was held back", e);
                }
            }
            checkAlive();
        }
    }

    @Override
    public File open(String name, Mode mode) throws IOException {
        return new GuardedFile(guarded(() -> files.open(name, mode)));
    }

    @Override
    public boolean exists(String name) {
        return files.exists(name);
    }

    @Override
    public List<String> list() throws IOException {
        return guarded(files::list);
    }

    @Override
    public void delete(String name) throws IOException {
        act(() -> files.delete(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        act(() -> files.rename(from, to));
    }

    @Override
    public void syncDirectory() throws IOException {
        act(files::syncDirectory);
    }

    @Override
    public long usableBytes() throws IOException {
        return guarded(files::usableBytes);
    }

    private final class GuardedFile implements File {
        private final File file;

        GuardedFile(File file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            return guarded(() -> file.read(to, position));
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            act(() -> file.write(from, position));
        }

        @Override
        public void sync() throws IOException {
            awaitGate();
            act(file::sync);
        }

        @Override
        public long size() throws IOException {
            return guarded(file::size);
        }

        @Override
        public void truncate(long size) throws IOException {
            act(() -> file.truncate(size));
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
