package dev.pabal.log.seam;

import java.io.IOException;
import java.nio.file.Path;

/** Another store holds the directory; the message is one sentence for people. */
public final class DirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    public DirectoryInUseException(Path directory) {
        super("The data directory " + directory
                + " is in use by another broker: stop that one or choose another directory.");
    }
}
