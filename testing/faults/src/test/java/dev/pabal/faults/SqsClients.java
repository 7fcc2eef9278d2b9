package dev.pabal.faults;

import dev.pabal.testkit.PabalProcess;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of SQS as a program would make them; {@link SqsLoad} makes its own, which must not try again. */
final class SqsClients {
    private SqsClients() {}

    static SqsClient connect(PabalProcess broker) {
        return SqsClient.builder()
                .endpointOverride(URI.create(broker.sqsEndpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }
}
