package dev.pabal.conformance.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.pabal.conformance.BrokerUnderTest;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Where the AMQP tests connect to: the program that all conformance tests share. With {@code -Dpabal.amqp.oracle=host:port} it is a
 * RabbitMQ that already runs, to see whether a test is right; {@code -Dpabal.amqp.oracle.http=host:port} is its management API.
 */
public record AmqpUnderTest(String host, int port, String http, boolean isOracle) {
    private static final int CONNECT_TIMEOUT_MS = 30_000;

    /** A name that no other test uses. */
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A factory without automatic recovery, which would hide that a connection was closed. */
    ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host);
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        factory.setHandshakeTimeout(CONNECT_TIMEOUT_MS);
        factory.setChannelRpcTimeout(60_000);
        return factory;
    }

    Connection connect() throws IOException {
        return connect(factory());
    }

    static Connection connect(ConnectionFactory factory) throws IOException {
        try {
            return factory.newConnection();
        } catch (TimeoutException e) {
            throw new IOException("no answer while connecting", e);
        }
    }

    /** For example {@code amqp://guest:guest@127.0.0.1:5672//}. */
    String uri() {
        return "amqp://guest:guest@" + host + ":" + port + "//";
    }

    URI http(String path) {
        return URI.create("http://" + http + path);
    }

    /** Hands the address to the constructors of tests. */
    public static final class Resolver implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(Resolver.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == AmqpUnderTest.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            String oracle = System.getProperty("pabal.amqp.oracle", "");
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            AmqpUnderTest.class,
                            key -> oracle.isEmpty() ? ours(context) : given(oracle),
                            AmqpUnderTest.class);
        }

        private static AmqpUnderTest ours(ExtensionContext context) {
            BrokerUnderTest broker = BrokerUnderTest.Started.of(context);
            return new AmqpUnderTest("127.0.0.1", broker.amqpPort(), broker.httpAddress(), false);
        }

        private static AmqpUnderTest given(String address) {
            int colon = address.lastIndexOf(':');
            @Nullable String http = System.getProperty("pabal.amqp.oracle.http");
            return new AmqpUnderTest(
                    address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1)),
                    http == null ? "" : http,
                    true);
        }
    }
}
