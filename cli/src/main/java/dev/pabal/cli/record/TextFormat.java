package dev.pabal.cli.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The value's bytes as they are, after key and separator where keys are wanted; what is null is written as nothing. */
final class TextFormat implements RecordFormat {
    private final byte @Nullable [] separator;

    /** @param keySeparator text between key and value; null leaves keys out */
    TextFormat(@Nullable String keySeparator) {
        this.separator = keySeparator == null ? null : keySeparator.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
        byte[] between = separator;
        if (between != null) {
            if (record.key() != null) {
                out.write(record.key());
            }
            out.write(between);
        }
        if (record.value() != null) {
            out.write(record.value());
        }
        out.write('\n');
    }
}
