package dev.pabal.log.segment;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Extents in memory: reads whole ones from their files, verifies them, and keeps those used lately. All memory comes from one bounded
 * {@link ReadMemory}; what nobody reads gives way to what somebody does. Any thread may call; only {@link #load} waits for the disk.
 */
final class ExtentCache {
    private final ExtentIo io;
    private final ReadMemory memory;
    private final long limitBytes;
    private final Map<Key, LoadedExtent> cached = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Key> loading = new HashSet<>();
    private long cachedBytes;
    private long aheadBytes;
    /** Reads so far: upkeep sees by it whether anybody reads at all. */
    private long uses;

    ExtentCache(ExtentIo io, ReadMemory memory, long limitBytes) {
        this.io = io;
        this.memory = memory;
        this.limitBytes = limitBytes;
    }

    /** The extent if it is in memory, to be given back by {@link #release}. */
    @Nullable
    LoadedExtent acquire(Extent extent) {
        synchronized (cached) {
            uses++;
            LoadedExtent found = cached.get(Key.of(extent));
            if (found == null || !found.retain()) {
                return null;
            }
            if (found.ahead) {
                found.ahead = false;
                aheadBytes -= found.memoryBytes();
            }
            return found;
        }
    }

    /** Gives back one use. Returns whether memory became free. */
    boolean release(LoadedExtent extent) {
        if (!extent.release()) {
            return false;
        }
        memory.release(extent.piece());
        return true;
    }

    /** Whether there is so much free memory that a read may take more than one extent. */
    boolean plenty() {
        return memory.plenty();
    }

    /** Whether reading ahead is worth while: there is room, and what was read ahead before is being used. */
    boolean mayReadAhead(Extent extent) {
        if (!memory.plenty()) {
            return false;
        }
        synchronized (cached) {
            Key key = Key.of(extent);
            return aheadBytes * 2 < limitBytes && !cached.containsKey(key) && !loading.contains(key);
        }
    }

    /**
     * The extent, read from the disk unless it is in memory; to be given back by {@link #release}.
     *
     * @param ahead whether no read waits for it yet
     * @return null where there is no memory for it just now
     * @throws ExtentIo.Removed where the file went away meanwhile
     */
    @Nullable
    LoadedExtent load(Extent extent, boolean ahead) throws IOException, ExtentIo.Removed {
        Key key = Key.of(extent);
        if (!claim(key)) {
            LoadedExtent found = acquire(extent);
            if (found != null) {
                return found;
            }
            return load(extent, ahead);
        }
        try {
            LoadedExtent found = acquire(extent);
            if (found != null) {
                return found;
            }
            LoadedExtent loaded = read(extent);
            if (loaded != null) {
                keep(key, loaded, ahead);
            }
            return loaded;
        } finally {
            unclaim(key);
        }
    }

    /** True where the caller is the one to load it; false after somebody else has. */
    private boolean claim(Key key) {
        synchronized (cached) {
            if (loading.add(key)) {
                return true;
            }
            boolean interrupted = false;
            while (loading.contains(key)) {
                try {
                    cached.wait(1_000);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }

    private void unclaim(Key key) {
        synchronized (cached) {
            loading.remove(key);
            cached.notifyAll();
        }
    }

    private @Nullable LoadedExtent read(Extent extent) throws IOException, ExtentIo.Removed {
        ReadMemory.Piece piece = acquireMemory(ExtentIo.spanBytes(extent));
        if (piece == null) {
            return null;
        }
        boolean good = false;
        try {
            int start = io.read(extent, piece.memory, piece.aligned());
            good = true;
            return new LoadedExtent(extent, piece, start);
        } finally {
            if (!good) {
                memory.release(piece);
            }
        }
    }

    private ReadMemory.@Nullable Piece acquireMemory(int bytes) {
        ReadMemory.Piece piece = memory.acquire(bytes);
        while (piece == null && evictOne()) {
            piece = memory.acquire(bytes);
        }
        return piece;
    }

    private boolean evictOne() {
        LoadedExtent victim = null;
        synchronized (cached) {
            for (Iterator<LoadedExtent> i = cached.values().iterator(); i.hasNext() && victim == null; ) {
                LoadedExtent candidate = i.next();
                if (candidate.unshared()) {
                    i.remove();
                    forget(candidate);
                    victim = candidate;
                }
            }
        }
        return victim != null && release(victim);
    }

    private void keep(Key key, LoadedExtent loaded, boolean ahead) {
        if (loaded.memoryBytes() > limitBytes || !loaded.retain()) {
            return;
        }
        synchronized (cached) {
            cached.put(key, loaded);
            cachedBytes += loaded.memoryBytes();
            loaded.ahead = ahead;
            if (ahead) {
                aheadBytes += loaded.memoryBytes();
            }
            for (Iterator<LoadedExtent> i = cached.values().iterator(); cachedBytes > limitBytes && i.hasNext(); ) {
                LoadedExtent oldest = i.next();
                i.remove();
                forget(oldest);
                release(oldest);
            }
        }
    }

    private void forget(LoadedExtent extent) {
        cachedBytes -= extent.memoryBytes();
        if (extent.ahead) {
            extent.ahead = false;
            aheadBytes -= extent.memoryBytes();
        }
    }

    /** Grows with every read. */
    long uses() {
        synchronized (cached) {
            return uses;
        }
    }

    /** Lets go of everything that nobody reads just now. */
    void clear() {
        synchronized (cached) {
            for (LoadedExtent extent : cached.values()) {
                forget(extent);
                release(extent);
            }
            cached.clear();
        }
        memory.shrink();
    }

    /** Names an extent. Files are never written over, so it names its bytes. */
    private record Key(long file, long position) {
        static Key of(Extent extent) {
            return new Key(extent.file().number(), extent.position());
        }
    }
}
