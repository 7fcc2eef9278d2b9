package dev.pabal.cli.record;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How a record is written out. */
interface RecordFormat {
    /** Writes the record and a line feed. */
    void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException;
}
