package dev.pabal.kafka.wire;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Stored batches as they lie in the log's memory, put into a response without a copy. */
public final class StoredRecords implements BaseRecords {
    /** No records: never null on the wire, for clients that do not expect null. */
    public static final StoredRecords EMPTY = new StoredRecords(List.of(), 0);

    private final List<ByteBuffer> buffers;
    private final int sizeInBytes;

    /**
     * @param buffers the batches in order, unchanged until the response's {@code sent} has run
     * @param sizeInBytes what remains in them together
     */
    public StoredRecords(List<ByteBuffer> buffers, int sizeInBytes) {
        this.buffers = buffers;
        this.sizeInBytes = sizeInBytes;
    }

    List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("sent by the response writer, not by Kafka's network classes");
    }
}
