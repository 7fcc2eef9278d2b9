package dev.pabal.sqs.queue;

import dev.pabal.broker.queue.MessageQueue;

/**
 * A queue as SQS sees it.
 *
 * @param name its name in URLs and ARNs
 * @param queue its messages
 * @param attributes what holds for it, at the moment of looking
 */
public record SqsQueue(String name, MessageQueue queue, QueueAttributes attributes) {}
