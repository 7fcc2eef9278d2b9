package dev.pabal.log.segment;

import dev.pabal.log.BatchHeader;
import dev.pabal.log.LogRead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a cold read has gathered: slices of loaded extents, held until {@link #close}. Filled by one thread, then handed on. */
final class ColdRead implements LogRead {
    private final ColdReader reader;
    private final List<LoadedExtent> extents = new ArrayList<>(2);
    private final List<ByteBuffer> buffers = new ArrayList<>(2);
    private final AtomicBoolean closed = new AtomicBoolean();
    private int sizeInBytes;
    /** Bytes in memory of their own. */
    private int copiedBytes;

    ColdRead(ColdReader reader) {
        this.reader = reader;
    }

    @Override
    public List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            reader.release(extents, copiedBytes);
        }
    }

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /**
     * Adds the extent's batches from the one that contains {@code offset}, before {@code upTo} and within {@code maxBytes} in all, the very
     * first one in any case. Takes over the caller's use of the extent.
     *
     * @return whether the read goes on in the next extent
     */
    boolean add(LoadedExtent loaded, long offset, long upTo, int maxBytes) {
        ByteBuffer memory = loaded.memory();
        int from = loaded.start();
        int end = loaded.end();
        if (offset <= loaded.extent.baseOffset()
                && loaded.extent.nextOffset() <= upTo
                && sizeInBytes + loaded.extent.sizeInBytes() <= maxBytes) {
            take(loaded, from, end);
            return true;
        }
        while (from < end && BatchHeader.nextOffset(memory, from) <= offset) {
            from += BatchHeader.sizeInBytes(memory, from);
        }
        int to = from;
        while (to < end && BatchHeader.baseOffset(memory, to) < upTo) {
            int size = BatchHeader.sizeInBytes(memory, to);
            boolean first = isEmpty() && to == from;
            if (!first && sizeInBytes + (to - from) + size > maxBytes) {
                break;
            }
            to += size;
        }
        take(loaded, from, to);
        return to == end;
    }

    /** Adds one batch as a copy, whose room was reserved. */
    void addCopy(ByteBuffer batch) {
        buffers.add(batch.asReadOnlyBuffer());
        sizeInBytes += batch.remaining();
        copiedBytes += batch.remaining();
    }

    private void take(LoadedExtent loaded, int from, int to) {
        if (to == from) {
            reader.release(List.of(loaded), 0);
            return;
        }
        extents.add(loaded);
        buffers.add(loaded.memory().slice(from, to - from));
        sizeInBytes += to - from;
    }
}
