package dev.pabal.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.queue.Arrivals.Arrival;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals();

    @Test
    void aLargeBatchThatWasRefusedDoesNotHoldUpASmallOneInItsPlace() {
        Arrival large = arrival(100, 100);
        Arrival small = arrival(100, 10);
        arrivals.add(large);
        assertThat(arrivals.refuseLast()).isSameAs(large);
        arrivals.add(small);
        assertThat(arrivals.poll(110)).isSameAs(small);
        assertThat(arrivals.poll(110)).isNull();
    }

    @Test
    void whatIsNotDurableWaits() {
        Arrival first = arrival(0, 5);
        arrivals.add(first);
        arrivals.add(arrival(5, 5));
        assertThat(arrivals.poll(4)).isNull();
        assertThat(arrivals.poll(9)).isSameAs(first);
        assertThat(arrivals.poll(9)).isNull();
    }

    private static Arrival arrival(long base, int records) {
        return new Arrival(base, records, 1, 0, List.of());
    }
}
