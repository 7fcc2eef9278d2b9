package dev.pabal.broker.queue;

import dev.pabal.queue.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages for one queue on their way into its log: one sealed record batch (magic 2).
 *
 * @param batch from position to limit; written to while it is appended; belongs to the queue until {@code released} has run
 * @param records number of records
 * @param bodyBytes bytes of their bodies together
 * @param index what is out of the ordinary about them, offsets counted from 0 within the batch; empty for most
 * @param released run exactly once, whatever the outcome, on any thread
 */
public record PublishBatch(
        ByteBuffer batch, int records, long bodyBytes, List<IndexEntry> index, @Nullable Runnable released) {}
