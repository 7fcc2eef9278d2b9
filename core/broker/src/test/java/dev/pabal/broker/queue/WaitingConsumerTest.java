package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settleDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer that waits takes what comes before time and limits do, and whoever takes has made room by then, however the threads take turns. */
class WaitingConsumerTest {
    private final QueueBroker broker = new QueueBroker();
    private final Collector consumer = new Collector();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aMessageWhoseTimeWasUpWhenItWasAppendedGoesToTheConsumerThatWaits() {
        MessageQueue queue = broker.queue("brief", Map.of("x-message-ttl", 0));
        await(queue.subscribe(options(10), consumer));
        // Nothing is handed out before the mark of the queue's first messages is durable.
        settleDown(queue);
        PublishBatch batch = broker.batch(queue, QueueBroker.properties(-1, "0", Map.of()), "brief");
        broker.passMs(5);
        await(queue.publish(batch));
        await().until(() -> consumer.bodies().size() == 1);
    }

    @Test
    void whoAsksBetweenAnAppendAndItsTurnDoesNotMakeTheLimitTakeWhatAConsumerWaitsFor() {
        MessageQueue queue = broker.queue("short", Map.of("x-max-length", 1));
        await(queue.subscribe(options(10), consumer));
        settleDown(queue);
        CountDownLatch goOn = new CountDownLatch(1);
        queue.partition().shard().loop().execute(() -> QueueBroker.pause(goOn));
        CompletableFuture<QueueStatus> asked = queue.status();
        broker.publish(queue, "0", "1", "2");
        goOn.countDown();
        assertThat(await(asked).ready()).isZero();
        await().until(() -> consumer.bodies().size() == 3);
    }

    @Test
    void whoIsHandedAMessageMayPublishInItsPlaceAtOnce() {
        MessageQueue queue = broker.queue("full", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        broker.publish(queue, "0");
        CompletableFuture<Object> next = new CompletableFuture<>();
        await(queue.subscribe(options(1), new QueueConsumer() {
            @Override
            public void deliver(Deliveries deliveries) {
                deliveries.close();
                broker.publishing(queue, "1")
                        .whenComplete((done, error) -> next.complete(error == null ? "in" : error));
            }

            @Override
            public void cancelled(Reason reason) {}
        }));
        assertThat(await(next)).isEqualTo("in");
    }

    @Test
    void whoHasPurgedMayPublishAtOnce() {
        MessageQueue queue = broker.queue("full", false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        broker.publish(queue, "0");
        CountDownLatch goOn = new CountDownLatch(1);
        queue.partition().shard().loop().execute(() -> QueueBroker.pause(goOn));
        CompletableFuture<?> next = queue.purge().thenCompose(purged -> broker.publishing(queue, "1"));
        goOn.countDown();
        await(next);
    }
}
