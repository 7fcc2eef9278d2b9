package dev.pabal.testkit;

import dev.pabal.server.PabalServer;
import dev.pabal.server.config.ConfigKey;
import dev.pabal.server.config.ConfigSources;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A broker inside this process, on free ports of the loopback address. Its data lies in a temporary directory that goes with it, or in a given
 * one that stays. Start, stop and restart belong to one thread; everything else may be called by any.
 */
public final class EmbeddedPabal implements AutoCloseable {
    private final Path directory;
    private final boolean temporary;
    private final List<String> assignments;
    private volatile PabalServer server;

    private EmbeddedPabal(Path directory, boolean temporary, List<String> assignments) {
        this.directory = directory;
        this.temporary = temporary;
        this.assignments = assignments;
        this.server = open();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The {@code bootstrap.servers} of Kafka clients. */
    public String bootstrapServers() {
        return server.kafkaAddress();
    }

    /** Host and port of AMQP 0-9-1. */
    public String amqpAddress() {
        return server.amqpAddress();
    }

    public int amqpPort() {
        return server.amqpPort();
    }

    /** The endpoint of SQS clients, for example {@code http://127.0.0.1:41234}. */
    public String sqsEndpoint() {
        return "http://" + server.sqsAddress();
    }

    /** For example {@code http://127.0.0.1:41234}. */
    public String httpUrl() {
        return "http://" + server.httpAddress();
    }

    public Path dataDirectory() {
        return directory;
    }

    public PabalServer server() {
        return server;
    }

    /** Stops the broker cleanly and starts it again on the same data; the ports change. */
    public void restart() {
        server.close();
        server = open();
    }

    private PabalServer open() {
        PabalConfig.Builder config = PabalServer.configBuilder()
                .set(ConfigKey.DATA_DIR, directory.toString())
                .set(ConfigKey.KAFKA_PORT, "0")
                .set(ConfigKey.AMQP_PORT, "0")
                .set(ConfigKey.SQS_PORT, "0")
                .set(ConfigKey.HTTP_PORT, "0");
        assignments.forEach(assignment -> ConfigSources.assignment(config, assignment));
        return PabalServer.start(config.build(), failure -> {
            throw new IllegalStateException("the store of the embedded broker failed", failure);
        });
    }

    /** Stops the broker and removes its temporary directory. */
    @Override
    public void close() {
        server.close();
        if (temporary) {
            removeTree(directory);
        }
    }

    private static void removeTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary directory " + root + " cannot be removed", e);
        }
    }

    /** Says how the broker is to be. */
    public static final class Builder {
        private final List<String> assignments = new ArrayList<>();
        private @Nullable Path directory;

        private Builder() {}

        /** Adds one {@code key=value}, as {@code --set} takes them. */
        public Builder config(String assignment) {
            assignments.add(assignment);
            return this;
        }

        /** Keeps the data in a directory that outlives the broker. */
        public Builder dataDirectory(Path dataDirectory) {
            directory = dataDirectory;
            return this;
        }

        /** Starts the broker; when this returns it serves. */
        public EmbeddedPabal start() {
            Path given = directory;
            if (given != null) {
                return new EmbeddedPabal(given, false, List.copyOf(assignments));
            }
            try {
                return new EmbeddedPabal(Files.createTempDirectory("pabal-test"), true, List.copyOf(assignments));
            } catch (IOException e) {
                throw new UncheckedIOException("No temporary directory can be made", e);
            }
        }
    }
}
