package dev.pabal.cli.record;

import dev.pabal.cli.client.Assignments;
import dev.pabal.cli.client.Pace;
import dev.pabal.cli.client.ProducerOption;
import dev.pabal.cli.client.Progress;
import dev.pabal.cli.client.ServerOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends lines as records. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        description = "Sends each line of standard input, or of a file, as a record.",
        footer = {
            "",
            "Lines go as the bytes they are. Exits with 0 when every record is acknowledged.",
            "",
            "Examples:",
            "  pabal produce orders < orders.txt",
            "  pabal produce orders orders.csv --key-separator ,",
            "  yes hello | pabal produce load --rate 1000 --compression lz4 --header source=test"
        })
public final class ProduceCommand implements Callable<Integer> {
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int LINGER_MS = 5;

    @Mixin
    private ServerOption server = new ServerOption();

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic's name.")
    private String topic = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "File to read instead of standard input.")
    private @Nullable Path file;

    @Mixin
    private LinesOption reading = new LinesOption();

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "Text between key and value (default: lines have no key).")
    private @Nullable String keySeparator;

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "A header of every record; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "N", description = "Records a second at most (default: as many as go).")
    private double rate;

    @Mixin
    private ProducerOption sending = new ProducerOption();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Partition for all records (default: by key, or spread).")
    private @Nullable Integer partition;

    @Override
    public Integer call() throws Exception {
        RecordParser parser = new RecordParser(topic, partition, keySeparator, headers());
        Acknowledgements acknowledgements = new Acknowledgements();
        long startedNs = System.nanoTime();
        try (InputStream in = reading.open(file);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producerSettings())) {
            send(new LineReader(in, reading.maxLineBytes()), parser, producer, acknowledgements);
            producer.flush();
        }
        acknowledgements.check();
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        System.err.printf(
                Locale.ROOT,
                "Produced %,d records (%,d bytes) to %s in %.1f s.%n",
                acknowledgements.records(),
                acknowledgements.bytes(),
                topic,
                seconds);
        return 0;
    }

    private void send(
            LineReader lines,
            RecordParser parser,
            KafkaProducer<byte[], byte[]> producer,
            Acknowledgements acknowledgements)
            throws IOException {
        Pace pace = new Pace(rate);
        Progress progress = new Progress();
        long sent = 0;
        byte[] line;
        while ((line = lines.next()) != null && !acknowledgements.failed()) {
            pace.await();
            sent++;
            producer.send(parser.parse(line, sent), acknowledgements.expect(line.length));
            long soFar = sent;
            progress.tick(
                    () -> String.format(Locale.ROOT, "%,d sent, %,d acknowledged", soFar, acknowledgements.records()));
        }
        progress.clear();
    }

    private Map<String, Object> producerSettings() {
        Map<String, Object> settings = sending.settings(server, reading.maxLineBytes());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        return settings;
    }

    private List<Header> headers() {
        List<Header> parsed = new ArrayList<>();
        Assignments.parse("--header", headers)
                .forEach((key, value) -> parsed.add(new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8))));
        return parsed;
    }
}
