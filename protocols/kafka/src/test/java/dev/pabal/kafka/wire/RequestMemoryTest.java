package dev.pabal.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.kafka.KafkaMetrics;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private final RequestMemory memory = new RequestMemory(1_000, KafkaMetrics.NONE);
    private final AtomicInteger resumed = new AtomicInteger();

    @Test
    void whoWaitsGoesOnWhenMemoryIsGivenBack() {
        memory.charge(1_000);
        assertThat(memory.exhausted()).isTrue();
        memory.whenAvailable(resumed::incrementAndGet);
        memory.whenAvailable(resumed::incrementAndGet);
        assertThat(resumed).hasValue(0);
        memory.release(1);
        assertThat(resumed).hasValue(2);
        memory.release(999);
        assertThat(resumed).hasValue(2);
    }

    @Test
    void whoAsksTooLateIsCalledAtOnce() {
        memory.charge(1_000);
        memory.release(1_000);
        memory.whenAvailable(resumed::incrementAndGet);
        assertThat(resumed).hasValue(1);
    }

    @Test
    void oneAtATimeMayGoBeyondTheBoundSoThatSomethingIsEverWhole() {
        Object first = new Object();
        Object second = new Object();
        memory.charge(1_000);
        assertThat(memory.mayGoBeyond(first)).isTrue();
        assertThat(memory.mayGoBeyond(first)).isTrue();
        assertThat(memory.mayGoBeyond(second)).isFalse();
        memory.whenAvailable(resumed::incrementAndGet);
        memory.finish(second);
        assertThat(resumed).hasValue(0);
        memory.finish(first);
        assertThat(resumed).as("the next one's chance").hasValue(1);
        assertThat(memory.mayGoBeyond(second)).isTrue();
    }
}
