package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.journal.JournalPosition;
import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a start takes over without reading the journal. The file {@code checkpoint} is replaced as a whole:
 *
 * <pre>
 *  magic 4 | format 4 | store 8 | clean 1 | epoch 4 | journal file 8 | offset 8 | sequence 8 | synced sequence 8
 *  | logs 4 | rows, see {@link LogRow} | length 4 | manifest of the segments | crc32c of all before 4
 * </pre>
 *
 * @param store random number of the store, made at its creation
 * @param clean whether the store was closed after this was written: the journal then holds nothing more
 * @param epoch the epoch that batches carry since this store was opened
 * @param journal the journal holds from here on what segments do not
 * @param syncedSequence the journal held whole groups up to this one when the checkpoint was written
 * @param rows one {@link LogRow} for each log that is not empty
 * @param manifest what the segments hold; empty in a new store
 */
record Checkpoint(
        long store,
        boolean clean,
        int epoch,
        JournalPosition journal,
        long syncedSequence,
        List<ByteBuffer> rows,
        ByteBuffer manifest) {
    private static final String NAME = "checkpoint";
    private static final String NEW = "checkpoint.tmp";
    private static final int MAGIC = 0x5042434B; // "PBCK"
    private static final int FORMAT = 1;
    private static final int FIXED_BYTES = 4 + 4 + 8 + 1 + 4 + 8 + 8 + 8 + 8 + 4 + 4 + 4;

    /** The same with what a start changes: the store is in use and its epoch is this one. */
    Checkpoint opened(int newEpoch, JournalPosition newJournal) {
        return new Checkpoint(store, false, newEpoch, newJournal, syncedSequence, rows, manifest);
    }

    /** Replaces the stored checkpoint, durably. */
    void save(FileStore files) throws IOException {
        ByteBuffer bytes = encode();
        try (FileStore.File file = files.open(NEW, FileStore.Mode.BUFFERED)) {
            file.truncate(0);
            file.write(bytes, 0);
            file.sync();
        }
        files.rename(NEW, NAME);
        files.syncDirectory();
    }

    private ByteBuffer encode() {
        int size = FIXED_BYTES + manifest.remaining();
        for (ByteBuffer row : rows) {
            size = Math.addExact(size, row.remaining());
        }
        ByteBuffer b = ByteBuffer.allocate(size);
        b.putInt(MAGIC)
                .putInt(FORMAT)
                .putLong(store)
                .put((byte) (clean ? 1 : 0))
                .putInt(epoch);
        b.putLong(journal.file())
                .putLong(journal.offset())
                .putLong(journal.sequence())
                .putLong(syncedSequence);
        b.putInt(rows.size());
        rows.forEach(row -> b.put(row.duplicate()));
        b.putInt(manifest.remaining()).put(manifest.duplicate());
        return b.putInt(crc(b)).flip();
    }

    private static int crc(ByteBuffer written) {
        CRC32C crc = new CRC32C();
        crc.update(written.duplicate().flip());
        return (int) crc.getValue();
    }

    /**
     * The stored checkpoint, or null where there is none.
     *
     * @throws LogException where it does not match its checksum, or a newer version wrote it
     */
    static @Nullable Checkpoint load(FileStore files) throws IOException {
        if (!files.exists(NAME)) {
            return null;
        }
        ByteBuffer b;
        try (FileStore.File file = files.open(NAME, FileStore.Mode.BUFFERED)) {
            b = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(b, 0);
            b.flip();
        }
        if (b.limit() >= 8 && b.getInt(0) == MAGIC && b.getInt(4) > FORMAT) {
            throw new LogException(
                    Reason.IO,
                    "The data directory was written by a newer version (format %d, this version knows up to %d): start that version, or a newer one."
                            .formatted(b.getInt(4), FORMAT));
        }
        int end = b.limit() - Integer.BYTES;
        if (b.limit() < FIXED_BYTES
                || b.getInt(0) != MAGIC
                || b.getInt(end) != crc(b.duplicate().position(end))) {
            throw new LogException(
                    Reason.CORRUPT,
                    "The checkpoint file '%s' does not match its checksum (%d bytes). Nothing was changed; restore the data directory from a copy."
                            .formatted(NAME, b.limit()));
        }
        return decode(b.position(8));
    }

    private static Checkpoint decode(ByteBuffer b) {
        long store = b.getLong();
        boolean clean = b.get() != 0;
        int epoch = b.getInt();
        JournalPosition journal = new JournalPosition(b.getLong(), b.getLong(), b.getLong());
        long syncedSequence = b.getLong();
        int count = b.getInt();
        List<ByteBuffer> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = b.position();
            LogRow.decode(b);
            rows.add(b.slice(start, b.position() - start));
        }
        ByteBuffer manifest = b.slice(b.position() + Integer.BYTES, b.getInt(b.position()));
        return new Checkpoint(store, clean, epoch, journal, syncedSequence, rows, manifest);
    }
}
