package dev.pabal.sqs;

import dev.pabal.broker.Broker;
import dev.pabal.sqs.action.Actions;
import dev.pabal.sqs.auth.Authenticators;
import dev.pabal.sqs.http.SqsListener;

/** Amazon SQS on a broker: everything that a listener needs. */
public final class SqsProtocol {
    private SqsProtocol() {}

    /** The handler that sets up accepted connections. */
    public static SqsListener listener(Broker broker, SqsSettings settings, SqsLimits limits) {
        Actions actions = Actions.of(broker, settings);
        return new SqsListener(actions, Authenticators.of(settings, broker.clock()), limits, broker.clock());
    }
}
