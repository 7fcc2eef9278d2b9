package dev.pabal.log.local;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Whether the store can still keep its promises; once it cannot, it never can again. */
final class Failure {
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    private volatile @Nullable LogException cause;

    /** The first call counts. */
    void fail(String what, Throwable why) {
        synchronized (future) {
            if (cause == null) {
                cause = new LogException(
                        Reason.IO,
                        what + " failed (" + why
                                + "): the store stops here, and a restart recovers what was acknowledged",
                        why);
            }
        }
        future.completeExceptionally(why);
    }

    @Nullable
    LogException cause() {
        return cause;
    }

    boolean happened() {
        return cause != null;
    }

    CompletableFuture<Void> future() {
        return future;
    }
}
