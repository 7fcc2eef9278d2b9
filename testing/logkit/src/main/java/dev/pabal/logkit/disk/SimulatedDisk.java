package dev.pabal.logkit.disk;

import dev.pabal.log.seam.FileStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A disk in memory that does what real ones may do at a power cut: of everything not synced it keeps, loses or tears each 4 KiB block on its
 * own (torn at 512-byte sectors), in any order, as it does with sizes and with creations, renames and deletions. What was synced stays.
 *
 * <p>{@link #crash()} gives the disk that a machine finds when it starts again; this one is dead from then on. All randomness comes from the
 * seed, so equal operations lead to equal disks. May be used by any thread.
 */
public final class SimulatedDisk implements FileStore {
    /** A creation, rename or deletion that no {@link #syncDirectory} has made durable yet. */
    private interface Change {
        void applyTo(Map<String, Content> names);
    }

    private final Object lock = new Object();
    private final Random random;
    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> syncedNames = new TreeMap<>();
    private final List<Change> pendingChanges = new ArrayList<>();
    private final FaultPlan faults = new FaultPlan();
    private final Map<DiskOperation, Long> counts = new EnumMap<>(DiskOperation.class);
    private long capacityInBytes = Long.MAX_VALUE;
    private int openFiles;
    private boolean dead;

    /** An empty disk without bounds. */
    public SimulatedDisk(long seed) {
        this.random = new Random(seed);
    }

    // ------------------------------------------------------------------------------------------------------------ what
    // tests do to it

    /** The power goes: what a start finds. Every operation here fails with {@link CrashException} from now on. */
    public SimulatedDisk crash() {
        synchronized (lock) {
            dead = true;
            SimulatedDisk next = new SimulatedDisk(random.nextLong());
            Temper temper = Temper.of(random);
            Map<String, Content> found = new TreeMap<>(syncedNames);
            for (Change change : pendingChanges) {
                if (temper.keeps()) {
                    change.applyTo(found);
                }
            }
            found.forEach((name, content) -> next.names.put(name, content.crashed(temper)));
            next.syncedNames.putAll(next.names);
            next.capacityInBytes = capacityInBytes;
            return next;
        }
    }

    /** The process ends but the machine goes on ({@code kill -9}): a disk with all that was written. This one is dead from now on. */
    public SimulatedDisk kill() {
        synchronized (lock) {
            dead = true;
            return copy(random.nextLong());
        }
    }

    /** An independent copy with all that was written, synced. This disk lives on. */
    public SimulatedDisk copy(long seed) {
        synchronized (lock) {
            SimulatedDisk next = new SimulatedDisk(seed);
            names.forEach((name, content) -> next.names.put(name, content.copy()));
            next.syncedNames.putAll(next.names);
            next.capacityInBytes = capacityInBytes;
            return next;
        }
    }

    /** The disk stops, with {@link CrashException}, at the {@code nth} operation from now that can change it; the first is 1. */
    public void crashAt(long nth) {
        synchronized (lock) {
            faults.crashAt(nth);
        }
    }

    /** The {@code nth} such operation from now fails once; the first is 1. A failed sync leaves pages clean but not all on the disk. */
    public void failAt(DiskOperation operation, long nth) {
        failAt(operation, nth, name -> true);
    }

    /** The same for files whose name passes. */
    public void failAt(DiskOperation operation, long nth, Predicate<String> files) {
        synchronized (lock) {
            faults.add(operation, files, nth, false);
        }
    }

    /** Every such operation fails from the {@code nth} on, until {@link #heal}. */
    public void failFrom(DiskOperation operation, long nth) {
        synchronized (lock) {
            faults.add(operation, name -> true, nth, true);
        }
    }

    /** Forgets the planted failures that have not happened yet. */
    public void heal() {
        synchronized (lock) {
            faults.clear();
        }
    }

    /** Bytes of all files together beyond which writes fail for want of space. */
    public void capacityInBytes(long bytes) {
        synchronized (lock) {
            capacityInBytes = bytes;
        }
    }

    /** Damages one stored bit; bits are numbered from the start of the file. */
    public void flipBit(String name, long bit) {
        synchronized (lock) {
            content(name).flipBit(bit);
        }
    }

    /** Cuts a stored file, as damage, not as an operation. */
    public void cut(String name, long sizeInBytes) {
        synchronized (lock) {
            content(name).truncate(sizeInBytes);
            content(name).sync();
        }
    }

    /** The bytes of a file. */
    public byte[] bytes(String name) {
        synchronized (lock) {
            Content content = content(name);
            ByteBuffer all = ByteBuffer.allocate((int) content.size());
            content.read(all, 0);
            return all.array();
        }
    }

    /** Whether the machine has stopped, so that only {@link #crash} is left. */
    public boolean stopped() {
        synchronized (lock) {
            return dead;
        }
    }

    /** Operations so far that can change the disk. */
    public long operations() {
        synchronized (lock) {
            return counts.entrySet().stream()
                    .filter(e -> e.getKey().changesDisk())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /** Operations of one kind so far. */
    public long operations(DiskOperation operation) {
        synchronized (lock) {
            return counts.getOrDefault(operation, 0L);
        }
    }

    /** Files open now. */
    public int openFiles() {
        synchronized (lock) {
            return openFiles;
        }
    }

    // ------------------------------------------------------------------------------------------------------------------ what stores do

    @Override
    public File open(String name, Mode mode) throws IOException {
        synchronized (lock) {
            enter(DiskOperation.OPEN, name);
            Content content = names.get(name);
            if (content == null) {
                Content created = new Content();
                change(all -> all.putIfAbsent(name, created));
                content = created;
            }
            openFiles++;
            return new OpenFile(name, content, mode);
        }
    }

    @Override
    public boolean exists(String name) {
        synchronized (lock) {
            return names.containsKey(name);
        }
    }

    @Override
    public List<String> list() throws IOException {
        synchronized (lock) {
            checkAlive();
            return List.copyOf(names.keySet());
        }
    }

    @Override
    public void delete(String name) throws IOException {
        synchronized (lock) {
            enter(DiskOperation.DELETE, name);
            Content gone = names.get(name);
            if (gone != null) {
                change(all -> all.remove(name, gone));
            }
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        synchronized (lock) {
            enter(DiskOperation.RENAME, from);
            Content moved = existing(from);
            change(all -> {
                all.remove(from, moved);
                all.put(to, moved);
            });
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        synchronized (lock) {
            enter(DiskOperation.SYNC_DIRECTORY, "");
            syncedNames.clear();
            syncedNames.putAll(names);
            pendingChanges.clear();
        }
    }

    @Override
    public long usableBytes() throws IOException {
        synchronized (lock) {
            checkAlive();
            return Math.max(0, capacityInBytes - usedBytes());
        }
    }

    // ----------------------------------------------------------------------------------------------------------------------------- inside

    private void change(Change change) {
        change.applyTo(names);
        pendingChanges.add(change);
    }

    private Content existing(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return content;
    }

    private Content content(String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new IllegalArgumentException("no file " + name + " among " + names.keySet());
        }
        return content;
    }

    private long usedBytes() {
        return names.values().stream().mapToLong(Content::size).sum();
    }

    private void checkAlive() throws CrashException {
        if (dead) {
            throw new CrashException("the machine has stopped");
        }
    }

    /** Counts an operation, and stops or fails it where that was planned. */
    private void enter(DiskOperation operation, String name) throws IOException {
        checkAlive();
        counts.merge(operation, 1L, Long::sum);
        if (faults.crashes(operation)) {
            dead = true;
            throw new CrashException("the machine stops at " + operation + " " + name);
        }
        IOException failure = faults.failure(operation, name);
        if (failure != null) {
            throw failure;
        }
    }

    private static void checkAligned(ByteBuffer buffer, long position) throws IOException {
        boolean address = !buffer.isDirect() || buffer.alignmentOffset(buffer.position(), ALIGNMENT) == 0;
        if (position % ALIGNMENT != 0 || buffer.remaining() % ALIGNMENT != 0 || !address) {
            throw new IOException("Invalid argument: direct I/O of " + buffer.remaining() + " bytes at " + position
                    + " is not aligned to " + ALIGNMENT);
        }
    }

    /** A handle. The content outlives the name, as with any file that is deleted while open. */
    private final class OpenFile implements File {
        private final String name;
        private final Content content;
        private final Mode mode;
        private boolean open = true;

        OpenFile(String name, Content content, Mode mode) {
            this.name = name;
            this.content = content;
            this.mode = mode;
        }

        private void enterOpen(DiskOperation operation) throws IOException {
            if (!open) {
                throw new ClosedChannelException();
            }
            enter(operation, name);
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            synchronized (lock) {
                enterOpen(DiskOperation.READ);
                if (mode == Mode.DIRECT) {
                    checkAligned(to, position);
                }
                return content.read(to, position);
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (lock) {
                boolean alive = !dead;
                try {
                    enterOpen(DiskOperation.WRITE);
                } catch (CrashException e) {
                    if (alive && random.nextBoolean()) {
                        content.write(from.duplicate(), position);
                    }
                    throw e;
                }
                if (mode == Mode.DIRECT) {
                    checkAligned(from, position);
                }
                long room = capacityInBytes - usedBytes() + content.size();
                if (position + from.remaining() > Math.max(room, content.size())) {
                    int fits = (int) Math.max(0, room - position) / Content.SECTOR * Content.SECTOR;
                    content.write(from.slice(from.position(), Math.min(fits, from.remaining())), position);
                    throw new IOException("No space left on device");
                }
                content.write(from, position);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (lock) {
                try {
                    enterOpen(DiskOperation.SYNC);
                } catch (CrashException e) {
                    throw e;
                } catch (IOException e) {
                    content.failSync(Temper.of(random));
                    throw e;
                }
                content.sync();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (lock) {
                checkAlive();
                return content.size();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (lock) {
                enterOpen(DiskOperation.TRUNCATE);
                content.truncate(size);
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (open) {
                    open = false;
                    openFiles--;
                }
            }
        }
    }
}
