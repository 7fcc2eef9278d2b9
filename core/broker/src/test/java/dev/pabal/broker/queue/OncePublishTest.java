package dev.pabal.broker.queue;

import static dev.pabal.broker.queue.QueueBroker.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.memory.MemoryLogStore.DurabilityMode;
import dev.pabal.queue.IndexEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OncePublishTest {
    private static final long WINDOW_MS = 300_000;
    private static final Map<String, Object> FIFO =
            Map.of("x-journaled", true, "x-groups", "ordered", "x-dedup-window", WINDOW_MS);

    private QueueBroker broker = new QueueBroker();
    private MessageQueue queue = broker.queue("orders.fifo", FIFO);

    @AfterEach
    void stop() {
        broker.close();
    }

    private CompletableFuture<long[]> send(FifoMessages.Sent... messages) {
        return queue.publishOnce(new FifoMessages(broker.clock, List.of(messages)));
    }

    private static FifoMessages.Sent message(String group, String id, String body) {
        return new FifoMessages.Sent(group, id, body);
    }

    private List<String> receive(int most) {
        List<String> bodies = new ArrayList<>();
        try (Deliveries all = await(
                queue.receive(new ReceiveOptions(most, 1 << 20, 30_000, 0)).answer())) {
            for (int i = 0; all != null && i < all.size(); i++) {
                bodies.add(QueueBroker.body(all, i));
            }
        }
        return bodies;
    }

    private void deleteAll() {
        try (Deliveries all =
                await(queue.receive(new ReceiveOptions(10, 1 << 20, 30_000, 0)).answer())) {
            for (int i = 0; all != null && i < all.size(); i++) {
                await(queue.delete(new Receipts(new long[] {all.offset(i)}, new int[] {all.generation(i)})));
            }
        }
    }

    @Test
    void aRepeatedIdAnswersItsFirstAndIsNotTakenAgain() {
        long first = await(send(message("g", "1", "a")))[0];
        assertThat(await(send(message("g", "1", "b"), message("g", "2", "c")))).containsExactly(first, first + 1);
        assertThat(receive(10)).containsExactly("a", "c");
    }

    @Test
    void twoOfOneIdInOneBatchAreOne() {
        assertThat(await(send(message("g", "1", "a"), message("g", "1", "b")))).containsExactly(0, 0);
        assertThat(receive(10)).containsExactly("a");
    }

    @Test
    void whoRepeatsAnIdThatIsUnderWayWaitsForTheFirst() {
        await(send(message("g", "0", "before")));
        broker.store.durabilityMode(DurabilityMode.MANUAL);
        CompletableFuture<long[]> first = send(message("g", "1", "a"));
        CompletableFuture<long[]> second = send(message("g", "1", "b"));
        await(queue.status());
        assertThat(second).isNotDone();
        broker.store.durabilityMode(DurabilityMode.IMMEDIATE);
        broker.store.makeDurable();
        assertThat(await(second)).containsExactly(await(first));
    }

    @Test
    void anIdIsRememberedThroughDeletionPurgeCrashAndRestartAndForgottenAfterTheWindow() {
        await(send(message("g", "1", "a")));
        deleteAll();
        await(queue.purge());
        reopened(broker.crashed());
        assertThat(await(send(message("g", "1", "b")))).containsExactly(0);
        reopened(broker.restarted());
        broker.passMs(WINDOW_MS - 1);
        assertThat(await(send(message("g", "1", "c")))).containsExactly(0);
        broker.passMs(1);
        assertThat(await(send(message("g", "1", "d")))[0]).isPositive();
        assertThat(receive(10)).containsExactly("d");
    }

    @Test
    void groupsAreInOrderAndLockedAlsoAfterACrash() {
        await(send(message("a", "1", "a1"), message("b", "2", "b1"), message("a", "3", "a2")));
        await(send(message("a", "4", "a3")));
        assertThat(receive(2)).containsExactly("a1", "a2");
        reopened(broker.crashed());
        assertThat(receive(10)).containsExactly("b1");
        broker.passMs(30_001);
        assertThat(receive(10))
                .containsExactlyInAnyOrder("a1", "a2", "a3", "b1")
                .containsSubsequence("a1", "a2", "a3");
    }

    @Test
    void aFullMemoryOfIdsForgetsTheClaimsOfWhatIsRefused() {
        Map<String, Object> limited = Map.of(
                "x-journaled",
                true,
                "x-groups",
                "ordered",
                "x-dedup-window",
                WINDOW_MS,
                "x-max-length",
                1,
                "x-overflow",
                "reject-publish");
        queue = broker.queue("small.fifo", limited);
        await(send(message("g", "1", "a")));
        assertThat(send(message("g", "2", "b")).handle((offsets, error) -> error))
                .succeedsWithin(Duration.ofSeconds(20))
                .isNotNull();
        deleteAll();
        await(queue.status());
        assertThat(await(send(message("g", "2", "b")))).containsExactly(1);
    }

    @Test
    void clearingForgetsTheIdsDurably() {
        await(send(message("g", "1", "a")));
        await(queue.clear());
        reopened(broker.crashed());
        assertThat(await(send(message("g", "1", "b")))).containsExactly(1);
        reopened(broker.restarted());
        assertThat(await(send(message("g", "1", "c")))).containsExactly(1);
        assertThat(receive(10)).containsExactly("b");
    }

    @Test
    void anotherDelayHoldsForWhatWaitsAlready() {
        queue = broker.queue("late.fifo", with("x-delay-ms", 900_000));
        await(send(message("g", "1", "a")));
        assertThat(receive(10)).isEmpty();
        await(broker.broker.topology().changeQueue("/", "late.fifo", before -> with("x-delay-ms", 0)));
        broker = broker.crashed();
        queue = broker.find("late.fifo");
        assertThat(receive(10)).containsExactly("a");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> await(
                        broker.broker.topology().changeQueue("/", "late.fifo", before -> Map.of("x-journaled", true)))))
                .hasMessageContaining("x-groups");
    }

    private static Map<String, Object> with(String name, Object value) {
        Map<String, Object> arguments = new HashMap<>(FIFO);
        arguments.put(name, value);
        arguments.put("x-sqs", Map.of("attributes", Map.of("DelaySeconds", "900"), "created", 17L));
        return arguments;
    }

    private void reopened(QueueBroker after) {
        broker = after;
        queue = broker.find("orders.fifo");
    }

    @Test
    void anIdThatTheRecordDoesNotHaveIsNotClaimedForEver() {
        assertThat(await(queue.publishOnce(underOtherIds(message("g", "1", "a")))))
                .containsExactly(0);
        assertThat(await(queue.publishOnce(underOtherIds(message("g", "2", "b")))))
                .containsExactly(1);
        assertThat(receive(10)).containsExactly("a", "b");
    }

    /** As where the scope of ids has changed between the claim and the append. */
    private OnceBatch underOtherIds(FifoMessages.Sent message) {
        FifoMessages messages = new FifoMessages(broker.clock, List.of(message));
        return new OnceBatch() {
            @Override
            public List<IndexEntry.Dedup> ids() {
                return List.of(new IndexEntry.Dedup(1, 2));
            }

            @Override
            public PublishBatch make(BitSet fresh) {
                return messages.make(fresh);
            }
        };
    }
}
