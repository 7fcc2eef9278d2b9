package dev.pabal.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
    private static final int SLAB = 4096;

    private final SlabPool pool = new SlabPool(SLAB, 4 * SLAB);

    private Slab take() {
        return Objects.requireNonNull(pool.take(SLAB));
    }

    /** A slab with one group that no segment holds yet. */
    private Slab fill() {
        Slab slab = take();
        slab.groupAdded();
        pool.filled(slab);
        return slab;
    }

    @Test
    void withinTheBudgetNewMemoryIsAllocatedAndBeyondItTheFlusherIsWaitedFor() {
        for (int i = 0; i < 4; i++) {
            fill();
        }
        assertThat(pool.take(SLAB)).isNull();
        assertThat(pool.starved()).isTrue();
        assertThat(pool.allocatedBytes()).isEqualTo(4 * SLAB);
    }

    @Test
    void theOldestDrainedSlabIsTakenAgain() {
        Slab first = fill();
        Slab second = fill();
        fill();
        fill();
        second.groupDrained();
        assertThat(pool.take(SLAB)).as("the oldest is not drained").isNull();
        first.groupDrained();
        assertThat(take()).isSameAs(first);
        assertThat(pool.starved()).isFalse();
        assertThat(take()).isSameAs(second);
    }

    @Test
    void aSlabThatAReaderHoldsIsNotWrittenToAndNotWaitedFor() {
        Slab held = fill();
        held.hold();
        for (int i = 0; i < 3; i++) {
            fill().groupDrained();
        }
        held.groupDrained();
        for (int i = 0; i < 3; i++) {
            assertThat(take()).isNotSameAs(held);
        }
        held.release();
        assertThat(take()).isSameAs(held);
    }

    @Test
    void readersThatHoldEverythingDoNotStopTheJournal() {
        for (int i = 0; i < 4; i++) {
            Slab slab = fill();
            slab.hold();
            slab.groupDrained();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(pool.take(SLAB)).isNotNull();
        }
        assertThat(pool.take(SLAB)).as("there is a bound to that").isNull();
    }

    @Test
    void aLargeAppendGetsMemoryOfItsOwnThatDoesNotStay() {
        Slab large = Objects.requireNonNull(pool.take(3 * SLAB));
        assertThat(large.sizeInBytes()).isEqualTo(3 * SLAB);
        large.groupAdded();
        pool.filled(large);
        fill();
        assertThat(pool.take(SLAB)).isNull();
        large.groupDrained();
        assertThat(pool.take(SLAB)).isNull();
        assertThat(pool.allocatedBytes()).isEqualTo(SLAB);
        assertThat(pool.take(SLAB)).isNotNull();
    }

    @Test
    void evictionGivesTheMemoryBack() {
        fill().groupDrained();
        fill().groupDrained();
        fill();
        pool.evictDrained();
        assertThat(pool.allocatedBytes()).isEqualTo(SLAB);
    }
}
