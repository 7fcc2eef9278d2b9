package dev.pabal.sqs.queue;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.sqs.realm.Realm;

/**
 * A queue as SQS sees it.
 *
 * @param realm whose it is
 * @param name its name in URLs and ARNs
 * @param queue its messages
 * @param attributes what holds for it, at the moment of looking
 */
public record SqsQueue(Realm realm, String name, MessageQueue queue, QueueAttributes attributes) {
    /** Its name in the catalog, which AMQP and Kafka clients see. */
    public String storedName() {
        return queue.definition().name();
    }

    public String arn() {
        return realm.arn(name);
    }
}
