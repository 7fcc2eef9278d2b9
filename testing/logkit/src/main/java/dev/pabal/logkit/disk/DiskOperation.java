package dev.pabal.logkit.disk;

/** What a store asks of a disk, as faults name it. */
public enum DiskOperation {
    OPEN,
    READ,
    WRITE,
    SYNC,
    TRUNCATE,
    DELETE,
    RENAME,
    SYNC_DIRECTORY;

    /** Whether the operation can change what is on the disk: these are counted, so that a test can crash at each of them. */
    public boolean changesDisk() {
        return this != READ;
    }
}
