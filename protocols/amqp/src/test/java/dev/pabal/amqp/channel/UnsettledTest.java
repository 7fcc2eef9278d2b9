package dev.pabal.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Settlement.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnsettledTest {
    private final FakeLink link = new FakeLink();
    private final Unsettled unsettled = new Unsettled();
    private final List<String> settled = new ArrayList<>();
    private final NamedOrigin consumer = new NamedOrigin("c", true);
    private final NamedOrigin getter = new NamedOrigin("g", false);

    private final class NamedOrigin extends Origin {
        private final String name;
        private final boolean consumes;

        NamedOrigin(String name, boolean consumes) {
            super(link);
            this.name = name;
            this.consumes = consumes;
        }

        @Override
        @Nullable
        MessageQueue queue() {
            return null;
        }

        @Override
        boolean consumes() {
            return consumes;
        }

        @Override
        void settle(Outcome outcome, long offset, int generation) {
            settled.add(name + offset + "/" + generation + " " + outcome);
        }
    }

    @Test
    void tagsAreDenseAndEachIsSettledOnce() {
        assertThat(unsettled.add(consumer, 10, 1)).isEqualTo(1);
        assertThat(unsettled.add(getter, 20, 2)).isEqualTo(2);
        assertThat(unsettled.count()).isEqualTo(2);
        assertThat(unsettled.consumed()).isEqualTo(1);
        unsettled.settle(2, Outcome.ACK);
        assertThat(settled).containsExactly("g20/2 ACK");
        assertThat(unsettled.contains(2)).isFalse();
        assertThat(unsettled.contains(1)).isTrue();
        assertThat(unsettled.contains(0)).isFalse();
        assertThat(unsettled.contains(3)).isFalse();
        assertThat(unsettled.contains(Long.MIN_VALUE)).isFalse();
        unsettled.settle(1, Outcome.DISCARD);
        assertThat(unsettled.count()).isZero();
        assertThat(unsettled.consumed()).isZero();
        assertThat(unsettled.add(consumer, 30, 0)).isEqualTo(3);
    }

    @Test
    void settlingManyLeavesOutWhatIsSettledAlready() {
        for (int i = 1; i <= 5; i++) {
            unsettled.add(consumer, i, 0);
        }
        unsettled.settle(2, Outcome.RELEASE);
        unsettled.settleUpTo(4, Outcome.ACK);
        assertThat(settled).containsExactly("c2/0 RELEASE", "c1/0 ACK", "c3/0 ACK", "c4/0 ACK");
        assertThat(unsettled.oldest()).isEqualTo(5);
        assertThat(unsettled.newest()).isEqualTo(5);
    }

    @Test
    void deliveriesThatNeedNoSettlingTakeATagOnly() {
        assertThat(unsettled.skip()).isEqualTo(1);
        assertThat(unsettled.add(consumer, 7, 0)).isEqualTo(2);
        assertThat(unsettled.skip()).isEqualTo(3);
        assertThat(unsettled.contains(1)).isFalse();
        assertThat(unsettled.contains(3)).isFalse();
        assertThat(unsettled.count()).isEqualTo(1);
        unsettled.settleUpTo(unsettled.newest(), Outcome.ACK);
        assertThat(settled).containsExactly("c7/0 ACK");
        assertThat(unsettled.skip()).isEqualTo(4);
    }

    @Test
    void whatATransactionHoldsIsFoundOnlyOnceItIsLetGo() {
        unsettled.add(consumer, 1, 0);
        unsettled.add(consumer, 2, 0);
        unsettled.hold(1);
        assertThat(unsettled.contains(1)).isFalse();
        unsettled.settleUpTo(2, Outcome.ACK);
        assertThat(settled).containsExactly("c2/0 ACK");
        assertThat(unsettled.count()).isEqualTo(1);
        unsettled.letGo(1);
        assertThat(unsettled.contains(1)).isTrue();
        unsettled.letGo(99);
        unsettled.settle(1, Outcome.ACK);
        assertThat(unsettled.count()).isZero();
    }

    @Test
    void anOriginThatGivesItsDeliveriesBackItselfIsForgotten() {
        unsettled.add(consumer, 1, 0);
        unsettled.add(getter, 2, 0);
        unsettled.add(consumer, 3, 0);
        assertThat(unsettled.holds(consumer)).isTrue();
        unsettled.forget(consumer);
        assertThat(unsettled.holds(consumer)).isFalse();
        assertThat(unsettled.holds(getter)).isTrue();
        assertThat(unsettled.count()).isEqualTo(1);
        assertThat(unsettled.consumed()).isZero();
        assertThat(settled).isEmpty();
    }

    @Test
    void theRingGrowsAroundWhatIsStuckAndKeepsAllOfIt() {
        unsettled.add(consumer, 1, 1);
        for (int i = 2; i <= 1_000; i++) {
            long tag = unsettled.add(consumer, i, i);
            if (i % 2 == 0) {
                unsettled.settle(tag, Outcome.ACK);
            }
        }
        assertThat(unsettled.oldest()).isEqualTo(1);
        assertThat(unsettled.count()).isEqualTo(500);
        settled.clear();
        unsettled.settleUpTo(unsettled.newest(), Outcome.FAIL);
        assertThat(settled).hasSize(500).startsWith("c1/1 FAIL", "c3/3 FAIL").endsWith("c999/999 FAIL");
    }
}
