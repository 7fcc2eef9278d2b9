package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.LogException;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.CrashException;
import dev.pabal.logkit.disk.SimulatedDisk;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One scripted life (creation, appends, checkpoints, a trim, a deletion, a clean stop, a second life), cut at each operation on the disk. */
class CrashAtEveryOperationTest {
    private final ManualClock clock = new ManualClock(1_700_000_000_000L);

    private Running start(SimulatedDisk disk) throws IOException {
        return LocalStores.start(disk, clock, id -> new RecordingState());
    }

    /** Goes through the script as far as the disk lets it; the model knows how far that was. */
    private void script(SimulatedDisk disk, StoreModel model) {
        List<LogModel> logs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            logs.add(model.newLog(Policy.KEEP));
        }
        try {
            Running running = start(disk);
            model.attach(running.store());
            for (int i = 0; i < 40 && !disk.stopped(); i++) {
                act(model, logs, i);
                if (i % 3 == 2) {
                    settle(running, model);
                }
            }
            running.store().close();
            model.poll();
            running = start(disk);
            model.recovered(running.store(), false);
            model.adopt();
            for (int i = 40; i < 50 && !disk.stopped(); i++) {
                act(model, logs, i);
                settle(running, model);
            }
        } catch (IOException e) {
            assertThat(e).isInstanceOf(CrashException.class);
        }
    }

    private void act(StoreModel model, List<LogModel> logs, int step) {
        if (step == 20) {
            model.delete(logs.remove(3));
        }
        LogModel log = logs.get(step % logs.size());
        if (step == 15) {
            model.trim(log, log.acknowledgedEnd());
        }
        model.append(log, Batches.concat(Batches.ofSize(step % 7 == 0 ? 6_000 : 90, step), Batches.of("step " + step)));
        if (step % 11 == 10) {
            clock.advanceMs(11_000);
        }
    }

    private static void settle(Running running, StoreModel model) {
        try {
            for (int i = 0; i < 200 && running.work(); i++) {
                model.poll();
            }
        } catch (LogException e) {
            assertThat(running.store().failure()).isDone();
        }
        model.poll();
    }

    @Test
    void noMomentIsABadOne() throws Exception {
        SimulatedDisk dry = new SimulatedDisk(0);
        script(dry, new StoreModel(16 << 10));
        long operations = dry.operations();
        assertThat(operations).isGreaterThan(100);
        for (long seed = 1; seed <= Integer.getInteger("pabal.rounds", 2); seed++) {
            for (long at = 1; at <= operations; at++) {
                try {
                    crashAt(at, seed * 10_000 + at);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError("crash at operation " + at + ", round " + seed, e);
                }
            }
        }
    }

    private void crashAt(long operation, long seed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk(seed);
        StoreModel model = new StoreModel(16 << 10);
        disk.crashAt(operation);
        script(disk, model);
        disk = disk.crash();
        Running running = start(disk);
        model.recovered(running.store(), true);
        String first = StoreModel.fingerprint(running.store());
        disk = disk.crash();
        running = start(disk);
        assertThat(StoreModel.fingerprint(running.store())).isEqualTo(first);
        model.recovered(running.store(), true);
        model.adopt();
        for (LogModel log : model.alive()) {
            assertThat(model.append(log, Batches.of("after"))).isTrue();
        }
        settle(running, model);
        model.checkLive(3_000);
        running.store().close();
        model.recovered(start(disk).store(), false);
    }
}
