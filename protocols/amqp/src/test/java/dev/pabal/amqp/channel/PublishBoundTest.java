package dev.pabal.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.BrokerOptions;
import dev.pabal.broker.BrokerRuntime;
import dev.pabal.broker.ShardLoop;
import dev.pabal.log.memory.MemoryLogStore;
import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import dev.pabal.log.seam.Clock;
import dev.pabal.message.BatchMemory;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published and not stored yet is bounded for all connections together. */
class PublishBoundTest {
    private static final int TOTAL_BYTES = 512 << 10;

    private final SharedMemory memory = new SharedMemory(
            new Budget(1000),
            new BatchMemory(1 << 20),
            new Budget(TOTAL_BYTES),
            new Budget(TOTAL_BYTES),
            new Budget(TOTAL_BYTES),
            new Budget(TOTAL_BYTES));
    private final MemoryLogStore store = new MemoryLogStore(BrokerRuntime.states());
    private final AtomicReference<Thread> loopThread = new AtomicReference<>();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "loop");
        made.setDaemon(true);
        loopThread.set(made);
        return made;
    });
    private final BrokerRuntime broker = BrokerRuntime.start(
            BrokerOptions.of(Map.of()),
            store,
            List.of(new ShardLoop(loop, () -> Thread.currentThread() == loopThread.get())),
            Clock.SYSTEM);
    private final FakeLink first = new FakeLink(memory, broker);
    private final FakeLink second = new FakeLink(memory, broker);
    private final ServerChannel firsts = first.channel(1);
    private final ServerChannel seconds = second.channel(1);

    @BeforeEach
    void prepare() throws Exception {
        for (int i = 0; i < 10; i++) {
            broker.topology()
                    .declareQueue("/", "q" + i, true, false, false, Map.of(), new UUID(1, 1))
                    .get(20, TimeUnit.SECONDS);
        }
        Sent.open(firsts);
        Sent.open(seconds);
        store.durabilityMode(DurabilityMode.MANUAL);
    }

    @AfterEach
    void stop() {
        store.durabilityMode(DurabilityMode.IMMEDIATE);
        store.makeDurable();
        broker.close();
        loop.shutdownNow();
    }

    private static void publish(FakeLink link, ServerChannel channel, String queue, int bytes) {
        Sent.message(channel, queue, new byte[bytes]);
        link.publishes().flush();
        assertThat(link.failure).isNull();
    }

    @Test
    void whoPublishesMoreThanASmallShareIsNotReadWhereOthersHaveTheRest() {
        publish(second, seconds, "q0", 100 << 10);
        assertThat(second.suspensions).as("as long as there is enough").isZero();
        for (int i = 0; i < 10; i++) {
            publish(first, firsts, "q" + i, TOTAL_BYTES / 10);
        }
        assertThat(memory.underWayBytes().isOverdrawn()).isTrue();
        assertThat(first.suspensions).isEqualTo(1);
        publish(second, seconds, "q0", 1);
        assertThat(second.suspensions).isEqualTo(1);

        store.makeDurable();
        assertThat(first.suspensions).isZero();
        assertThat(second.suspensions).isZero();
        assertThat(memory.underWayBytes().left()).isEqualTo(TOTAL_BYTES);
    }

    @Test
    void aSmallShareIsEverybodys() {
        for (int i = 0; i < 10; i++) {
            publish(first, firsts, "q" + i, TOTAL_BYTES / 10);
        }
        publish(second, seconds, "q0", 10 << 10);
        assertThat(second.suspensions).isZero();
    }

    @Test
    void whatIdleChannelsKeepForTheirNextBodyLeavesRoomForOthers() {
        byte[] half = new byte[30_000];
        for (int i = 2; i < 30; i++) {
            ServerChannel channel = first.channel(i);
            Sent.open(channel);
            Sent.announce(channel, "q0", 2 * half.length);
            Sent.body(channel, half);
            Sent.body(channel, half);
            first.publishes().flush();
            assertThat(first.failure).isNull();
            store.makeDurable();
        }
        assertThat(memory.incompleteBytes().left()).isBetween(TOTAL_BYTES / 2 - 60_000L, TOTAL_BYTES - 60_000L);
    }

    @Test
    void whatAMessageTookOfItsPropertiesIsGivenBackWhenItIsWhole() {
        Sent.announce(firsts, "q0", 3, 100_000);
        assertThat(memory.incompleteBytes().left()).isEqualTo(TOTAL_BYTES - 100_013);
        Sent.body(firsts, new byte[3]);
        assertThat(first.failure).isNull();
        assertThat(memory.incompleteBytes().left()).isEqualTo(TOTAL_BYTES);
        Sent.announce(firsts, "q0", 0, 100_000);
        assertThat(memory.incompleteBytes().left()).isEqualTo(TOTAL_BYTES);
    }
}
