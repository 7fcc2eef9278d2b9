package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.logkit.disk.CrashException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is judged: a store with a mistake must be convicted soon, or its silence about sound ones means nothing. */
class PlantedFaultsTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 150;

    private static Arguments fault(String name, StoreStarter starter) {
        return Arguments.of(name, starter);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                fault(
                        "the journal is not synced",
                        (disk, clock, states) -> LocalStores.start(
                                FaultyFileStore.withoutSyncs(disk, name -> name.startsWith("journal")), clock, states)),
                fault(
                        "segments are not synced before the checkpoint",
                        (disk, clock, states) -> LocalStores.start(
                                FaultyFileStore.withoutSyncs(disk, name -> name.startsWith("segment")), clock, states)),
                fault(
                        "the checkpoint is not synced",
                        (disk, clock, states) -> LocalStores.start(
                                FaultyFileStore.withoutSyncs(disk, name -> name.startsWith("checkpoint")),
                                clock,
                                states)),
                fault(
                        "the directory is not synced",
                        (disk, clock, states) ->
                                LocalStores.start(FaultyFileStore.withoutDirectorySyncs(disk), clock, states)),
                fault(
                        "the last group is lost",
                        (disk, clock, states) -> LocalStores.start(
                                FaultyFileStore.withoutLastWrite(disk, name -> name.startsWith("journal-0")),
                                clock,
                                states)),
                fault(
                        "appends are acknowledged before the sync",
                        (disk, clock, states) ->
                                FaultyStore.acknowledgingAtOnce(LocalStores.start(disk, clock, states))),
                fault(
                        "batches are reordered",
                        (disk, clock, states) -> FaultyStore.reordering(LocalStores.start(disk, clock, states))),
                fault(
                        "bytes are served unverified",
                        (disk, clock, states) ->
                                FaultyStore.servingUnverified(LocalStores.start(disk, clock, states))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void mistakes(String name, StoreStarter starter) {
        int convicted = 0;
        for (long seed = 1; seed <= SEEDS && convicted == 0; seed++) {
            try {
                new Simulation(starter, seed).run(STEPS);
            } catch (CrashException e) {
                throw new AssertionError("the simulation itself failed", e);
            } catch (Exception | AssertionError e) {
                convicted++;
            }
        }
        assertThat(convicted).as("%s: convicted within %s seeds", name, SEEDS).isPositive();
    }
}
