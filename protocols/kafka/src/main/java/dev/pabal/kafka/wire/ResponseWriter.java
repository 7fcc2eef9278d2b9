package dev.pabal.kafka.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * Turns a response into buffers for the socket: fields are written into one pooled buffer, stored records go between its pieces as they lie.
 *
 * <pre>
 *  | length, header, fields | stored batches | fields | stored batches | fields |
 * </pre>
 */
final class ResponseWriter implements Writable {
    /** Stored records up to this size are copied: cheaper than one more buffer in the gathering write. */
    private static final int COPY_UP_TO_BYTES = 2048;

    private final ByteBuf fields;
    /** Where in {@link #fields} stored records go in between. */
    private final List<Cut> cuts = new ArrayList<>(4);

    private ResponseWriter(ByteBuf fields) {
        this.fields = fields;
    }

    /**
     * The response as buffers, each holding one reference for the caller.
     *
     * @throws RuntimeException where the message does not fit the version; nothing is then leaked
     */
    static List<ByteBuf> write(ByteBufAllocator allocator, ResponseHeader header, ApiMessage response, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.data().addSize(size, cache, header.headerVersion());
        response.addSize(size, cache, version);
        ResponseWriter writer = new ResponseWriter(allocator.directBuffer(4 + size.sizeExcludingZeroCopy()));
        try {
            writer.writeInt(size.totalSize());
            header.data().write(writer, cache, header.headerVersion());
            response.write(writer, cache, version);
            return writer.parts();
        } catch (RuntimeException | Error e) {
            writer.fields.release();
            throw e;
        }
    }

    private List<ByteBuf> parts() {
        if (cuts.isEmpty()) {
            return List.of(fields);
        }
        List<ByteBuf> parts = new ArrayList<>(cuts.size() * 2 + 1);
        int from = 0;
        for (Cut cut : cuts) {
            if (cut.at > from) {
                parts.add(fields.retainedSlice(from, cut.at - from));
                from = cut.at;
            }
            parts.add(Unpooled.wrappedBuffer(cut.records));
        }
        if (fields.writerIndex() > from) {
            parts.add(fields.retainedSlice(from, fields.writerIndex() - from));
        }
        fields.release();
        return parts;
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof StoredRecords stored) {
            for (ByteBuffer buffer : stored.buffers()) {
                writeStored(buffer);
            }
        } else if (records instanceof MemoryRecords memory) {
            fields.writeBytes(memory.buffer());
        } else {
            throw new IllegalArgumentException(
                    "records of an unknown kind: " + records.getClass().getName());
        }
    }

    private void writeStored(ByteBuffer buffer) {
        if (buffer.remaining() <= COPY_UP_TO_BYTES) {
            fields.writeBytes(buffer.duplicate());
        } else {
            cuts.add(new Cut(fields.writerIndex(), buffer));
        }
    }

    @Override
    public void writeByte(byte value) {
        fields.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        fields.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        fields.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        fields.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        fields.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        fields.writeBytes(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        fields.writeBytes(value.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            fields.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        fields.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            fields.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        fields.writeByte((int) rest);
    }

    /** Stored records that go in after the first {@code at} bytes of fields. */
    private record Cut(int at, ByteBuffer records) {}
}
