package dev.pabal.logkit.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One file's bytes: as they read now, as they were synced last, and each page's versions between the two. Pages are never written in place,
 * so images share them. An absent page is all zeros. Not safe for threads: the disk's lock guards it.
 */
final class Content {
    static final int PAGE = 4096;
    static final int SECTOR = 512;
    private static final byte[] ZEROS = new byte[PAGE];
    /** More versions of one page than this between two syncs teach nothing new. */
    private static final int VERSIONS_KEPT = 6;

    private final TreeMap<Long, byte[]> live = new TreeMap<>();
    private final TreeMap<Long, byte[]> synced = new TreeMap<>();
    private final TreeMap<Long, List<byte[]>> pending = new TreeMap<>();
    private final List<Long> pendingSizes = new ArrayList<>();
    private long size;
    private long syncedSize;

    long size() {
        return size;
    }

    int read(ByteBuffer to, long position) {
        int bytes = (int) Math.max(0, Math.min(to.remaining(), size - position));
        long at = position;
        for (int left = bytes; left > 0; ) {
            int inPage = (int) (at % PAGE);
            int n = Math.min(left, PAGE - inPage);
            to.put(live.getOrDefault(at / PAGE, ZEROS), inPage, n);
            at += n;
            left -= n;
        }
        return bytes;
    }

    void write(ByteBuffer from, long position) {
        long at = position;
        while (from.hasRemaining()) {
            int inPage = (int) (at % PAGE);
            int n = Math.min(from.remaining(), PAGE - inPage);
            byte[] page = n == PAGE
                    ? new byte[PAGE]
                    : live.getOrDefault(at / PAGE, ZEROS).clone();
            from.get(page, inPage, n);
            change(at / PAGE, page);
            at += n;
        }
        if (at > size) {
            resize(at);
        }
    }

    void truncate(long newSize) {
        if (newSize < size) {
            long firstGone = (newSize + PAGE - 1) / PAGE;
            List.copyOf(live.tailMap(firstGone).keySet()).forEach(page -> change(page, ZEROS));
            int inPage = (int) (newSize % PAGE);
            byte[] last = live.get(newSize / PAGE);
            if (inPage > 0 && last != null) {
                byte[] cut = new byte[PAGE];
                System.arraycopy(last, 0, cut, 0, inPage);
                change(newSize / PAGE, cut);
            }
        }
        resize(newSize);
    }

    private void resize(long newSize) {
        size = newSize;
        pendingSizes.add(newSize);
    }

    private void change(long page, byte[] bytes) {
        put(live, page, bytes);
        List<byte[]> versions = pending.computeIfAbsent(page, p -> new ArrayList<>(1));
        if (versions.size() == VERSIONS_KEPT) {
            versions.remove(0);
        }
        versions.add(bytes);
    }

    private static void put(Map<Long, byte[]> pages, long page, byte[] bytes) {
        if (bytes == ZEROS) {
            pages.remove(page);
        } else {
            pages.put(page, bytes);
        }
    }

    void sync() {
        pending.keySet().forEach(page -> put(synced, page, live.getOrDefault(page, ZEROS)));
        forgetPending();
    }

    /** As some kernels do it: the pages count as clean from now on, though only some of them reached the disk. */
    void failSync(Temper temper) {
        for (long page : pending.keySet()) {
            if (temper.keeps()) {
                put(synced, page, live.getOrDefault(page, ZEROS));
            }
        }
        pending.clear();
        pendingSizes.clear();
    }

    private void forgetPending() {
        pending.clear();
        pendingSizes.clear();
        syncedSize = size;
    }

    /** What a crash leaves: each changed page old, new, some version between, or torn by sectors; the size any that it has had. */
    Content crashed(Temper temper) {
        Content image = new Content();
        image.live.putAll(synced);
        pending.forEach((page, versions) -> put(image.live, page, survivor(page, versions, temper)));
        image.size = syncedSize;
        if (!pendingSizes.isEmpty() && temper.keeps()) {
            boolean latest = !temper.tears();
            image.size = pendingSizes.get(latest ? pendingSizes.size() - 1 : temper.pick(pendingSizes.size()));
        }
        image.dropBeyondSize();
        image.synced.putAll(image.live);
        image.syncedSize = image.size;
        return image;
    }

    private byte[] survivor(long page, List<byte[]> versions, Temper temper) {
        byte[] old = synced.getOrDefault(page, ZEROS);
        if (!temper.tears()) {
            return temper.keeps() ? versions.get(versions.size() - 1) : old;
        }
        byte[] torn = new byte[PAGE];
        for (int at = 0; at < PAGE; at += SECTOR) {
            int version = temper.pick(versions.size() + 1);
            System.arraycopy(version == 0 ? old : versions.get(version - 1), at, torn, at, SECTOR);
        }
        return torn;
    }

    /** Bytes beyond the end read as zeros should the file grow again. */
    private void dropBeyondSize() {
        live.tailMap((size + PAGE - 1) / PAGE).clear();
        byte[] last = live.get(size / PAGE);
        if (last != null) {
            byte[] cut = new byte[PAGE];
            System.arraycopy(last, 0, cut, 0, (int) (size % PAGE));
            live.put(size / PAGE, cut);
        }
    }

    /** A copy with all that was written, synced. */
    Content copy() {
        Content image = new Content();
        image.live.putAll(live);
        image.synced.putAll(live);
        image.size = size;
        image.syncedSize = size;
        return image;
    }

    /** Damages what is stored, wherever it is: one bit, numbered from the start of the file. */
    void flipBit(long bit) {
        long at = bit / 8;
        byte[] page = live.getOrDefault(at / PAGE, ZEROS).clone();
        page[(int) (at % PAGE)] ^= (byte) (1 << (bit % 8));
        live.put(at / PAGE, page);
        synced.put(at / PAGE, page);
    }
}
