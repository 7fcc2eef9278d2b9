package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;

/** Words for stored bytes that are not what was written. */
final class Corruption {
    private Corruption() {}

    static LogException of(Extent extent, String what) {
        return new LogException(
                Reason.CORRUPT,
                extent.log() + ": " + extent.file() + " is damaged at position " + extent.position() + " (offsets "
                        + extent.baseOffset() + " to " + (extent.nextOffset() - 1) + "): " + what
                        + ". Nothing was removed. Restore the file from a copy, or delete the log's records up to offset "
                        + extent.nextOffset() + " to read on behind the damage");
    }

    static LogException of(String file, long position, String what) {
        return new LogException(
                Reason.CORRUPT,
                file + " is damaged at position " + position + ": " + what
                        + ". Nothing was removed. Restore the file from a copy");
    }
}
