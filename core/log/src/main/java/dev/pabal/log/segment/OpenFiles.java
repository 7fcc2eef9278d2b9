package dev.pabal.log.segment;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.io.SyncFailedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of segment files: a bounded number, the longest unused one is closed first. A file with unsynced writes is synced before it
 * is closed, and only by the flusher, so that a failed sync is seen by the thread that must stop. All methods may be called by any thread
 * unless they say otherwise; none is called by an event loop, for opening a file may wait for the disk.
 */
final class OpenFiles {
    private final FileStore files;
    private final int limit;
    private final Map<Long, SegmentFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private boolean directoryChanged;
    /** A sync failed once: what it should have made durable may be lost, so none succeeds any more. */
    private @Nullable IOException syncFailure;

    OpenFiles(FileStore files, int limit) {
        this.files = files;
        this.limit = limit;
    }

    /** The open file, to be given back by {@link #release}; null where it was removed meanwhile. */
    synchronized FileStore.@Nullable File acquire(SegmentFile segment) throws IOException {
        if (segment.removed) {
            return null;
        }
        FileStore.File handle = segment.handle;
        if (handle == null) {
            closeIdle(limit - 1, false);
            handle = files.open(segment.name(), FileStore.Mode.DIRECT);
            segment.handle = handle;
        }
        open.put(segment.number(), segment);
        segment.users++;
        return handle;
    }

    synchronized void release(SegmentFile segment) throws IOException {
        segment.users--;
        if (open.size() > limit) {
            closeIdle(limit, false);
        }
    }

    /** Flusher. The file to write to; it counts as dirty until the next {@link #sync}. To be given back by {@link #release}. */
    synchronized FileStore.File acquireForWrite(SegmentFile segment) throws IOException {
        if (segment.handle == null) {
            if (segment.length == 0) {
                directoryChanged = true;
            }
            closeIdle(limit - 1, true);
        }
        FileStore.File handle = acquire(segment);
        if (handle == null) {
            throw new IOException(segment + " was removed");
        }
        segment.dirty = true;
        return handle;
    }

    /** Flusher. Makes all writes, and all new files, durable. */
    void sync() throws IOException {
        List<SegmentFile> dirty = new ArrayList<>();
        boolean syncDirectory;
        synchronized (this) {
            if (syncFailure != null) {
                throw syncFailure;
            }
            for (SegmentFile segment : open.values()) {
                if (segment.dirty) {
                    segment.users++;
                    dirty.add(segment);
                }
            }
            syncDirectory = directoryChanged;
        }
        try {
            for (SegmentFile segment : dirty) {
                FileStore.File handle = segment.handle;
                if (handle != null) {
                    sync(handle);
                }
            }
        } finally {
            synchronized (this) {
                dirty.forEach(segment -> segment.users--);
            }
        }
        if (syncDirectory) {
            files.syncDirectory();
        }
        synchronized (this) {
            dirty.forEach(segment -> segment.dirty = false);
            directoryChanged = false;
        }
    }

    /** Flusher. Removes the file from the disk, unless a read uses it just now: then returns false, to be tried again. */
    synchronized boolean remove(SegmentFile segment) throws IOException {
        if (segment.users > 0) {
            return false;
        }
        segment.removed = true;
        close(segment);
        open.remove(segment.number());
        if (files.exists(segment.name())) {
            files.delete(segment.name());
        }
        return true;
    }

    /** Whether something was written that {@link #sync} has not made durable. */
    synchronized boolean isDirty() {
        if (directoryChanged) {
            return true;
        }
        for (SegmentFile segment : open.values()) {
            if (segment.dirty) {
                return true;
            }
        }
        return false;
    }

    synchronized int count() {
        return open.size();
    }

    synchronized void closeAll() throws IOException {
        IOException failure = null;
        for (SegmentFile segment : open.values()) {
            try {
                close(segment);
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private void closeIdle(int target, boolean maySync) throws IOException {
        for (Iterator<SegmentFile> i = open.values().iterator(); i.hasNext() && open.size() > target; ) {
            SegmentFile segment = i.next();
            if (segment.users == 0 && (maySync || !segment.dirty)) {
                FileStore.File handle = segment.handle;
                if (segment.dirty && handle != null) {
                    sync(handle);
                    segment.dirty = false;
                }
                close(segment);
                i.remove();
            }
        }
    }

    private void sync(FileStore.File handle) throws IOException {
        try {
            handle.sync();
        } catch (IOException e) {
            SyncFailedException failed = new SyncFailedException(String.valueOf(e.getMessage()));
            failed.initCause(e);
            synchronized (this) {
                syncFailure = failed;
            }
            throw failed;
        }
    }

    private static void close(SegmentFile segment) throws IOException {
        FileStore.File handle = segment.handle;
        segment.handle = null;
        segment.dirty = false;
        if (handle != null) {
            handle.close();
        }
    }
}
