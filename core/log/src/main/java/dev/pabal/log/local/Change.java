package dev.pabal.log.local;

import java.util.concurrent.CompletableFuture;

/** One thing that a journal group did to a log. */
sealed interface Change permits TailEntry, Change.Trim, Change.Delete {
    LocalLog log();

    /**
     * The log starts at this offset now.
     *
     * @param applied completes once segments know
     */
    record Trim(LocalLog log, long offset, CompletableFuture<Long> applied) implements Change {}

    /** The log is gone. */
    record Delete(LocalLog log) implements Change {}
}
