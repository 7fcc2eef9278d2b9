package dev.pabal.conformance.sqs;

import dev.pabal.conformance.BrokerUnderTest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Where the SQS tests connect to: the program that all conformance tests share. With {@code -Dpabal.sqs.oracle=http://host:port} it is an SQS
 * server that already runs, such as ElasticMQ, to see whether a test is right.
 */
public final class SqsUnderTest implements CloseableResource {
    /** What {@code sqs.account} is unless it is set. */
    static final String ACCOUNT = "000000000000";

    static final String REGION = "us-east-1";
    private static final int CONNECTIONS = 200;

    private final String endpoint;
    private final boolean isOracle;
    private final SqsClient client;

    private SqsUnderTest(String endpoint, boolean isOracle) {
        this(endpoint, isOracle, client(endpoint, "test", "test"));
    }

    private SqsUnderTest(String endpoint, boolean isOracle, SqsClient client) {
        this.endpoint = endpoint;
        this.isOracle = isOracle;
        this.client = client;
    }

    /** A broker of a test's own. */
    static SqsUnderTest at(String endpoint) {
        return new SqsUnderTest(endpoint, false);
    }

    /** A broker as somebody sees it who is in a region, with a key. */
    static SqsUnderTest at(String endpoint, String region, String keyId) {
        return new SqsUnderTest(endpoint, false, client(endpoint, region, keyId, "test"));
    }

    /** For example {@code http://127.0.0.1:9324}. */
    String endpoint() {
        return endpoint;
    }

    URI uri(String path) {
        return URI.create(endpoint + path);
    }

    String host() {
        return URI.create(endpoint).getHost();
    }

    int port() {
        return URI.create(endpoint).getPort();
    }

    boolean isOracle() {
        return isOracle;
    }

    /** The client that all tests share; it tries nothing twice, so that each answer is seen. */
    SqsClient client() {
        return client;
    }

    /** Another client, with credentials of its own; the caller closes it. */
    public static SqsClient client(String endpoint, String keyId, String secret) {
        return client(endpoint, REGION, keyId, secret);
    }

    /** The same of another region. */
    static SqsClient client(String endpoint, String region, String keyId, String secret) {
        return SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId, secret)))
                .httpClient(ApacheHttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .socketTimeout(Duration.ofSeconds(60))
                        .connectionTimeout(Duration.ofSeconds(60))
                        .connectionAcquisitionTimeout(Duration.ofSeconds(60))
                        .build())
                .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** A name that no other test uses. */
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public void close() {
        client.close();
    }

    /** Hands the address to the constructors of tests. */
    public static final class Resolver implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(Resolver.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SqsUnderTest.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            String oracle = System.getProperty("pabal.sqs.oracle", "");
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            SqsUnderTest.class,
                            key -> oracle.isEmpty() ? ours(context) : new SqsUnderTest(oracle, true),
                            SqsUnderTest.class);
        }

        private static SqsUnderTest ours(ExtensionContext context) {
            return at(BrokerUnderTest.Started.of(context).sqsEndpoint());
        }
    }
}
