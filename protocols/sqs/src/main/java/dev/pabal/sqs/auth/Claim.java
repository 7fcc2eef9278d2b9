package dev.pabal.sqs.auth;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its signature (Signature Version 4), in its {@code Authorization} header or, presigned, in its query:
 *
 * <pre>
 *   Authorization: AWS4-HMAC-SHA256 Credential=ID/20261121/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=hex
 *   ?X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Credential=ID/...&amp;X-Amz-Date=..&amp;X-Amz-Expires=60&amp;X-Amz-SignedHeaders=host&amp;X-Amz-Signature=hex
 * </pre>
 *
 * @param accessKeyId whose key it was made with
 * @param scope date, region, service and the word {@code aws4_request}
 * @param signedAt when it was made
 * @param validFor how long a presigned request holds; null for one that is not presigned
 * @param signedHeaders in small letters
 * @param signature in hexadecimal
 */
record Claim(
        String accessKeyId,
        List<String> scope,
        Instant signedAt,
        @Nullable Duration validFor,
        List<String> signedHeaders,
        String signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    /** {@code 20261121T142530Z}. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int CREDENTIAL_PARTS = 5;

    /**
     * @param query the request's query, decoded
     * @throws SqsException where there is no claim, or one that lacks something
     */
    static Claim of(ReceivedRequest request, QueryString query) {
        String authorization = request.header("authorization");
        if (!authorization.isEmpty()) {
            return ofHeader(authorization, request.header("x-amz-date"));
        }
        if (!query.first("X-Amz-Algorithm").isEmpty()
                || !query.first("X-Amz-Signature").isEmpty()) {
            return ofQuery(query);
        }
        throw new SqsException(SqsError.MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token");
    }

    private static Claim ofHeader(String authorization, String date) {
        if (!authorization.startsWith(ALGORITHM + " ")) {
            throw incomplete("The Authorization header must begin with '" + ALGORITHM + "'.");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : authorization.substring(ALGORITHM.length()).split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        StringBuilder missing = new StringBuilder();
        for (String name : List.of("Credential", "Signature", "SignedHeaders")) {
            if (parts.getOrDefault(name, "").isEmpty()) {
                missing.append("Authorization header requires '").append(name).append("' parameter. ");
            }
        }
        if (date.isEmpty()) {
            missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        }
        if (!missing.isEmpty()) {
            throw incomplete(missing.toString().strip());
        }
        return of(parts.get("Credential"), date, null, parts.get("SignedHeaders"), parts.get("Signature"));
    }

    private static Claim ofQuery(QueryString query) {
        StringBuilder missing = new StringBuilder();
        for (String name :
                List.of("X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")) {
            if (query.first(name).isEmpty()) {
                missing.append("AWS query-string parameters must include '")
                        .append(name)
                        .append("'. ");
            }
        }
        if (!query.first("X-Amz-Algorithm").equals(ALGORITHM)) {
            missing.append("AWS query-string parameters must include 'X-Amz-Algorithm=" + ALGORITHM + "'. ");
        }
        if (!missing.isEmpty()) {
            throw incomplete(missing.toString().strip());
        }
        return of(
                query.first("X-Amz-Credential"),
                query.first("X-Amz-Date"),
                validity(query.first("X-Amz-Expires")),
                query.first("X-Amz-SignedHeaders"),
                query.first("X-Amz-Signature"));
    }

    private static Claim of(
            String credential, String date, @Nullable Duration validFor, String headers, String signature) {
        String[] parts = credential.split("/", -1);
        if (parts.length != CREDENTIAL_PARTS) {
            throw incomplete(
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"
                            + credential + "'");
        }
        Instant signedAt;
        try {
            signedAt = Instant.from(TIME.parse(date));
        } catch (DateTimeParseException e) {
            throw incomplete("Date must be in ISO-8601 'basic format'. Got '" + date
                    + "'. See http://en.wikipedia.org/wiki/ISO_8601");
        }
        return new Claim(
                parts[0],
                List.of(parts).subList(1, CREDENTIAL_PARTS),
                signedAt,
                validFor,
                List.of(headers.split(";")),
                signature);
    }

    private static Duration validity(String seconds) {
        try {
            long validFor = Long.parseLong(seconds);
            if (validFor >= 0 && validFor <= Duration.ofDays(7).toSeconds()) {
                return Duration.ofSeconds(validFor);
            }
        } catch (NumberFormatException e) {
            // told below, as for a number out of its bounds
        }
        throw incomplete("X-Amz-Expires must be a number of seconds from 0 to 604800.");
    }

    private static SqsException incomplete(String message) {
        return new SqsException(SqsError.INCOMPLETE_SIGNATURE, message);
    }
}
