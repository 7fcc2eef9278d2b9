package dev.pabal.sqs.auth;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.CredentialScope;
import software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner;
import software.amazon.awssdk.http.auth.aws.internal.signer.V4Properties;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Lets in who signed with a configured key: the signature is made again by the SDK's own signer, over the headers that were signed and the body
 * that came, and must be the same. The signer keeps the keys that it derives for a day. Messages are AWS's.
 */
final class SignatureAuthenticator implements Authenticator {
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);
    private static final String SERVICE = "sqs";
    private static final String TERMINATOR = "aws4_request";
    private static final String TARGET = "x-amz-target";

    private final Map<String, AwsCredentialsIdentity> keys = new HashMap<>();
    private final Realms realms;
    private final Clock clock;

    /** @param secrets by access key id */
    SignatureAuthenticator(Map<String, String> secrets, Realms realms, Clock clock) {
        secrets.forEach((id, secret) -> keys.put(id, AwsCredentialsIdentity.create(id, secret)));
        this.realms = realms;
        this.clock = clock;
    }

    @Override
    public Caller caller(ReceivedRequest request) {
        QueryString query = QueryString.of(request.uri());
        Claim claim = Claim.of(request, query);
        AwsCredentialsIdentity key = keys.get(claim.accessKeyId());
        if (key == null) {
            throw new SqsException(
                    SqsError.INVALID_CLIENT_TOKEN_ID, "The security token included in the request is invalid.");
        }
        Realm realm = checkScope(claim);
        checkTime(claim);
        checkHeaders(claim, request);
        String expected;
        try {
            expected = signature(request, query, claim, key);
        } catch (IllegalArgumentException e) {
            throw mismatch("The request's path or query is no URL: nobody can have signed it.");
        }
        if (!MessageDigest.isEqual(ascii(expected), ascii(claim.signature()))) {
            throw mismatch(
                    "The request signature we calculated does not match the signature you provided. Check your AWS"
                            + " Secret Access Key and signing method. Consult the service documentation for details.");
        }
        return new Caller(claim.accessKeyId(), realm);
    }

    private Realm checkScope(Claim claim) {
        List<String> scope = claim.scope();
        String at = Claim.TIME.format(claim.signedAt());
        if (!at.startsWith(scope.get(0) + "T")) {
            throw mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + scope.get(0) + "' != '" + at.substring(0, 8) + "', from '" + at + "'.");
        }
        Realm realm =
                realms.of(claim.accessKeyId(), scope.get(1), 0, scope.get(1).length());
        if (!scope.get(2).equals(SERVICE)) {
            throw mismatch("Credential should be scoped to correct service: '" + SERVICE + "'.");
        }
        if (!scope.get(3).equals(TERMINATOR)) {
            throw mismatch("Credential should be scoped with a valid terminator: '" + TERMINATOR + "', not '"
                    + scope.get(3) + "'.");
        }
        return realm;
    }

    private void checkTime(Claim claim) {
        Instant now = Instant.ofEpochMilli(clock.wallMs());
        Instant signedAt = claim.signedAt();
        Duration validFor = claim.validFor();
        if (signedAt.isAfter(now.plus(MAX_SKEW))) {
            throw mismatch("Signature not yet current: " + Claim.TIME.format(signedAt) + " is still later than "
                    + Claim.TIME.format(now.plus(MAX_SKEW)) + " (" + Claim.TIME.format(now) + " + 15 min.)");
        }
        if (validFor != null && signedAt.plus(validFor).isBefore(now)) {
            throw new SqsException(SqsError.REQUEST_EXPIRED, "Request has expired.");
        }
        if (validFor == null && signedAt.isBefore(now.minus(MAX_SKEW))) {
            throw mismatch("Signature expired: " + Claim.TIME.format(signedAt) + " is now earlier than "
                    + Claim.TIME.format(now.minus(MAX_SKEW)) + " (" + Claim.TIME.format(now) + " - 15 min.)");
        }
    }

    /** What names the server and the action must be signed: else a signature could be taken from one request to another. */
    private static void checkHeaders(Claim claim, ReceivedRequest request) {
        if (!claim.signedHeaders().contains("host")) {
            throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        if (!request.headers().all(TARGET).isEmpty() && !claim.signedHeaders().contains(TARGET)) {
            throw mismatch("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    private static String signature(
            ReceivedRequest request, QueryString query, Claim claim, AwsCredentialsIdentity key) {
        SdkHttpRequest.Builder signed = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .protocol("http")
                .host("signed.as.header")
                .encodedPath(query.path());
        query.values().forEach((name, values) -> {
            if (!name.equals("X-Amz-Signature")) {
                signed.putRawQueryParameter(name, values);
            }
        });
        for (String header : claim.signedHeaders()) {
            signed.putHeader(header, request.headers().all(header));
        }
        V4Properties properties = V4Properties.builder()
                .credentials(key)
                .credentialScope(new CredentialScope(claim.scope().get(1), SERVICE, claim.signedAt()))
                .signingClock(java.time.Clock.systemUTC())
                .doubleUrlEncode(true)
                .normalizePath(true)
                .build();
        return new DefaultV4RequestSigner(properties, bodyHash(request))
                .sign(signed)
                .getSignature();
    }

    private static String bodyHash(ReceivedRequest request) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(request.body().duplicate());
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static SqsException mismatch(String message) {
        return new SqsException(SqsError.SIGNATURE_DOES_NOT_MATCH, message);
    }
}
