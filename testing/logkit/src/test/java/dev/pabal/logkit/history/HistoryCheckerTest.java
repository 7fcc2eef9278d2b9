package dev.pabal.logkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.logkit.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge is judged: it must convict every planted fault, of the right kind, and no innocent. */
class HistoryCheckerTest {
    /** A sound broker's random life: some producers, one log for each partition, answers that get lost, consumers that move. */
    private static final class Life {
        final Random random;
        final List<List<Attempt>> logs = new ArrayList<>();
        final History history = new History();
        final int partitions;

        Life(long seed) {
            random = new Random(seed);
            partitions = 1 + random.nextInt(3);
            for (int p = 0; p < partitions; p++) {
                logs.add(new ArrayList<>());
            }
        }

        void produce(int count) {
            for (int i = 0; i < count; i++) {
                int partition = random.nextInt(partitions);
                Attempt attempt = history.sent("producer" + random.nextInt(3), "t-" + partition, "v" + i);
                int fate = random.nextInt(20);
                if (fate == 0) {
                    history.refused(attempt);
                } else if (fate != 1) {
                    List<Attempt> log = logs.get(partition);
                    log.add(attempt);
                    if (fate > 3) {
                        history.acknowledged(attempt, fate == 4 ? -1 : log.size() - 1);
                    }
                }
            }
        }

        /** Reads a partition in pieces, some of them twice after a move. */
        void consume(String consumer, int partition, int upTo) {
            int at = 0;
            history.moved(consumer, "t-" + partition, 0);
            while (at < upTo) {
                int to = Math.min(upTo, at + 1 + random.nextInt(10));
                for (; at < to; at++) {
                    history.consumed(
                            consumer, "t-" + partition, at, logs.get(partition).get(at).value);
                }
                if (random.nextInt(8) == 0) {
                    at = random.nextInt(at + 1);
                    history.moved(consumer, "t-" + partition, at);
                }
            }
        }

        void live() {
            produce(20 + random.nextInt(200));
            for (int p = 0; p < partitions; p++) {
                int end = logs.get(p).size();
                consume("early", p, end == 0 ? 0 : random.nextInt(end));
                if (random.nextInt(4) > 0) {
                    consume("late", p, end);
                }
            }
        }

        void drain() {
            for (int p = 0; p < partitions; p++) {
                consume("drain", p, logs.get(p).size());
            }
            history.drained();
        }
    }

    @Test
    void aSoundBrokerIsAcquitted() {
        long first = Long.getLong("pabal.seed", 1);
        for (long seed = first; seed < first + 500; seed++) {
            Life life = new Life(seed);
            life.live();
            if (seed % 2 == 0) {
                life.drain();
            }
            assertThat(HistoryChecker.check(life.history))
                    .as("replay with -Dpabal.seed=%s", seed)
                    .isEmpty();
        }
    }

    @Test
    void whatWasTrimmedNeedNotBeSeen() {
        History history = new History();
        history.acknowledged(history.sent("p", "t", "a"), 0);
        history.acknowledged(history.sent("p", "t", "b"), 1);
        history.trimmed("t", 1);
        history.moved("c", "t", 0);
        history.consumed("c", "t", 1, "b");
        history.drained();
        assertThat(HistoryChecker.check(history)).isEmpty();
        assertThat(history.summary()).isEqualTo(new History.Summary(2, 2, 0, 0, 1));
    }

    private static Arguments fault(String name, Kind kind, Consumer<History> life) {
        return Arguments.of(name, kind, life);
    }

    /** Ten records of one producer, acknowledged at their offsets. */
    private static void ten(History history) {
        for (int i = 0; i < 10; i++) {
            history.acknowledged(history.sent("p", "t", "v" + i), i);
        }
    }

    private static void read(History history, String consumer, int... offsets) {
        for (int offset : offsets) {
            history.consumed(consumer, "t", offset, "v" + offset);
        }
    }

    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    static Stream<Arguments> plantedFaults() {
        return Stream.of(whatIsStored(), whereItIsStored(), whatConsumersSee()).flatMap(faults -> faults);
    }

