package dev.pabal.log.segment;

import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads of what is no longer in the tail cache. What the extent cache holds is answered at once on the caller's thread; the rest is read by
 * a few threads of its own. A read that finds no memory waits, without holding a thread, until another read is closed.
 */
final class ColdReader implements AutoCloseable {
    /** Bound of one read's bytes, whatever the caller allows. */
    static final int MAX_READ_BYTES = 8 << 20;

    private final SegmentIndex index;
    private final ExtentCache cache;
    private final ThreadPoolExecutor threads;
    private final int pendingLimit;
    /** Reads that wait for memory, oldest first. */
    private final ArrayDeque<Request> starved = new ArrayDeque<>();

    private long releases;
    private boolean closed;

    ColdReader(SegmentIndex index, ExtentCache cache, int threadCount, int pendingLimit) {
        this.index = index;
        this.cache = cache;
        this.pendingLimit = pendingLimit;
        AtomicInteger number = new AtomicInteger();
        // Reads that starved are queued again on top of the limit, hence the factor.
        threads = new ThreadPoolExecutor(
                threadCount, threadCount, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(2 * pendingLimit), task -> {
                    Thread thread = new Thread(task, "pabal-read-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** As {@link SegmentStore#read}. */
    CompletableFuture<LogRead> read(LogIndex log, long offset, long upTo, int maxBytes) {
        if (maxBytes <= 0 || offset >= upTo) {
            return CompletableFuture.completedFuture(LogRead.EMPTY);
        }
        Request request = new Request(log, offset, upTo, Math.min(maxBytes, MAX_READ_BYTES));
        LogRead ready = request.fromMemory();
        if (ready != null) {
            return CompletableFuture.completedFuture(ready);
        }
        submit(request);
        return request.result;
    }

    /** Runs a task that reads, on a thread that may wait for the disk. */
    <T> CompletableFuture<T> call(ReadTask<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(
                () -> {
                    try {
                        result.complete(task.run());
                    } catch (Throwable e) {
                        result.completeExceptionally(failure(e));
                    }
                },
                result);
        return result;
    }

    /** Gives back uses of extents; a read that waits for memory may have found it now. */
    void release(List<LoadedExtent> extents) {
        for (LoadedExtent extent : extents) {
            cache.release(extent);
        }
        wakeStarved(true);
    }

    private void submit(Request request) {
        execute(request, request.result);
    }

    private void execute(Runnable task, CompletableFuture<?> result) {
        if (threads.getQueue().size() >= pendingLimit) {
            result.completeExceptionally(new LogException(
                    Reason.IO, "more than " + pendingLimit + " cold reads wait for the disk; try again later"));
            return;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(closedFailure());
        }
    }

    /** Lets the request wait, unless memory was released since it began to look for some. */
    private void park(Request request, long releasesSeen) {
        boolean again;
        synchronized (starved) {
            if (closed) {
                request.result.completeExceptionally(closedFailure());
                return;
            }
            again = releases != releasesSeen;
            if (!again) {
                starved.add(request);
            }
        }
        if (again) {
            submit(request);
        }
    }

    private void wakeStarved(boolean released) {
        Request request;
        synchronized (starved) {
            if (released) {
                releases++;
            }
            request = starved.poll();
        }
        if (request != null) {
            submit(request);
        }
    }

    private long releases() {
        synchronized (starved) {
            return releases;
        }
    }

    @Override
    public void close() {
        synchronized (starved) {
            closed = true;
            starved.forEach(request -> request.result.completeExceptionally(closedFailure()));
            starved.clear();
        }
        for (Runnable task : threads.shutdownNow()) {
            if (task instanceof Request request) {
                request.result.completeExceptionally(closedFailure());
            }
        }
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LogException closedFailure() {
        return new LogException(Reason.CLOSED, "the store is closed");
    }

    static Throwable failure(Throwable e) {
        if (e instanceof LogException) {
            return e;
        }
        return e instanceof IOException ? new LogException(Reason.IO, "a cold read failed: " + e.getMessage(), e) : e;
    }

    /** Something that reads. */
    @FunctionalInterface
    interface ReadTask<T> {
        T run() throws Exception;
    }

    /** One read under way. */
    private final class Request implements Runnable {
        private final LogIndex log;
        private final long offset;
        private final long upTo;
        private final int maxBytes;
        private final CompletableFuture<LogRead> result = new CompletableFuture<>();

        Request(LogIndex log, long offset, long upTo, int maxBytes) {
            this.log = log;
            this.offset = offset;
            this.upTo = upTo;
            this.maxBytes = maxBytes;
        }

        /** The answer, where its first extent at least is in memory or there is nothing to read; otherwise null. */
        @Nullable
        LogRead fromMemory() {
            ColdRead read = new ColdRead(ColdReader.this);
            long at = offset;
            try {
                boolean more = true;
                while (more) {
                    Extent next = index.find(log, at, false);
                    if (next == null || next.baseOffset() >= upTo) {
                        return read.isEmpty() ? LogRead.EMPTY : read;
                    }
                    LoadedExtent loaded = cache.acquire(next);
                    if (loaded == null) {
                        break;
                    }
                    more = read.add(loaded, at, upTo, maxBytes) && read.sizeInBytes() < maxBytes;
                    at = next.nextOffset();
                }
            } catch (SegmentIndex.NotResident | IOException e) {
                // What was found so far will do; if it is nothing, the read pool goes on.
            }
            if (read.isEmpty()) {
                return null;
            }
            readAhead(log, at);
            return read;
        }

        @Override
        public void run() {
            ColdRead read = new ColdRead(ColdReader.this);
            long releasesSeen = releases();
            try {
                long at = fill(read);
                if (at < 0) {
                    park(this, releasesSeen);
                    return;
                }
                finish(read);
                wakeStarved(false);
                readAhead(log, at);
            } catch (Throwable e) {
                read.close();
                result.completeExceptionally(failure(e));
            }
        }

        /** With half of what was asked for at hand, an answer now is better than a wait for the disk; the rest is read ahead. */
        private boolean enough(ColdRead read) {
            return read.sizeInBytes() * 2L >= maxBytes;
        }

        private void finish(ColdRead read) {
            boolean taken = result.complete(read.isEmpty() ? LogRead.EMPTY : read);
            if (!taken) {
                read.close();
            }
        }

        /** Gathers what is wanted; returns the offset behind the last extent touched, -1 where there was no memory for the first. */
        private long fill(ColdRead read) throws IOException, SegmentIndex.NotResident {
            long at = offset;
            boolean more = true;
            while (more) {
                Extent next = index.find(log, at, true);
                if (next == null || next.baseOffset() >= upTo) {
                    break;
                }
                LoadedExtent loaded;
                try {
                    loaded = enough(read) ? cache.acquire(next) : cache.load(next, false);
                } catch (ExtentIo.Removed e) {
                    continue;
                } catch (LogException e) {
                    if (read.isEmpty()) {
                        throw e;
                    }
                    break; // What came before the damage is good; the next read says what is wrong.
                }
                if (loaded == null) {
                    return read.isEmpty() ? -1 : at;
                }
                more = read.add(loaded, at, upTo, maxBytes) && read.sizeInBytes() < maxBytes && cache.plenty();
                at = next.nextOffset();
            }
            return at;
        }
    }

    /** A consumer asks for the next piece at once: bring in the extent at {@code offset} meanwhile. */
    private void readAhead(LogIndex log, long offset) {
        try {
            Extent next = index.find(log, offset, false);
            if (next == null || !cache.mayReadAhead(next) || threads.getQueue().size() > threads.getMaximumPoolSize()) {
                return;
            }
            threads.execute(() -> {
                try {
                    LoadedExtent loaded = cache.load(next, true);
                    if (loaded != null) {
                        release(List.of(loaded));
                    }
                } catch (IOException | ExtentIo.Removed | LogException e) {
                    // Whoever reads it will be told.
                }
            });
        } catch (SegmentIndex.NotResident | IOException | RejectedExecutionException e) {
            // Nobody waits for it.
        }
    }
}
