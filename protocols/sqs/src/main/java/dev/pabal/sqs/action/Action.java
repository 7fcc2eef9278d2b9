package dev.pabal.sqs.action;

import java.util.concurrent.CompletableFuture;

/**
 * One of SQS's 23 actions. Called on the connection's event loop; must not wait. What it refuses it throws, or completes with, as
 * {@code dev.pabal.sqs.wire.SqsException}; a {@code dev.pabal.broker.BrokerException} is translated by whoever writes the answer.
 */
public interface Action {
    /** As clients say it: {@code SendMessage}. */
    String name();

    CompletableFuture<Reply> perform(Call call);
}
