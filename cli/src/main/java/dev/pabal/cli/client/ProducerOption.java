package dev.pabal.cli.client;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Option;

/** How records are sent. */
public final class ProducerOption {
    /** What a record takes beside its value in a request, at most. */
    private static final int OVERHEAD_BYTES = 4096;

    private static final int LEAST_REQUEST_BYTES = 1 << 20;

    @Option(
            names = "--acks",
            paramLabel = "all|1|0",
            defaultValue = "all",
            description = "Which acknowledgement to wait for (default: ${DEFAULT-VALUE}).")
    private String acks = "all";

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "none",
            description = "none, gzip, snappy, lz4 or zstd (default: ${DEFAULT-VALUE}).")
    private String compression = "none";

    /**
     * Settings of a producer of bytes, to be added to.
     *
     * @param maxValueBytes size of the largest value
     */
    public Map<String, Object> settings(ServerOption server, int maxValueBytes) {
        Map<String, Object> settings = server.settings();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, acks);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, acks.equals("all") || acks.equals("-1"));
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
        settings.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(LEAST_REQUEST_BYTES, maxValueBytes + OVERHEAD_BYTES));
        return settings;
    }
}
