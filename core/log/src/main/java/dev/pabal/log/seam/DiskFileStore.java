package dev.pabal.log.seam;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One directory of a real disk. It is locked for this process from {@link #open} to {@link #close}, so that two brokers never write to the
 * same data. Direct I/O is used where the file system offers it with blocks of at most {@link #ALIGNMENT} bytes.
 */
public final class DiskFileStore implements FileStore, AutoCloseable {
    private static final String LOCK = "lock";

    private final Path directory;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final java.nio.file.FileStore volume;
    private volatile boolean directWorks;

    private DiskFileStore(Path directory, FileChannel lockChannel, FileLock lock) throws IOException {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.volume = Files.getFileStore(directory);
        this.directWorks = blocksFit(volume);
    }

    /**
     * Opens a directory, creating it if need be, and locks it.
     *
     * @throws DirectoryInUseException where another store, of this process or another, holds it
     */
    public static DiskFileStore open(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new DirectoryInUseException(directory);
            }
            return new DiskFileStore(directory, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static boolean blocksFit(java.nio.file.FileStore volume) {
        try {
            return volume.getBlockSize() <= ALIGNMENT;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public File open(String name, Mode mode) throws IOException {
        Path path = directory.resolve(name);
        if (mode == Mode.DIRECT && directWorks) {
            try {
                return new DiskFile(FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        ExtendedOpenOption.DIRECT));
            } catch (IOException | UnsupportedOperationException e) {
                // Some file systems know no direct I/O: what else is wrong shows below. A full table of descriptors is
                // no reason to stop
                // trying, so the next file is opened directly again.
                if (e instanceof UnsupportedOperationException) {
                    directWorks = false;
                }
            }
        }
        return new DiskFile(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals(LOCK)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return volume.getUsableSpace();
    }

    /** Releases the lock. Files that are open stay usable, but nobody should use them any more. */
    @Override
    public void close() throws IOException {
        try (lockChannel) {
            lock.release();
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private static final class DiskFile implements File {
        private final FileChannel channel;

        DiskFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            int total = 0;
            while (to.hasRemaining()) {
                int n = channel.read(to, position + total);
                if (n <= 0) {
                    break;
                }
                total += n;
                if (n % ALIGNMENT != 0 && position + total >= channel.size()) {
                    break; // the end: asking a direct file again from an unaligned position would be an error
                }
            }
            return total;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
