package dev.pabal.log;

import java.util.Locale;

/** What an acknowledged append has survived. One explicit word for each log; the default is {@link #FSYNC}. */
public enum Durability {
    /** On disk: the journal group that holds the append was synced before the append completed. */
    FSYNC,
    /** Handed to the operating system: survives the end of the process, may be lost with the machine's power. */
    OS;

    /** The word used in configuration: {@code fsync} or {@code os}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
