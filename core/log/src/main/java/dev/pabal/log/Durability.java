package dev.pabal.log;

import java.util.Locale;

/** What an acknowledged append has survived. One explicit word for each log; the default is {@link #FSYNC}. */
public enum Durability {
    /** On disk: the journal group that holds the append was synced before the append completed. */
    FSYNC,
    /** Handed to the operating system: survives the end of the process, may be lost with the machine's power. */
    OS,
    /**
     * Kept in memory: gone with the process, at a restart nothing of the log is left. It is never journaled, and goes to a file only where
     * memory runs short. A log is of this kind from its first {@link LogStore#open} on, or never.
     */
    MEMORY;

    /** The word used in configuration: {@code fsync}, {@code os} or {@code memory}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
