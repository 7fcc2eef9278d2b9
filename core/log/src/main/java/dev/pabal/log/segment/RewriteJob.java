package dev.pabal.log.segment;

import java.io.IOException;

/** Work that makes new segments of old ones in bounded steps. One runs at a time, so that no two replace the same part. Flusher only. */
interface RewriteJob {
    /**
     * Goes on for about {@code maxBytes}.
     *
     * @return whether there is more to do
     * @throws dev.pabal.log.LogException CORRUPT where a source is damaged; {@link #abort} must follow any exception
     */
    boolean step(int maxBytes) throws IOException;

    /** Gives up: everything stays as it was. */
    void abort(boolean damaged);
}
