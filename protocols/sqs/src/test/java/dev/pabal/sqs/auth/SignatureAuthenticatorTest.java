package dev.pabal.sqs.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class SignatureAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T14:25:30Z");
    private static final String BODY = "{\"QueueName\":\"q\"}";
    private static final Map<String, String> KEYS =
            Map.of("AKIDONE", "secret/one", "AKIDTWO", "secret+two", "123456789012", "digits");
    private static final Realm OWN = new Realm("us-east-1", "000000000000");

    private final Authenticator authenticator =
            Authenticators.of(new SqsSettings("000000000000", "us-east-1", KEYS), new StoppedClock());

    @Test
    void whatTheSdkSignedIsTaken() {
        assertThat(accept(signed("AKIDONE", "secret/one", NOW))).isEqualTo("AKIDONE");
        assertThat(accept(signed("AKIDTWO", "secret+two", NOW.minusSeconds(890))))
                .isEqualTo("AKIDTWO");
        assertThat(accept(signed("AKIDTWO", "secret+two", NOW.plusSeconds(890))))
                .isEqualTo("AKIDTWO");
    }

    @Test
    void whatTheSdkPresignedIsTaken() {
        assertThat(accept(presigned(NOW.minusSeconds(1_000), Duration.ofHours(1))))
                .isEqualTo("AKIDONE");
        refused(presigned(NOW.minusSeconds(1_000), Duration.ofSeconds(999)), SqsError.REQUEST_EXPIRED)
                .hasMessage("Request has expired.");
    }

    @Test
    void aWrongKeyIsRefused() {
        refused(signed("AKIDONE", "secret/two", NOW), SqsError.SIGNATURE_DOES_NOT_MATCH)
                .hasMessageStartingWith(
                        "The request signature we calculated does not match the signature you provided.");
        refused(signed("AKIDTHREE", "secret/one", NOW), SqsError.INVALID_CLIENT_TOKEN_ID)
                .hasMessage("The security token included in the request is invalid.");
    }

    @Test
    void whateverWasAlteredIsNoticed() {
        Signed good = signed("AKIDONE", "secret/one", NOW);
        refused(good.withBody(BODY.replace('q', 'r')), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.withBody(""), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.withUri("/other"), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.withUri("/?a=b"), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.withMethod("GET"), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.with("x-amz-target", old -> "AmazonSQS.DeleteQueue"), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(good.with("host", old -> "elsewhere"), SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(
                good.with("authorization", old -> old.replaceAll("Signature=.", "Signature=g")),
                SqsError.SIGNATURE_DOES_NOT_MATCH);
        Signed presigned = presigned(NOW, Duration.ofHours(1));
        refused(
                presigned.withUri(presigned.uri.replace("ListQueues", "DeleteQueue")),
                SqsError.SIGNATURE_DOES_NOT_MATCH);
        refused(
                presigned.withUri(presigned.uri.replace("Expires=3600", "Expires=7200")),
                SqsError.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void theActionMustBeSigned() {
        Signed unsignedTarget = signed("AKIDONE", "secret/one", NOW, Map.of());
        unsignedTarget.headers.put("x-amz-target", List.of("AmazonSQS.DeleteQueue"));
        refused(unsignedTarget, SqsError.SIGNATURE_DOES_NOT_MATCH).hasMessageContaining("X-Amz-Target");
        Signed noHost = signed("AKIDONE", "secret/one", NOW).with("authorization", old -> old.replace(";host", ""));
        refused(noHost, SqsError.SIGNATURE_DOES_NOT_MATCH).hasMessageContaining("'Host'");
    }

    @Test
    void clocksThatAreApartAreTold() {
        refused(signed("AKIDONE", "secret/one", NOW.minusSeconds(901)), SqsError.SIGNATURE_DOES_NOT_MATCH)
                .hasMessage(
                        "Signature expired: 20261121T141029Z is now earlier than 20261121T141030Z (20261121T142530Z - 15 min.)");
        refused(signed("AKIDONE", "secret/one", NOW.plusSeconds(901)), SqsError.SIGNATURE_DOES_NOT_MATCH)
                .hasMessage(
                        "Signature not yet current: 20261121T144031Z is still later than 20261121T144030Z (20261121T142530Z + 15 min.)");
    }

    @Test
    void theScopeIsOurs() {
        for (String wrong : List.of(
                "/20261120/us-east-1/sqs/aws4_request",
                "/20261121/eu-west-1/sqs/aws4_request",
                "/20261121/us-east-1/sns/aws4_request",
                "/20261121/us-east-1/sqs/aws5_request")) {
            refused(
                    signed("AKIDONE", "secret/one", NOW)
                            .with("authorization", old -> old.replace("/20261121/us-east-1/sqs/aws4_request", wrong)),
                    SqsError.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    @Test
    void anyRegionMayBeSignedForAndTheAccountIsTheConfiguredOne() {
        assertThat(realm(authenticator, signed("AKIDONE", "secret/one", NOW))).isEqualTo(OWN);
        assertThat(realm(authenticator, signedFor("eu-west-1", "AKIDONE", "secret/one")))
                .isEqualTo(new Realm("eu-west-1", "000000000000"));
        assertThat(realm(authenticator, signedFor("eu-west-1", "123456789012", "digits")))
                .as("with a key of digits")
                .isEqualTo(new Realm("eu-west-1", "000000000000"));
        for (String none : List.of("EU-WEST-1", "eu.west", "x".repeat(33))) {
            refused(signedFor(none, "AKIDONE", "secret/one"), SqsError.SIGNATURE_DOES_NOT_MATCH)
                    .hasMessageStartingWith("Credential should be scoped to a valid region, not '" + none + "'");
        }
    }

    @Test
    void withoutKeysRegionAndAccountAreWhatTheCredentialSays() {
        Authenticator any = Authenticators.of(SqsSettings.defaults(), new StoppedClock());
        assertThat(realm(any, signed("AKIDANY", "x", NOW))).isSameAs(realm(any, presigned(NOW, Duration.ofHours(1))));
        assertThat(realm(any, signedFor("eu-west-1", "AKIDANY", "x")))
                .isEqualTo(new Realm("eu-west-1", "000000000000"));
        assertThat(realm(any, signedFor("eu-west-1", "123456789012", "x")))
                .isEqualTo(new Realm("eu-west-1", "123456789012"));
        assertThat(realm(any, signedFor("us-east-1", "123456789012", "x")))
                .isEqualTo(new Realm("us-east-1", "123456789012"));
        for (String id : List.of("1234567890123", "12345678901", "12345678901x")) {
            assertThat(realm(any, signed(id, "x", NOW))).isEqualTo(OWN);
        }
        Signed presigned = presigned(NOW, Duration.ofHours(1)).replaceInUri("us-east-1", "ap-south-1");
        assertThat(realm(any, presigned).region()).isEqualTo("ap-south-1");
        Signed none = signed("AKIDANY", "x", NOW).with("authorization", old -> old.replace("us-east-1", "US"));
        assertThatThrownBy(() -> any.caller(none.received(true))).hasMessageContaining("valid region, not 'US'");
    }

    @Test
    void aCredentialThatEndsEarlyMeansTheBrokersOwnRealm() {
        Authenticator any = Authenticators.of(SqsSettings.defaults(), new StoppedClock());
        for (String authorization : List.of(
                "Credential=",
                "Credential=AKID",
                "Credential=AKID/20261121",
                "Credential=AKID/20261121/eu-west-1",
                "AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=a/b/c/d",
                "Basic eHk6eg==")) {
            Signed request = signed("AKIDANY", "x", NOW).with("authorization", old -> authorization);
            assertThat(realm(any, request)).as(authorization).isEqualTo(OWN);
        }
    }

    private static Realm realm(Authenticator by, Signed request) {
        return by.caller(request.received(true)).realm();
    }

    @Test
    void whatIsMissingIsNamed() {
        Signed good = signed("AKIDONE", "secret/one", NOW);
        Signed none = good.with("authorization", old -> "");
        refused(none, SqsError.MISSING_AUTHENTICATION_TOKEN).hasMessage("Request is missing Authentication Token");
        refused(good.with("authorization", old -> "Basic Z3Vlc3Q6Z3Vlc3Q="), SqsError.INCOMPLETE_SIGNATURE);
        refused(good.with("authorization", old -> "AWS4-HMAC-SHA256 nonsense"), SqsError.INCOMPLETE_SIGNATURE)
                .hasMessage(
                        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature'"
                                + " parameter. Authorization header requires 'SignedHeaders' parameter.");
        refused(good.with("x-amz-date", old -> ""), SqsError.INCOMPLETE_SIGNATURE)
                .hasMessageContaining("X-Amz-Date");
        refused(good.with("x-amz-date", old -> "yesterday"), SqsError.INCOMPLETE_SIGNATURE);
        refused(good.with("authorization", old -> old.replace("/sqs/", "/")), SqsError.INCOMPLETE_SIGNATURE)
                .hasMessageStartingWith("Credential must have exactly 5 slash-delimited elements");
        refused(
                        good.with("authorization", old -> "").withUri("/?X-Amz-Algorithm=AWS4-HMAC-SHA256"),
                        SqsError.INCOMPLETE_SIGNATURE)
                .hasMessageContaining("X-Amz-Signature");
        refused(
                presigned(NOW, Duration.ofHours(1)).replaceInUri("Expires=3600", "Expires=-1"),
                SqsError.INCOMPLETE_SIGNATURE);
        refused(good.with("authorization", old -> "").withUri("/?a=%zz"), SqsError.MALFORMED_QUERY_STRING);
    }

    @Test
    void withoutKeysAnybodyOnThisMachineIsLetIn() {
        Authenticator any = Authenticators.of(SqsSettings.defaults(), new StoppedClock());
        assertThat(any.caller(signed("AKIDANY", "x", NOW).received(true)).accessKeyId())
                .isEqualTo("AKIDANY");
        assertThat(any.caller(presigned(NOW, Duration.ofHours(1)).received(true))
                        .accessKeyId())
                .isEqualTo("AKIDONE");
        Signed unsigned = signed("AKIDANY", "x", NOW).with("authorization", old -> "");
        assertThat(any.caller(unsigned.received(true)).accessKeyId()).isEqualTo(Caller.UNSIGNED);
        assertThatThrownBy(() -> any.caller(signed("AKIDANY", "x", NOW).received(false)))
                .hasMessageContaining("sqs.keys");
    }

    @Test
    void pagesOfOtherSitesAreNotOnThisMachine() {
        Authenticator any = Authenticators.of(SqsSettings.defaults(), new StoppedClock());
        Signed form = signed("AKIDANY", "x", NOW).with("authorization", old -> "");
        form.headers.put("origin", List.of("https://elsewhere.example"));
        assertThatThrownBy(() -> any.caller(form.received(true))).hasMessageContaining("other sites");
        Signed picture = presigned(NOW, Duration.ofHours(1));
        picture.headers.put("sec-fetch-site", List.of("cross-site"));
        assertThatThrownBy(() -> any.caller(picture.received(true))).hasMessageContaining("other sites");
        picture.headers.put("sec-fetch-site", List.of("none"));
        assertThat(any.caller(picture.received(true)).accessKeyId()).isEqualTo("AKIDONE");
    }

    @Test
    void anIdThatIsNoneIsNobodys() {
        Authenticator any = Authenticators.of(SqsSettings.defaults(), new StoppedClock());
        for (String id : List.of("x".repeat(129), "a b", "a\u0001", "")) {
            Signed request = signed("AKIDANY", "x", NOW).with("authorization", old -> old.replace("AKIDANY", id));
            assertThat(any.caller(request.received(true)).accessKeyId()).isEqualTo(Caller.UNSIGNED);
        }
    }

    @Test
    void whatIsNoUrlIsNotSigned() {
        refused(signed("AKIDONE", "secret/one", NOW).withUri("/<a|b>"), SqsError.SIGNATURE_DOES_NOT_MATCH);
    }

    private String accept(Signed request) {
        return authenticator.caller(request.received(false)).accessKeyId();
    }

    private AbstractThrowableAssert<?, ?> refused(Signed request, SqsError error) {
        return assertThatThrownBy(() -> authenticator.caller(request.received(true)))
                .isInstanceOfSatisfying(SqsException.class, failure -> assertThat(failure.error())
                        .isEqualTo(error));
    }

    private static Signed signed(String id, String secret, Instant at) {
        return signed(id, secret, at, Map.of("X-Amz-Target", "AmazonSQS.CreateQueue"));
    }

    private static Signed signedFor(String region, String id, String secret) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://localhost:9324/"))
                .putHeader("X-Amz-Target", "AmazonSQS.CreateQueue")
                .build();
        return Signed.of(
                sign(id, secret, NOW, request, BODY, more -> more.putProperty(AwsV4HttpSigner.REGION_NAME, region)),
                BODY);
    }

    private static Signed signed(String id, String secret, Instant at, Map<String, String> headers) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://localhost:9324/"))
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("User-Agent", "aws-sdk-java/2  md/a");
        headers.forEach(request::putHeader);
        return Signed.of(sign(id, secret, at, request.build(), BODY, builder -> builder), BODY);
    }

    private static Signed presigned(Instant at, Duration validFor) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create("http://localhost:9324/000000000000/q"))
                .putRawQueryParameter("Action", "ListQueues")
                .putRawQueryParameter("QueueNamePrefix", "a b+c/&é")
                .build();
        return Signed.of(
                sign("AKIDONE", "secret/one", at, request, "", builder -> builder.putProperty(
                                AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, validFor)),
                "");
    }

    private static SdkHttpRequest sign(
            String id,
            String secret,
            Instant at,
            SdkHttpRequest request,
            String body,
            UnaryOperator<SignRequest.Builder<AwsCredentialsIdentity>> more) {
        return AwsV4HttpSigner.create()
                .sign(more.apply(SignRequest.builder(AwsCredentialsIdentity.create(id, secret))
                                .request(request)
                                .payload(ContentStreamProvider.fromUtf8String(body))
                                .putProperty(HttpSigner.SIGNING_CLOCK, java.time.Clock.fixed(at, ZoneOffset.UTC))
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
                        .build())
                .request();
    }

    /** A request as it arrives; header names in small letters. */
    private record Signed(String method, String uri, Map<String, List<String>> headers, String body) {
        static Signed of(SdkHttpRequest request, String body) {
            Map<String, List<String>> headers = new HashMap<>();
            request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
            String query =
                    request.encodedQueryParameters().map(text -> "?" + text).orElse("");
            return new Signed(request.method().name(), request.encodedPath() + query, headers, body);
        }

        Signed withBody(String other) {
            return new Signed(method, uri, headers, other);
        }

        Signed withUri(String other) {
            return new Signed(method, other, headers, body);
        }

        Signed replaceInUri(String part, String by) {
            assertThat(uri).contains(part);
            return withUri(uri.replace(part, by));
        }

        Signed withMethod(String other) {
            return new Signed(other, uri, headers, body);
        }

        Signed with(String header, UnaryOperator<String> change) {
            Map<String, List<String>> changed = new HashMap<>(headers);
            String value = change.apply(headers.get(header).get(0));
            assertThat(value).isNotEqualTo(headers.get(header).get(0));
            changed.put(header, value.isEmpty() ? List.of() : List.of(value));
            return new Signed(method, uri, changed, body);
        }

        ReceivedRequest received(boolean fromLoopback) {
            byte[] bytes = ("--" + body + "--").getBytes(StandardCharsets.UTF_8);
            return new ReceivedRequest(
                    method,
                    uri,
                    name -> headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()),
                    ByteBuffer.wrap(bytes, 2, bytes.length - 4),
                    fromLoopback);
        }
    }

    private static final class StoppedClock implements Clock {
        @Override
        public long wallMs() {
            return NOW.toEpochMilli();
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    }
}