    private static Stream<Arguments> whatIsStored() {
        return Stream.of(
                fault("the tail is gone after a crash", Kind.LOST, h -> {
                    ten(h);
                    read(h, "c", 0, 1, 2, 3, 4, 5, 6, 7);
                    h.drained();
                }),
                fault("a hole, found without a drain", Kind.LOST, h -> {
                    ten(h);
                    read(h, "c", 0, 1, 2, 3, 5, 6);
                }),
                fault("everything is gone", Kind.LOST, h -> {
                    ten(h);
                    h.drained();
                }),
                fault("acknowledged without an offset and lost", Kind.LOST, h -> {
                    h.acknowledged(h.sent("p", "t", "x"), -1);
                    h.drained();
                }),
                fault("a value out of nowhere", Kind.GHOST, h -> {
                    ten(h);
                    read(h, "c", ALL);
                    h.consumed("c", "t", 10, "invented");
                }),
                fault("a refused value was stored", Kind.GHOST, h -> {
                    h.refused(h.sent("p", "t", "x"));
                    h.consumed("c", "t", 0, "x");
                }),
                fault("a value shows up in another partition", Kind.GHOST, h -> {
                    h.sent("p", "t", "x");
                    h.consumed("c", "u", 0, "x");
                }),
                fault("an idempotent retry was stored twice", Kind.DUPLICATE, h -> {
                    ten(h);
                    read(h, "c", ALL);
                    h.consumed("c", "t", 10, "v9");
                }),
                fault("a maybe was stored twice", Kind.DUPLICATE, h -> {
                    h.sent("p", "t", "x");
                    h.consumed("c", "t", 0, "x");
                    h.consumed("c", "t", 1, "x");
                }));
    }

    private static Stream<Arguments> whereItIsStored() {
        return Stream.of(
                fault("stored elsewhere than acknowledged", Kind.MISPLACED, h -> {
                    h.acknowledged(h.sent("p", "t", "x"), 4);
                    h.consumed("c", "t", 5, "x");
                }),
                fault("two acknowledgements name one offset", Kind.OFFSET_CLASH, h -> {
                    ten(h);
                    h.acknowledged(h.sent("q", "t", "x"), 9);
                }),
                fault("an offset was given again after a crash", Kind.OFFSET_CLASH, h -> {
                    ten(h);
                    read(h, "c", ALL);
                    h.sent("q", "t", "x");
                    h.moved("d", "t", 9);
                    h.consumed("d", "t", 9, "x");
                }),
                fault("two consumers see two values at one offset", Kind.OFFSET_CLASH, h -> {
                    h.sent("p", "t", "x");
                    h.sent("p", "t", "y");
                    h.consumed("c", "t", 0, "x");
                    h.consumed("d", "t", 0, "y");
                }),
                fault("a later batch overtook an earlier one", Kind.REORDERED, h -> {
                    h.acknowledged(h.sent("p", "t", "x"), 1);
                    h.acknowledged(h.sent("p", "t", "y"), 0);
                }),
                fault("a maybe overtook what was sent before", Kind.REORDERED, h -> {
                    h.acknowledged(h.sent("p", "t", "x"), 3);
                    h.sent("p", "t", "y");
                    h.consumed("c", "t", 2, "y");
                }));
    }

    private static Stream<Arguments> whatConsumersSee() {
        return Stream.of(
                fault("a consumer passes over a record", Kind.SKIPPED, h -> {
                    ten(h);
                    read(h, "c", ALL);
                    read(h, "d", 0, 1, 2, 4, 5);
                }),
                fault("a consumer starts too late", Kind.SKIPPED, h -> {
                    ten(h);
                    read(h, "c", ALL);
                    h.moved("d", "t", 3);
                    read(h, "d", 5, 6);
                }),
                fault("a consumer goes back by itself", Kind.NONMONOTONIC, h -> {
                    ten(h);
                    read(h, "c", 0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 8, 9);
                }),
                fault("a consumer gets a record twice", Kind.NONMONOTONIC, h -> {
                    ten(h);
                    read(h, "c", 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9);
                }),
                fault("a consumer is sent below its position", Kind.NONMONOTONIC, h -> {
                    ten(h);
                    h.moved("c", "t", 5);
                    read(h, "c", 4, 5, 6);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void plantedFaults(String name, Kind kind, Consumer<History> life) {
        History history = new History();
        life.accept(history);
        Set<Kind> convicted = new HashSet<>();
        HistoryChecker.check(history).forEach(v -> convicted.add(v.kind()));
        assertThat(convicted).as(name).containsExactly(kind);
    }

    @Test
    void faultsAreFoundInLongHistoriesToo() {
        for (long seed = 1; seed <= 50; seed++) {
            Life life = new Life(seed);
            life.live();
            Attempt lost = life.history.sent("other", "t-0", "lost");
            life.history.acknowledged(lost, life.logs.get(0).size());
            life.drain();
            assertThat(HistoryChecker.check(life.history))
                    .extracting(Violation::kind)
                    .containsExactly(Kind.LOST);
        }
    }
}
