package dev.pabal.sqs.auth;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;

/** Without configured keys: whoever is on this machine may say to be anybody, signed or not; nobody else is let in. */
final class AnyFromLoopback implements Authenticator {
    private static final String CREDENTIAL = "Credential=";
    private static final String PRESIGNED = "X-Amz-Credential";

    @Override
    public String accessKeyId(ReceivedRequest request) {
        if (!request.fromLoopback()) {
            throw new SqsException(
                    SqsError.ACCESS_DENIED,
                    "Requests from other machines must be signed, and this broker has no keys to verify them by;"
                            + " start it with sqs.keys or sqs.keys.file.");
        }
        String authorization = request.header("authorization");
        int at = authorization.indexOf(CREDENTIAL);
        if (at >= 0) {
            int end = authorization.indexOf('/', at);
            return end < 0 ? UNSIGNED : authorization.substring(at + CREDENTIAL.length(), end);
        }
        if (request.uri().contains(PRESIGNED)) {
            String credential = QueryString.of(request.uri()).first(PRESIGNED);
            int end = credential.indexOf('/');
            return end < 0 ? UNSIGNED : credential.substring(0, end);
        }
        return UNSIGNED;
    }
}
