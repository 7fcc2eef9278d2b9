package dev.pabal.sqs.auth;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;

/** Without configured keys: whoever is on this machine may say to be anybody, signed or not; nobody else is let in. */
final class AnyFromLoopback implements Authenticator {
    private static final String CREDENTIAL = "Credential=";
    private static final String PRESIGNED = "X-Amz-Credential";
    /** As long as AWS's may be. */
    private static final int MAX_ID_LENGTH = 128;

    @Override
    public String accessKeyId(ReceivedRequest request) {
        if (!request.fromLoopback()) {
            throw new SqsException(
                    SqsError.ACCESS_DENIED,
                    "Requests from other machines must be signed, and this broker has no keys to verify them by;"
                            + " start it with sqs.keys or sqs.keys.file.");
        }
        String authorization = request.header("authorization");
        if (authorization.isEmpty() && isFromForeignPage(request)) {
            throw new SqsException(SqsError.ACCESS_DENIED, "Requests from pages of other sites must be signed.");
        }
        int at = authorization.indexOf(CREDENTIAL);
        if (at >= 0) {
            return idIn(authorization.substring(at + CREDENTIAL.length()));
        }
        return request.uri().contains(PRESIGNED)
                ? idIn(QueryString.of(request.uri()).first(PRESIGNED))
                : UNSIGNED;
    }

    /**
     * A browser on this machine sends forms and fetches pictures for any page of the world, and says so in these headers; with an
     * {@code Authorization} header it would have asked first.
     */
    private static boolean isFromForeignPage(ReceivedRequest request) {
        String site = request.header("sec-fetch-site");
        return !request.header("origin").isEmpty() || site.equals("cross-site") || site.equals("same-site");
    }

    /** The id before the first slash; what cannot be one is nobody's. */
    private static String idIn(String credential) {
        int end = credential.indexOf('/');
        boolean good = end > 0 && end <= MAX_ID_LENGTH;
        for (int i = 0; good && i < end; i++) { // no stream: each request comes by here
            good = credential.charAt(i) > ' ' && credential.charAt(i) < 0x7f;
        }
        return good ? credential.substring(0, end) : UNSIGNED;
    }
}
