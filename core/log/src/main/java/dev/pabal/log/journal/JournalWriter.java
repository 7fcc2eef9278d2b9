package dev.pabal.log.journal;

import dev.pabal.log.journal.JournalFiles.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes groups one after the other; the journal's thread only. */
public final class JournalWriter {
    private final JournalFiles files;
    private final long store;

    private @Nullable JournalFile file;
    private long offset;
    private long sequence;
    private volatile long syncedSequence;
    private volatile long syncs;

    /**
     * @param store the store's random number
     * @param nextSequence number of the first group to be written; all before it are on disk
     */
    public JournalWriter(JournalFiles files, long store, long nextSequence) {
        this.files = files;
        this.store = store;
        this.sequence = nextSequence;
        this.syncedSequence = nextSequence - 1;
    }

    /**
     * Sees to it that a group of {@code paddedBytes} fits where the next one goes, moving on to the next file if need be.
     *
     * @return false where no next file is ready yet
     */
    public boolean makeRoom(long paddedBytes) throws IOException {
        while (file == null || file.sizeInBytes() - offset < paddedBytes) {
            // What the old file holds must be on disk before the new one says so in its first group.
            sync();
            JournalFile next = files.take();
            if (next == null) {
                return false;
            }
            if (file != null) {
                file.content().close();
            }
            file = next;
            offset = 0;
        }
        return true;
    }

    /** Bytes that still fit into the file. */
    public long remaining() {
        return file == null ? 0 : file.sizeInBytes() - offset;
    }

    /**
     * Writes one group: puts its header before the content, and writes from {@code at} to the padded end.
     *
     * @param memory an aligned buffer, {@code at} an aligned position in it; the content starts behind the place of the header
     * @param contentBytes bytes of the entries
     * @param count number of entries
     * @param crc CRC32C of the content
     * @return the place behind the group
     */
    public JournalPosition write(ByteBuffer memory, int at, int contentBytes, int count, int crc) throws IOException {
        JournalFile current = Objects.requireNonNull(file, "room was made");
        GroupFormat.putHeader(
                memory,
                at,
                new GroupFormat.Header(store, current.number(), sequence, syncedSequence, contentBytes, count, crc));
        long padded = GroupFormat.paddedBytes(GroupFormat.HEADER_BYTES + (long) contentBytes);
        current.content().write(memory.slice(at, (int) padded), offset);
        if (offset == 0) {
            files.want();
        }
        offset += padded;
        sequence++;
        return new JournalPosition(current.number(), offset, sequence);
    }

    /** Makes all that was written durable; does nothing where it is already. */
    public void sync() throws IOException {
        if (file != null && syncedSequence != sequence - 1) {
            file.content().sync();
            syncs = syncs + 1;
            syncedSequence = sequence - 1;
        }
    }

    /** Number of the last group that is on disk. Any thread. */
    public long syncedSequence() {
        return syncedSequence;
    }

    /** Syncs since the start. Any thread. */
    public long syncs() {
        return syncs;
    }

    public void close() throws IOException {
        if (file != null) {
            file.content().close();
            file = null;
        }
    }
}
