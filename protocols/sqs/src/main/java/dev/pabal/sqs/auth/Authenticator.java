package dev.pabal.sqs.auth;

import dev.pabal.sqs.wire.SqsException;

/** Decides who asks. Any thread. */
public interface Authenticator {
    /** Who signs nothing. */
    String UNSIGNED = "unsigned";

    /**
     * The access key id that the request came by, {@link #UNSIGNED} where it names none and need not.
     *
     * @throws SqsException where the request is not to be carried out
     */
    String accessKeyId(ReceivedRequest request);
}
