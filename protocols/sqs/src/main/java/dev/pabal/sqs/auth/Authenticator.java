package dev.pabal.sqs.auth;

import dev.pabal.sqs.realm.Caller;
import dev.pabal.sqs.wire.SqsException;

/** Decides who asks. Any thread. */
public interface Authenticator {
    /**
     * Whom the request came from, {@link Caller#UNSIGNED} where it names nobody and need not.
     *
     * @throws SqsException where the request is not to be carried out
     */
    Caller caller(ReceivedRequest request);
}
