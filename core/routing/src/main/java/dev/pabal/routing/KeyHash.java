package dev.pabal.routing;

/** Hashes of keys that are the same in every process, for exchanges that spread messages by key. */
final class KeyHash {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private KeyHash() {}

    /** FNV-1a over the characters, then mixed, so that keys that differ little differ in all bits. */
    static long of(String key) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** A bijection in which each bit of the input touches all of the output (the finalizer of splitmix64). */
    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
