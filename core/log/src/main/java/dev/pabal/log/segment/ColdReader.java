package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogException;
import dev.pabal.log.LogException.Reason;
import dev.pabal.log.LogRead;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * a few threads of its own.
 *
 * <p>Reads hold their buffers until they are sent, and one consumer may hold many reads while it waits for another: so no read waits for a
 * buffer. Where none is free it gets one batch, copied into memory of its own. Only when such copies, too, take as much as the bound does a
 * read wait, without holding a thread, until another is closed or {@link #STARVED_MS} have passed, and then it is refused.
 */
final class ColdReader implements AutoCloseable {
    /** Bound of one read's bytes, whatever the caller allows. */
    static final int MAX_READ_BYTES = 8 << 20;
    /** Bound in ms of a read's wait for memory. */
    static final long STARVED_MS = 5_000;

    private final SegmentIndex index;
    private final ExtentCache cache;
    private final ReadMemory memory;
    /** For each thread of the pool: an extent of which a batch is copied. */
    private final ThreadLocal<ExtentBuffer> aside;

    private final ThreadPoolExecutor threads;
    private final int pendingLimit;
    /** Reads that wait for memory, oldest first. */
    private final ArrayDeque<Request> starved = new ArrayDeque<>();

    private long releases;
    private boolean closed;

    ColdReader(
            SegmentIndex index, ExtentIo io, ExtentCache cache, ReadMemory memory, int threadCount, int pendingLimit) {
        this.index = index;
        this.cache = cache;
        this.memory = memory;
        this.aside = ThreadLocal.withInitial(() -> new ExtentBuffer(io));
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
        Call<T> call = new Call<>(task);
        submit(call);
        return call.result;
    }

    /** Gives back uses of extents and the room of copies; a read that waits for memory may have found it now. */
    void release(List<LoadedExtent> extents, int copiedBytes) {
        for (LoadedExtent extent : extents) {
            cache.release(extent);
        }
        memory.releaseCopy(copiedBytes);
        wakeStarved(true);
    }

    private void submit(Task task) {
        if (threads.getQueue().size() >= pendingLimit) {
            task.result()
                    .completeExceptionally(new LogException(
                            Reason.BUSY,
                            "more than " + pendingLimit + " cold reads wait for the disk; try again later"));
            return;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.result().completeExceptionally(closedFailure());
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
            return;
        }
        CompletableFuture.delayedExecutor(STARVED_MS, TimeUnit.MILLISECONDS).execute(() -> {
            synchronized (starved) {
                starved.remove(request);
            }
            request.result.completeExceptionally(new LogException(
                    Reason.BUSY, "slow consumers hold all memory for cold reads; try again later, or give it more"));
        });
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
            if (task instanceof Task waiting) {
                waiting.result().completeExceptionally(closedFailure());
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

    /** What the pool runs and somebody waits for. */
    private interface Task extends Runnable {
        CompletableFuture<?> result();
    }

    /** Any other work that reads. */
    private record Call<T>(ReadTask<T> task, CompletableFuture<T> result) implements Task {
        Call(ReadTask<T> task) {
            this(task, new CompletableFuture<>());
        }

        @Override
        public void run() {
            try {
                result.complete(task.run());
            } catch (Throwable e) {
                result.completeExceptionally(failure(e));
            }
        }
    }

    /** One read under way. */
    private final class Request implements Task {
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

        @Override
        public CompletableFuture<LogRead> result() {
            return result;
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
            long at;
            try {
                at = fill(read);
            } catch (Throwable e) {
                read.close();
                result.completeExceptionally(failure(e));
                return;
            }
            if (at < 0) {
                park(this, releasesSeen);
                return;
            }
            finish(read); // From here on the read is its consumer's: nothing that fails below may close it.
            wakeStarved(false);
            readAhead(log, at);
        }

        /** Copies the batch that contains {@code offset}, or the next after it; false where there is no room even for that. */
        private boolean copyOne(ColdRead read, Extent extent, long offset) throws IOException {
            ExtentBuffer buffer = aside.get();
            buffer.load(extent);
            ByteBuffer from = buffer.memory();
            int at = buffer.start();
            while (BatchHeader.nextOffset(from, at) <= offset) {
                at += BatchHeader.sizeInBytes(from, at);
            }
            int size = BatchHeader.sizeInBytes(from, at);
            if (BatchHeader.baseOffset(from, at) < upTo) {
                if (!memory.reserveCopy(size)) {
                    return false;
                }
                read.addCopy(ByteBuffer.allocate(size).put(0, from, at, size));
            }
            return true;
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
                    return !read.isEmpty() || copyOne(read, next, at) ? at : -1;
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
                        release(List.of(loaded), 0);
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
