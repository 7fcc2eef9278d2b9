package dev.pabal.sqs.http;

import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.SqsLimits;
import dev.pabal.sqs.action.Actions;
import dev.pabal.sqs.auth.Authenticator;

/** What all connections of a listener share. */
record Service(
        Actions actions,
        Authenticator authenticator,
        SqsLimits limits,
        Clock clock,
        SharedMemory memory,
        RequestIds ids,
        Responses responses) {
    static Service of(Actions actions, Authenticator authenticator, SqsLimits limits, Clock clock) {
        return new Service(
                actions,
                authenticator,
                limits,
                clock,
                new SharedMemory(limits.memoryBytes()),
                new RequestIds(),
                new Responses());
    }
}
