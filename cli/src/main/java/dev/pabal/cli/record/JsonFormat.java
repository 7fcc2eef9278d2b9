package dev.pabal.cli.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line. Keys, values and header values are strings where they are UTF-8, otherwise objects with their bytes in Base64:
 *
 * <pre>{@code
 * {"topic":"t","partition":0,"offset":7,"timestamp":1790000000000,"key":null,"value":"text","headers":[["name",{"base64":"/w=="}]]}
 * }</pre>
 */
final class JsonFormat implements RecordFormat {
    private static final String HEX = "0123456789abcdef";

    @Override
    public void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
        StringBuilder json = new StringBuilder(160);
        json.append("{\"topic\":");
        string(json, record.topic());
        json.append(",\"partition\":").append(record.partition());
        json.append(",\"offset\":").append(record.offset());
        json.append(",\"timestamp\":").append(record.timestamp());
        json.append(",\"key\":");
        bytes(json, record.key());
        json.append(",\"value\":");
        bytes(json, record.value());
        json.append(",\"headers\":[");
        String comma = "";
        for (Header header : record.headers()) {
            json.append(comma).append('[');
            string(json, header.key());
            json.append(',');
            bytes(json, header.value());
            json.append(']');
            comma = ",";
        }
        out.write(json.append("]}\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(StringBuilder json, byte @Nullable [] bytes) {
        if (bytes == null) {
            json.append("null");
            return;
        }
        try {
            string(
                    json,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            json.append("{\"base64\":\"")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append("\"}");
        }
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
