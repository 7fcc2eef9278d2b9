package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random lives of the local store. {@code -Dpabal.seed=N} replays one seed, {@code -Dpabal.seeds=N} runs that many; the profile
 * {@code simulation} runs a great many.
 */
class SimulationTest {
    private static final int STEPS = 150;

    @Test
    void noLifeBreaksTheWordThatWasGiven() throws Exception {
        Long only = Long.getLong("pabal.seed");
        long first = only == null ? 1 : only;
        long count = only == null ? Integer.getInteger("pabal.seeds", 150) : 1;
        long lives = 0;
        long appends = 0;
        long refused = 0;
        long compacted = 0;
        long retained = 0;
        long released = 0;
        for (long seed = first; seed < first + count; seed++) {
            Simulation simulation = simulate(seed);
            lives += simulation.lives();
            appends += simulation.appends();
            refused += simulation.refused();
            compacted += simulation.removals(Policy.COMPACT);
            retained += simulation.removals(Policy.RETAIN);
            released += simulation.releasedAndGone();
        }
        // Evidence that something happened at all.
        assertThat(lives).isGreaterThan(count);
        assertThat(appends).isGreaterThan(20 * count);
        if (count >= 100) {
            assertThat(refused).isPositive();
            assertThat(compacted).isPositive();
            assertThat(retained).isPositive();
            assertThat(released).isGreaterThan(count);
        }
    }

    private static Simulation simulate(long seed) {
        try {
            Simulation simulation = new Simulation(LocalStores::start, seed);
            simulation.run(STEPS);
            return simulation;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + " (replay with -Dpabal.seed=" + seed + ")", e);
        }
    }

    @Test
    void equalSeedsAreEqualHistories() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(new Simulation(LocalStores::start, seed).run(STEPS))
                    .as("seed %s", seed)
                    .isEqualTo(new Simulation(LocalStores::start, seed).run(STEPS));
        }
    }
}
