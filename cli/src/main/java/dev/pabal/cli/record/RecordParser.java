package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes a record of a line: all of it the value, or key and value at the first separator. */
final class RecordParser {
    private final String topic;
    private final @Nullable Integer partition;
    private final byte @Nullable [] separator;
    private final List<Header> headers;

    /**
     * @param separator text between key and value; null where lines have no key
     * @param headers headers of every record
     */
    RecordParser(String topic, @Nullable Integer partition, @Nullable String separator, List<Header> headers) {
        this.topic = topic;
        this.partition = partition;
        this.separator = separator == null ? null : separator.getBytes(StandardCharsets.UTF_8);
        this.headers = headers;
    }

    /**
     * @param number of the line, from 1, for the message
     * @throws CommandFailure where the line lacks the separator
     */
    ProducerRecord<byte[], byte[]> parse(byte[] line, long number) {
        byte[] between = separator;
        if (between == null) {
            return new ProducerRecord<>(topic, partition, null, null, line, headers);
        }
        int at = indexOf(line, between);
        if (at < 0) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "Line " + number + " holds no '" + new String(between, StandardCharsets.UTF_8)
                            + "' between key and value; mend it or leave out --key-separator.");
        }
        byte[] key = Arrays.copyOf(line, at);
        byte[] value = Arrays.copyOfRange(line, at + between.length, line.length);
        return new ProducerRecord<>(topic, partition, null, key, value, headers);
    }

    static int indexOf(byte[] line, byte[] sought) {
        for (int at = 0; at + sought.length <= line.length; at++) {
            if (Arrays.equals(line, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        return -1;
    }
}
