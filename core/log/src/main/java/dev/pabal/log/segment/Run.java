package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Consecutive durable batches of one log on their way from memory to a segment. The offsets may have gaps, never steps back.
 *
 * @param log whose batches these are
 * @param batches whole batches, one or more to a buffer, big-endian, from position to limit; not written to, not kept after the write
 * @param baseOffset the first batch's base offset
 * @param nextOffset the offset after the last batch
 * @param sizeInBytes bytes of all batches
 */
public record Run(LogId log, List<ByteBuffer> batches, long baseOffset, long nextOffset, int sizeInBytes) {}
