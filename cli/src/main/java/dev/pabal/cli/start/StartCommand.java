package dev.pabal.cli.start;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The help of {@code start}: running it is {@link StartProgram}'s, which parses by itself. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts a broker and runs until SIGTERM or Ctrl-C.",
        footer = {
            "",
            "Values come from defaults, then --config, then the environment (PABAL_KAFKA_PORT=9092 sets kafka.port), then --set,"
                    + " then the options above; the later one holds. Kafka's own broker configs, such as num.partitions,"
                    + " auto.create.topics.enable or log.retention.ms, are keys too.",
            "",
            "Examples:",
            "  pabal start",
            "  pabal start --data /var/lib/pabal --set num.partitions=3",
            "  pabal start --kafka-port 0 --amqp-port 0 --sqs-port 0 --http-port 0  (any free ports; the ready line names them)",
            "  pabal start --host 0.0.0.0 --advertised-host broker.example.org --insecure",
            "  PABAL_LOG_LEVEL=INFO pabal start --config pabal.properties"
        })
public final class StartCommand implements Runnable {
    @Option(names = "--data", paramLabel = "DIR", description = "Directory of the store (default: ./data).")
    private Path data;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on (default: 127.0.0.1).")
    private String host;

    @Option(
            names = "--advertised-host",
            paramLabel = "HOST",
            description = "Host that clients are told to connect to (default: that of --host).")
    private String advertisedHost;

    @Option(names = "--insecure", description = "Allow listening beyond loopback without authentication.")
    private boolean insecure;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            description = "Port of the Kafka protocol; 0: any free one (default: 9092).")
    private int kafkaPort;

    @Option(
            names = "--amqp-port",
            paramLabel = "N",
            description = "Port of AMQP 0-9-1; 0: any free one (default: 5672).")
    private int amqpPort;

    @Option(
            names = "--sqs-port",
            paramLabel = "N",
            description = "Port of Amazon SQS; 0: any free one (default: 9324).")
    private int sqsPort;

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "Port of /health and /metrics; 0: any free one (default: 9080).")
    private int httpPort;

    @Option(names = "--config", paramLabel = "FILE", description = "Properties file with config keys.")
    private Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets one config key; may be repeated.")
    private List<String> assignments;

    @Override
    public void run() {
        throw new IllegalStateException("start does not run through picocli");
    }
}
