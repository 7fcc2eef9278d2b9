package dev.pabal.sqs.action;

import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through an action.
 *
 * @param parameters what was asked
 * @param queueUrl the queue it is about by the request's path ({@code /000000000000/name}), empty where it came to {@code /}
 * @param baseUrl scheme, host and port as the client sees them, for queue URLs; without a slash at the end
 * @param caller who asks
 * @param trace the header {@code X-Amzn-Trace-Id}, null where there is none
 * @param connection what ends when the client goes away
 */
public record Call(
        Parameters parameters,
        String queueUrl,
        String baseUrl,
        Caller caller,
        @Nullable String trace,
        ClientConnection connection) {
    /** Where the queues are that are called by their names alone. */
    Realm realm() {
        return caller.realm();
    }
}
