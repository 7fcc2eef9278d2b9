package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static dev.pabal.broker.queue.QueueBroker.options;
import static dev.pabal.broker.queue.QueueBroker.settle;
import static dev.pabal.broker.queue.QueueBroker.settleDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.queue.QueueBroker.Collector;
import dev.pabal.broker.queue.Settlement.Outcome;
import dev.pabal.log.LogId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the entries of views go to the journal: together, unless somebody waits for them. */
class JournalGatheringTest {
    private final QueueBroker broker = new QueueBroker();
    private final Collector consumer = new Collector();
    private MessageQueue queue;
    private List<Collector.Received> received;
    private long before;

    @BeforeEach
    void deliver() {
        queue = broker.queue("orders", Map.of());
        await(queue.subscribe(options(100), consumer));
        broker.publish(queue, "0", "1", "2", "3");
        await().until(() -> consumer.received().size() == 4);
        broker.passGathering(queue);
        received = consumer.received();
        before = appends();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** Appends to the shard's journal; each is one record. */
    private long appends() {
        LogId journal = new LogId(RunningQueues.JOURNAL, queue.definition().shard());
        return Objects.requireNonNull(broker.store.find(journal)).appendedEnd();
    }

    private void acknowledge(int message) {
        queue.settle(settle(Outcome.ACK, received.get(message)));
        settleDown(queue);
    }

    @Test
    void settlementsOfManyTurnsAreAppendedAsOneAfterAFewMilliseconds() {
        acknowledge(0);
        broker.passMs(1);
        acknowledge(2);
        broker.passMs(ShardQueues.GATHER_MS - 2);
        settleDown(queue);
        assertThat(appends()).isEqualTo(before);
        broker.passMs(1);
        settleDown(queue);
        assertThat(appends()).isEqualTo(before + 1);
        broker.passGathering(queue);
        assertThat(appends()).as("nothing more has gathered").isEqualTo(before + 1);
    }

    @Test
    void whoeverWaitsUntilItIsDurableWaitsForNoTime() {
        acknowledge(0);
        broker.publish(queue, "4");
        assertThat(appends()).isEqualTo(before);
        await(queue.purge());
        assertThat(appends()).isEqualTo(before + 1);
    }

    @Test
    void theFirstMessageOfAPriorityIsDeliveredThoughNoTimePasses() {
        MessageQueue lanes = broker.queue("lanes", Map.of("x-max-priority", 3));
        Collector other = new Collector();
        await(lanes.subscribe(options(100), other));
        await(broker.publishing(lanes, QueueBroker.properties(2, null, Map.of()), "urgent"));
        await().until(() -> other.bodies().equals(List.of("urgent")));
    }

    @Test
    void aStopInOrderKeepsWhatHasGathered() {
        acknowledge(0);
        acknowledge(1);
        assertThat(appends()).isEqualTo(before);
        try (QueueBroker again = broker.restarted()) {
            assertThat(QueueBroker.takeAll(again.find("orders"))).containsExactly("2", "3");
        }
    }
}
