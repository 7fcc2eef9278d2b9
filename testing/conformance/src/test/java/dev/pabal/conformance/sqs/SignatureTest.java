package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.PabalProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** A broker with configured keys takes signed requests only (Signature Version 4). */
class SignatureTest {
    private static final String KEY = "AKIDEXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @TempDir
    private static Path data;

    private static PabalProcess process;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                System.getProperty("pabal.sqs.oracle", "").isEmpty(), "keys are set for a broker of our own");
        process = PabalProcess.builder(data)
                .arguments("--set", "sqs.keys=" + KEY + ":" + SECRET + ",OTHER:another")
                .start();
    }

    @AfterAll
    static void stop() {
        if (process != null) {
            process.close();
        }
    }

    private static SqsClient client(String key, String secret) {
        return SqsUnderTest.client(process.sqsEndpoint(), key, secret);
    }

    @Test
    void whoHasTheKeyIsServed() {
        for (List<String> credentials : List.of(List.of(KEY, SECRET), List.of("OTHER", "another"))) {
            try (SqsClient sqs = client(credentials.get(0), credentials.get(1))) {
                String url =
                        sqs.createQueue(request -> request.queueName("signed")).queueUrl();
                sqs.sendMessage(request -> request.queueUrl(url).messageBody("ünïcode & more"));
                assertThat(sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(20))
                                .messages())
                        .hasSize(1);
            }
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (SqsClient sqs = client(KEY, "wrong")) {
            SqsException refusal = SqsTest.assertRefused("SignatureDoesNotMatch", sqs::listQueues);
            assertThat(refusal.statusCode()).isEqualTo(403);
            assertThat(refusal.getMessage())
                    .contains("The request signature we calculated does not match the signature you provided.");
        }
    }

    @Test
    void anUnknownKeyIsRefused() {
        try (SqsClient sqs = client("NOBODY", SECRET)) {
            assertThat(SqsTest.assertRefused("InvalidClientTokenId", sqs::listQueues)
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void whoeverHasTheKeyHasQueuesInEveryRegionInOneAccount() {
        try (SqsClient sqs = client(KEY, SECRET);
                SqsClient elsewhere = SqsUnderTest.client(process.sqsEndpoint(), "eu-west-1", KEY, SECRET)) {
            String url = elsewhere
                    .createQueue(request -> request.queueName("elsewhere"))
                    .queueUrl();
            assertThat(url).contains("/" + SqsUnderTest.ACCOUNT + "/");
            assertThat(elsewhere
                            .getQueueAttributes(request -> request.queueUrl(url).attributeNamesWithStrings("QueueArn"))
                            .attributesAsStrings())
                    .containsValue("arn:aws:sqs:eu-west-1:" + SqsUnderTest.ACCOUNT + ":elsewhere");
            assertThat(sqs.listQueues().queueUrls()).doesNotContain(url);
        }
    }

    @Test
    void anUnsignedRequestIsRefusedInBothProtocols() {
        HttpResponse<String> query = Wire.send(HttpRequest.newBuilder(uri("/?Action=ListQueues")));
        assertThat(query.statusCode()).isEqualTo(403);
        assertThat(query.body()).contains("<Code>MissingAuthenticationToken</Code>");
        HttpResponse<String> json = Wire.send(HttpRequest.newBuilder(uri("/"))
                .header("X-Amz-Target", "AmazonSQS.ListQueues")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(json.statusCode()).isEqualTo(403);
        assertThat(Wire.type(json)).startsWith("MissingAuthenticationToken");
    }

    private static URI uri(String path) {
        return URI.create(process.sqsEndpoint() + path);
    }

    /** A GET of ListQueues, signed at {@code time} in its headers, or in its query where it is valid for a while. */
    private static HttpResponse<String> signed(Instant time, Duration validFor, String changed) {
        SdkHttpRequest plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(uri("/"))
                .putRawQueryParameter("Action", "ListQueues")
                .putRawQueryParameter("QueueNamePrefix", "none")
                .build();
        SignedRequest signed = AwsV4HttpSigner.create().sign(request -> {
            request.identity(AwsBasicCredentials.create(KEY, SECRET))
                    .request(plain)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "sqs")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, SqsUnderTest.REGION)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC));
            if (!validFor.isZero()) {
                request.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, validFor);
            }
        });
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(signed.request().getUri().toString().replace("none", changed)));
        for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
            if (!header.getKey().equalsIgnoreCase("Host")) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        return Wire.send(request);
    }

    @Test
    void aSignedQueryRequestIsServed() {
        assertThat(signed(Instant.now(), Duration.ZERO, "none").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatWasChangedOnTheWayIsRefused() {
        HttpResponse<String> response = signed(Instant.now(), Duration.ZERO, "all");
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("<Code>SignatureDoesNotMatch</Code>");
    }

    @Test
    void aClockThatIsFarOffIsRefused() {
        assertThat(signed(Instant.now().minusSeconds(14 * 60), Duration.ZERO, "none")
                        .statusCode())
                .isEqualTo(200);
        for (int minutes : new int[] {-16, 16}) {
            HttpResponse<String> response = signed(Instant.now().plusSeconds(minutes * 60L), Duration.ZERO, "none");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("<Code>SignatureDoesNotMatch</Code>");
        }
    }

    @Test
    void aPresignedRequestIsServedUntilItExpires() {
        Instant minuteAgo = Instant.now().minusSeconds(60);
        assertThat(signed(minuteAgo, Duration.ofMinutes(5), "none").statusCode())
                .isEqualTo(200);
        assertThat(signed(minuteAgo, Duration.ofMinutes(5), "all").statusCode()).isEqualTo(403);
        HttpResponse<String> late = signed(minuteAgo, Duration.ofSeconds(30), "none");
        assertThat(late.statusCode()).isBetween(400, 403);
        assertThat(late.body()).containsAnyOf("RequestExpired", "SignatureDoesNotMatch", "AccessDenied");
    }
}
