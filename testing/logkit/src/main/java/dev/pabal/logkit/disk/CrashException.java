package dev.pabal.logkit.disk;

import java.io.IOException;

/** The machine stopped here: this operation and all later ones on the same disk did not happen, or only in part. */
public final class CrashException extends IOException {
    private static final long serialVersionUID = 1L;

    public CrashException(String message) {
        super(message);
    }
}
