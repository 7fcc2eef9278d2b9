package dev.pabal.log.journal;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal: {@code journal-<number>}, numbered in the order of their use, each written from front to back. A file is made
 * ready before it is needed: either an old one that no recovery needs any more, renamed, or a new one filled with zeros, so that a group's
 * sync never waits for the file system's own records.
 *
 * <p>Threads: the flusher prepares and recycles, the journal's thread takes what is ready.
 */
public final class JournalFiles {
    private static final String PREFIX = "journal-";
    private static final int DIGITS = 10;
    private static final String NEW = "journal-new.tmp";
    private static final int ZEROS = 256 << 10;
    private static final long FIRST_FILE_BYTES = 1L << 20;

    private final FileStore files;
    private final long fileBytes;
    private final int sparesKept;

    /** Numbers of files that hold nothing needed, to be renamed; the flusher's. */
    private final Deque<Long> spares = new ArrayDeque<>();
    /** Numbers of files that a recovery may need, oldest first, the current one last; the flusher's and, in {@link #take}, guarded. */
    private final Deque<Long> live = new ArrayDeque<>();

    private final AtomicReference<@Nullable JournalFile> ready = new AtomicReference<>();
    private final AtomicLong bytesMissing = new AtomicLong();
    private volatile boolean wanted;
    private long nextNumber;

    /**
     * @param fileBytes size of a file, a multiple of the alignment
     * @param sparesKept files kept for later use beyond those in use
     */
    public JournalFiles(FileStore files, long fileBytes, int sparesKept) {
        this.files = files;
        this.fileBytes = fileBytes;
        this.sparesKept = sparesKept;
    }

    /** Numbers of the journal files that are there, in order. */
    public static List<Long> numbers(FileStore files) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String name : files.list()) {
            number(name).ifPresent(numbers::add);
        }
        numbers.sort(null);
        return numbers;
    }

    /** Makes a file durable, with its name, where there is one of that number. */
    public static void sync(FileStore files, long number) throws IOException {
        if (files.exists(name(number))) {
            try (FileStore.File file = files.open(name(number), FileStore.Mode.DIRECT)) {
                file.sync();
            }
            files.syncDirectory();
        }
    }

    static String name(long number) {
        // By hand: the first use of a formatter costs a start more than all the rest of opening a journal.
        String digits = Long.toString(number);
        return PREFIX + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    private static Optional<Long> number(String name) {
        if (!name.startsWith(PREFIX) || name.length() != PREFIX.length() + DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(name.substring(PREFIX.length())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes stock after recovery: files from {@code firstNeeded} to {@code lastNeeded} stay, all others may be used again. The first file
     * is then made ready; where there is none to use again it is a small one, so that a new store opens at once.
     *
     * @return the number of that file
     */
    public long start(long firstNeeded, long lastNeeded) throws IOException {
        if (files.exists(NEW)) {
            files.delete(NEW);
        }
        nextNumber = lastNeeded + 1;
        for (long number : numbers(files)) {
            nextNumber = Math.max(nextNumber, number + 1);
            (number >= firstNeeded && number <= lastNeeded ? live : spares).add(number);
        }
        wanted = true;
        prepare(Math.min(FIRST_FILE_BYTES, fileBytes));
        return nextNumber - 1;
    }

    /** Flusher. Makes the next file ready if one was asked for; true if there was something to do. */
    public boolean prepare() throws IOException {
        return prepare(fileBytes);
    }

    private boolean prepare(long newFileBytes) throws IOException {
        if (!wanted || ready.get() != null) {
            return false;
        }
        bytesMissing.set(newFileBytes);
        long number = nextNumber;
        JournalFile file = recycled(number);
        if (file == null) {
            file = fresh(number, newFileBytes);
        }
        nextNumber++;
        wanted = false;
        bytesMissing.set(0);
        synchronized (live) {
            live.add(number);
        }
        ready.set(file);
        return true;
    }

    private @Nullable JournalFile recycled(long number) throws IOException {
        while (!spares.isEmpty()) {
            String old = name(spares.element());
            String name = name(number);
            long size;
            try (FileStore.File file = files.open(old, FileStore.Mode.DIRECT)) {
                size = file.size();
            }
            if (size == fileBytes) {
                files.rename(old, name);
                files.syncDirectory();
                spares.remove();
                return new JournalFile(number, files.open(name, FileStore.Mode.DIRECT), size);
            }
            // The first, small file of a store, or one of another size setting.
            files.delete(old);
            spares.remove();
        }
        return null;
    }

    private JournalFile fresh(long number, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, bytes) + FileStore.ALIGNMENT)
                .alignedSlice(FileStore.ALIGNMENT);
        zeros.limit((int) Math.min(ZEROS, bytes));
        try (FileStore.File file = files.open(NEW, FileStore.Mode.DIRECT)) {
            for (long at = 0; at < bytes; at += zeros.limit()) {
                zeros.rewind();
                if (bytes - at < zeros.limit()) {
                    zeros.limit((int) (bytes - at));
                }
                file.write(zeros, at);
            }
            file.sync();
        }
        String name = name(number);
        files.rename(NEW, name);
        files.syncDirectory();
        return new JournalFile(number, files.open(name, FileStore.Mode.DIRECT), bytes);
    }

    /** Journal's thread. The file that is ready, to be written from its start; null where none is yet, which asks for one. */
    public @Nullable JournalFile take() {
        JournalFile file = ready.getAndSet(null);
        if (file == null) {
            wanted = true;
        }
        return file;
    }

    /** Any thread. The next file will be needed soon. */
    public void want() {
        if (ready.get() == null) {
            wanted = true;
        }
    }

    /** Whether the flusher has a file to prepare. */
    public boolean wanted() {
        return wanted && ready.get() == null;
    }

    /** Flusher. Nothing before this file is needed by a recovery any more. */
    public void recycleBefore(long firstNeeded) throws IOException {
        boolean deleted = false;
        synchronized (live) {
            while (!live.isEmpty() && live.element() < firstNeeded) {
                spares.add(live.remove());
            }
        }
        while (spares.size() > sparesKept) {
            files.delete(name(spares.element()));
            spares.remove();
            deleted = true;
        }
        if (deleted) {
            files.syncDirectory();
        }
    }

    /** Bytes that the next file will take from the disk if it must be made: what free space has to allow for. */
    public long bytesMissing() {
        return ready.get() != null
                ? bytesMissing.get()
                : Math.max(bytesMissing.get(), spares.isEmpty() ? fileBytes : 0);
    }

    /** Largest group, padding included, that a file can take. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Closes the file that was made ready and not taken. */
    public void close() throws IOException {
        JournalFile file = ready.getAndSet(null);
        if (file != null) {
            file.content().close();
        }
    }

    /**
     * A file ready to be written.
     *
     * @param number its number, the generation of its groups
     * @param content the open file
     * @param sizeInBytes its length, which does not change
     */
    public record JournalFile(long number, FileStore.File content, long sizeInBytes) {}
}
