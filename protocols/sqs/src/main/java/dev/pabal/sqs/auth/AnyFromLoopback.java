package dev.pabal.sqs.auth;

import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;

/** Without configured keys: whoever is on this machine may say to be anybody, signed or not; nobody else is let in. */
final class AnyFromLoopback implements Authenticator {
    private static final String CREDENTIAL = "Credential=";
    private static final String PRESIGNED = "X-Amz-Credential";
    /** As long as AWS's may be. */
    private static final int MAX_ID_LENGTH = 128;

    private final Realms realms;
    private final Caller unsigned;

    AnyFromLoopback(Realms realms) {
        this.realms = realms;
        this.unsigned = new Caller(Caller.UNSIGNED, realms.own());
    }

    @Override
    public Caller caller(ReceivedRequest request) {
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
            int comma = authorization.indexOf(',', at);
            return callerIn(authorization, at + CREDENTIAL.length(), comma < 0 ? authorization.length() : comma);
        }
        if (!request.uri().contains(PRESIGNED)) {
            return unsigned;
        }
        String credential = QueryString.of(request.uri()).first(PRESIGNED);
        return callerIn(credential, 0, credential.length());
    }

    /**
     * A browser on this machine sends forms and fetches pictures for any page of the world, and says so in these headers; with an
     * {@code Authorization} header it would have asked first.
     */
    private static boolean isFromForeignPage(ReceivedRequest request) {
        String site = request.header("sec-fetch-site");
        return !request.header("origin").isEmpty() || site.equals("cross-site") || site.equals("same-site");
    }

    /** Whom {@code ID/date/region/service/aws4_request} names, as far as it goes. */
    private Caller callerIn(String text, int from, int to) {
        int idEnd = slash(text, from, to);
        int dateEnd = slash(text, Math.min(idEnd + 1, to), to);
        int regionEnd = slash(text, Math.min(dateEnd + 1, to), to);
        String id = idEnd < to && isId(text, from, idEnd) ? text.substring(from, idEnd) : Caller.UNSIGNED;
        return new Caller(id, regionEnd < to ? realms.of(id, text, dateEnd + 1, regionEnd) : realms.inOwnRegion(id));
    }

    /** Where the next slash is, {@code to} where there is none. */
    private static int slash(String text, int from, int to) {
        int at = text.indexOf('/', from);
        return at < 0 || at > to ? to : at;
    }

    /** What cannot be an id is nobody's. */
    private static boolean isId(String text, int from, int to) {
        boolean good = to > from && to - from <= MAX_ID_LENGTH;
        for (int i = from; good && i < to; i++) { // no stream: each request comes by here
            good = text.charAt(i) > ' ' && text.charAt(i) < 0x7f;
        }
        return good;
    }
}
