package dev.pabal.logkit;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.Log;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads logs as a careful consumer does: waits with a bound, checks every batch, gives the memory back. */
public final class LogReader {
    private static final int WAIT_SECONDS = 60;

    private LogReader() {}

    /** The result of a store's future, within a bounded time; its own exception where it failed. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("a store's future failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a store's future is not complete after " + WAIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** One read, its batches copied out and checked. */
    public static List<byte[]> read(Log log, long offset, long upTo, int maxBytes) {
        try (LogRead read = await(log.read(offset, upTo, maxBytes))) {
            List<byte[]> batches = Batches.split(read);
            int bytes = batches.stream().mapToInt(batch -> batch.length).sum();
            if (bytes != read.sizeInBytes()) {
                throw new AssertionError("a read of " + bytes + " bytes says that it has " + read.sizeInBytes());
            }
            return batches;
        }
    }

    /** Everything from the start to the durable end, in reads of at most {@code maxBytes}. Offsets must grow and stay below the end. */
    public static List<byte[]> readAll(Log log, int maxBytes) {
        List<byte[]> all = new ArrayList<>();
        long at = log.startOffset();
        long end = log.durableEnd();
        while (at < end) {
            List<byte[]> some = read(log, at, end, maxBytes);
            if (some.isEmpty()) {
                // A gap that reaches up to the end: compaction took the last batches' records away.
                break;
            }
            at = checkOrder(log, some, at, end);
            all.addAll(some);
        }
        return all;
    }

    private static long checkOrder(Log log, List<byte[]> batches, long from, long end) {
        long at = from;
        for (byte[] batch : batches) {
            long next = BatchHeader.nextOffset(ByteBuffer.wrap(batch), 0);
            if (next <= at || next > end) {
                throw new AssertionError("log " + log.id() + " served a batch that ends at " + next + " after offset "
                        + at + ", below the end " + end);
            }
            at = next;
        }
        return at;
    }

    /** The base offset of a batch. */
    public static long baseOffset(byte[] batch) {
        return BatchHeader.baseOffset(ByteBuffer.wrap(batch), 0);
    }

    /** The values of all records, in order. */
    public static List<String> values(List<byte[]> batches) {
        List<String> values = new ArrayList<>();
        batches.forEach(batch -> values.addAll(Batches.values(batch)));
        return values;
    }
}
