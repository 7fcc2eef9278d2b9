package dev.pabal.broker;

import static dev.pabal.broker.TestBroker.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.broker.queue.ConsumerOptions;
import dev.pabal.broker.queue.Deliveries;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.QueueConsumer;
import dev.pabal.broker.topology.Topology;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.Queue;
import dev.pabal.log.LogConfig;
import dev.pabal.log.memory.MemoryLogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the topology declares runs, and what runs tells the topology when it should go. */
class QueuesOfTopologyTest {
    private static final UUID ME = new UUID(1, 1);

    private final MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());

    @Test
    void everyAnswerToADeclarationComesWhenTheQueueRuns() {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            List<CompletableFuture<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                running.add(declare(t, "q" + i / 4, true, false)
                        .thenApply(queue -> t.broker.queues().find(queue.id()) != null
                                && t.broker.partition(queue.name(), 0) != null));
            }
            assertThat(running).allMatch(TestBroker::await);
            assertThat(t.broker.catalog().queues("/")).hasSize(50);
        }
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer() {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Queue queue = await(declare(t, "auto", true, true));
            MessageQueue running = t.broker.queues().find(queue.id());
            MessageQueue.Subscription first = await(running.subscribe(options("one"), new Idle()));
            MessageQueue.Subscription second = await(running.subscribe(options("two"), new Idle()));
            first.close();
            assertThat(t.broker.catalog().queue(queue.id())).isNotNull();
            second.close();
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> t.broker.catalog().queue(queue.id()) == null);
        }
    }

    @Test
    void aQueueInUseStaysWhereItWasToGoOnlyIfUnused() {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Queue queue = await(declare(t, "used", true, false));
            MessageQueue running = t.broker.queues().find(queue.id());
            await(running.subscribe(options("one"), new Idle()));

            assertThatThrownBy(() -> await(topology(t).deleteQueue("/", "used", true, false, ME)))
                    .hasMessage("queue 'used' in vhost '/' in use");
            assertThat(await(topology(t).deleteQueue("/", "used", false, false, ME)))
                    .isZero();
            assertThat(t.broker.queues().find(queue.id())).isNull();
        }
    }

    @Test
    void aPolicyReachesTheRunningQueue() {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Queue queue = await(declare(t, "limited", true, false));
            await(topology(t)
                    .administration()
                    .setPolicy(new Policy("/", "p", "^lim", "queues", Map.of("max-length", 3), 0, false)));
            assertThat(t.broker.queues().find(queue.id()).settings().view().maxLength())
                    .isEqualTo(3);
            Queue later = await(declare(t, "limited-too", true, false));
            assertThat(t.broker.queues().find(later.id()).settings().view().maxLength())
                    .isEqualTo(3);
        }
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.queues().find("/", "limited").settings().policy())
                    .isEqualTo("p");
        }
    }

    @Test
    void aPolicySaysHowLongAStreamKeepsItsMessages() {
        Map<String, Object> said =
                Map.of("max-age", "2h", "max-length-bytes", 5_000_000, "stream-max-segment-size-bytes", 2_000_000);
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Queue stream = await(topology(t)
                    .declareQueue(
                            "/",
                            "stream",
                            true,
                            false,
                            false,
                            Map.of("x-queue-type", "stream", "x-max-age", "1h", "x-max-length-bytes", 70),
                            ME));
            await(topology(t).administration().setPolicy(new Policy("/", "p", "^str", "streams", said, 0, false)));
            LogConfig log = t.broker.partition(stream.id(), 0).config().log();
            assertThat(log.retentionMs()).isEqualTo(7_200_000);
            assertThat(log.retentionBytes()).isEqualTo(5_000_000);
            assertThat(log.segmentBytes()).isEqualTo(2_000_000);
            Queue later = await(
                    topology(t).declareQueue("/", "str2", true, false, false, Map.of("x-queue-type", "stream"), ME));
            assertThat(t.broker.partition(later.id(), 0).config().log().retentionMs())
                    .isEqualTo(7_200_000);
        }
        try (TestBroker t = new TestBroker(store, Map.of())) {
            Queue stream = t.broker.catalog().queue("/", "stream");
            assertThat(t.broker.partition(stream.id(), 0).config().log().retentionMs())
                    .isEqualTo(7_200_000);
            await(topology(t).administration().deletePolicy("/", "p", false));
            LogConfig log = t.broker.partition(stream.id(), 0).config().log();
            assertThat(log.retentionMs()).isEqualTo(3_600_000);
            assertThat(log.retentionBytes()).isEqualTo(70);
        }
    }

    @Test
    void whatIsDurableIsThereAfterARestartWithItsRoutes() {
        try (TestBroker t = new TestBroker(store, Map.of())) {
            await(declare(t, "stays", true, false));
            await(declare(t, "goes", false, false));
            await(topology(t).declareExchange("/", "x", "fanout", true, false, false, Map.of()));
        }
        try (TestBroker t = new TestBroker(store, Map.of())) {
            assertThat(t.broker.queues().find("/", "stays")).isNotNull();
            assertThat(t.broker.queues().find("/", "goes")).isNull();
            assertThat(topology(t).routes("/").exchange("x")).isNotNull();
        }
    }

    private static Topology topology(TestBroker t) {
        return t.broker.topology();
    }

    private static CompletableFuture<Queue> declare(TestBroker t, String name, boolean durable, boolean autoDelete) {
        return topology(t).declareQueue("/", name, durable, false, autoDelete, Map.of(), ME);
    }

    private static ConsumerOptions options(String tag) {
        return new ConsumerOptions(tag, "test", true, false, 0, Integer.MAX_VALUE, -1);
    }

    /** Takes what comes and keeps nothing. */
    private static final class Idle implements QueueConsumer {
        @Override
        public void deliver(Deliveries deliveries) {
            deliveries.close();
        }

        @Override
        public void cancelled(Reason reason) {}
    }
}
