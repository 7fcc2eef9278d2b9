package dev.pabal.log.journal;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal at recovery, group by group, each verified as a whole, and tells its end from damage.
 *
 * <p>A group that cannot be read is the end, a write that the crash cut short, unless something later shows that it was once whole: a
 * group in a later place that says it was synced, or a later file that goes on after it. Then it is corruption, and nothing may be cut.
 * Nothing on disk is changed here.
 */
public final class JournalReader implements AutoCloseable {
    private static final int WINDOW = 1 << 20;

    private final FileStore files;
    private final List<Long> numbers;
    private final long store;

    private int index;
    private FileStore.@Nullable File file;
    private long fileNumber = -1;
    private long fileSize;
    private ByteBuffer window = aligned(WINDOW);
    private long windowAt;
    private JournalPosition position;

    /**
     * @param numbers the journal files that are there, in order
     * @param store the store's random number
     * @param from where the first group of interest starts
     */
    public JournalReader(FileStore files, List<Long> numbers, long store, JournalPosition from) {
        this.files = files;
        this.numbers = numbers;
        this.store = store;
        this.position = from;
        int first = 0;
        while (first < numbers.size() && numbers.get(first) < from.file()) {
            first++;
        }
        this.index = first;
    }

    /**
     * A verified group.
     *
     * @param memory where it lies until the next one is read; the header is at {@code at}
     * @param header what the header says
     * @param next the place behind it
     */
    public record Group(ByteBuffer memory, int at, GroupFormat.Header header, JournalPosition next) {}

    /** The next group, or null at the end of the journal. */
    public @Nullable Group next() throws IOException {
        if (index < numbers.size() && numbers.get(index) == position.file()) {
            open(position.file());
            Group group = groupAt(position.offset(), position.sequence());
            if (group != null) {
                position = group.next();
                return group;
            }
            refuseIfLaterGroupKnows(position.offset() + FileStore.ALIGNMENT);
            index++;
        }
        return nextFile();
    }

    /** The place behind the last group returned. */
    public JournalPosition position() {
        return position;
    }

    private @Nullable Group nextFile() throws IOException {
        for (int i = index; i < numbers.size(); i++) {
            long number = numbers.get(i);
            open(number);
            Group group = groupAt(0, -1);
            if (group == null) {
                refuseIfLaterGroupKnows(FileStore.ALIGNMENT);
                continue;
            }
            long found = group.header().sequence();
            if (found != position.sequence()) {
                throw corrupt(position, "%s goes on with group %d".formatted(JournalFiles.name(number), found));
            }
            index = i;
            position = group.next();
            return group;
        }
        index = numbers.size();
        return null;
    }

    /** The group at an offset of the open file if it is whole, and has the sequence number unless that is -1. */
    private @Nullable Group groupAt(long offset, long sequence) throws IOException {
        if (offset + FileStore.ALIGNMENT > fileSize) {
            return null;
        }
        fill(offset, FileStore.ALIGNMENT);
        GroupFormat.Header header = headerAt(offset);
        if (header == null || (sequence >= 0 && header.sequence() != sequence)) {
            return null;
        }
        long padded = GroupFormat.paddedBytes(GroupFormat.HEADER_BYTES + (long) header.length());
        if (offset + padded > fileSize) {
            return null;
        }
        fill(offset, (int) padded);
        int at = (int) (offset - windowAt);
        if (GroupFormat.crc(window, at + GroupFormat.HEADER_BYTES, header.length()) != header.crc()) {
            return null;
        }
        return new Group(window, at, header, new JournalPosition(fileNumber, offset + padded, header.sequence() + 1));
    }

    private GroupFormat.@Nullable Header headerAt(long offset) {
        GroupFormat.Header header = GroupFormat.header(window, (int) (offset - windowAt));
        return header == null || header.store() != store || header.generation() != fileNumber ? null : header;
    }

    /** Refuses where the rest of the open file holds a group that was written after the one expected now had been synced. */
    private void refuseIfLaterGroupKnows(long from) throws IOException {
        for (long offset = from; offset + FileStore.ALIGNMENT <= fileSize; offset += FileStore.ALIGNMENT) {
            fill(offset, FileStore.ALIGNMENT);
            GroupFormat.Header header = headerAt(offset);
            if (header != null && header.syncedSequence() >= position.sequence() && groupAt(offset, -1) != null) {
                throw corrupt(
                        position,
                        "group %d at byte %d of %s was written after it had been synced"
                                .formatted(header.sequence(), offset, JournalFiles.name(fileNumber)));
            }
        }
    }

    private static LogException corrupt(JournalPosition at, String evidence) {
        return new LogException(
                Reason.CORRUPT,
                "The journal is damaged: group %d at byte %d of %s cannot be read, but %s. Nothing was changed; restore the file from a copy."
                        .formatted(at.sequence(), at.offset(), JournalFiles.name(at.file()), evidence));
    }

    private void open(long number) throws IOException {
        if (number == fileNumber) {
            return;
        }
        close();
        file = files.open(JournalFiles.name(number), FileStore.Mode.DIRECT);
        fileNumber = number;
        fileSize = file.size() & -FileStore.ALIGNMENT;
        window.limit(0);
        windowAt = 0;
    }

    /** Sees to it that the window holds these bytes of the open file. */
    private void fill(long offset, int bytes) throws IOException {
        if (offset >= windowAt && offset + bytes <= windowAt + window.limit()) {
            return;
        }
        if (bytes > window.capacity()) {
            window = aligned(bytes);
        }
        window.clear();
        window.limit((int) Math.min(window.capacity(), fileSize - offset));
        windowAt = offset;
        int read = Objects.requireNonNull(file).read(window, offset);
        window.position(0).limit(read & -FileStore.ALIGNMENT);
        if (window.limit() < bytes) {
            throw new IOException(
                    "%s ended at byte %d while it was read".formatted(JournalFiles.name(fileNumber), offset + read));
        }
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + FileStore.ALIGNMENT)
                .alignedSlice(FileStore.ALIGNMENT)
                .slice(0, bytes);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
            fileNumber = -1;
        }
    }
}
