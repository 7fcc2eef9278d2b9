package dev.pabal.conformance;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.pabal.testkit.PabalProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The broker that the clients are set upon: one started program for all test classes, on an empty directory. With
 * {@code -Dpabal.bootstrap=host:port} it is a broker that already runs, such as Apache Kafka, to see whether a test is right.
 */
public final class BrokerUnderTest implements CloseableResource {
    private final @Nullable PabalProcess process;
    private final @Nullable Path data;
    private final String bootstrap;

    private BrokerUnderTest() {
        String given = System.getProperty("pabal.bootstrap", "");
        if (!given.isEmpty()) {
            process = null;
            data = null;
            bootstrap = given;
            return;
        }
        try {
            Path folder = Files.createTempDirectory("pabal-conformance");
            PabalProcess started = PabalProcess.builder(folder)
                    .arguments("--set", "group.initial.rebalance.delay.ms=100")
                    .start();
            process = started;
            data = folder;
            bootstrap = started.bootstrapServers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    public int port() {
        return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
    }

    /** Connects an AMQP client, without automatic recovery, which would hide that the connection was closed. */
    public Connection connectByAmqp() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(amqpPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(60_000);
        return factory.newConnection();
    }

    /** The port that AMQP clients connect to; only a broker of our own is known to have one. */
    public int amqpPort() {
        return started().amqpPort();
    }

    /** Where SQS clients connect to, for example {@code http://127.0.0.1:41234}. */
    public String sqsEndpoint() {
        return started().sqsEndpoint();
    }

    /** Host and port of the HTTP listener. */
    public String httpAddress() {
        return "127.0.0.1:" + started().httpPort();
    }

    private PabalProcess started() {
        PabalProcess running = process;
        if (running == null) {
            throw new IllegalStateException("with pabal.bootstrap given, only Kafka's address is known");
        }
        return running;
    }

    /** A name that no other test uses, for a topic or a group. */
    public static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public void close() throws IOException {
        PabalProcess running = process;
        Path folder = data;
        if (running == null || folder == null) {
            return;
        }
        running.stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Hands the broker to parameters of tests; JUnit stops it after the last class. */
    public static final class Started implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(Started.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BrokerUnderTest.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return of(context);
        }

        /** The one broker of this run, started now if it is not yet. */
        public static BrokerUnderTest of(ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(BrokerUnderTest.class, key -> new BrokerUnderTest(), BrokerUnderTest.class);
        }
    }
}
