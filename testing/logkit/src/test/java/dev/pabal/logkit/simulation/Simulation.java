package dev.pabal.logkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Log;
import dev.pabal.logkit.BatchBuilder;
import dev.pabal.logkit.Batches;
import dev.pabal.logkit.ManualClock;
import dev.pabal.logkit.RecordingState;
import dev.pabal.logkit.disk.CrashException;
import dev.pabal.logkit.disk.DiskOperation;
import dev.pabal.logkit.disk.SimulatedDisk;
import dev.pabal.logkit.simulation.StoreStarter.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * The random lives of one store on one simulated disk: appends, trims, deletions, checkpoints, full disks, failing ones, stops, kills and
 * power cuts, also in the middle of a recovery. After each start the model is compared with what is there. One seed is one history.
 */
final class Simulation {
    private static final long SEGMENT_BYTES = 48 << 10;
    private static final int IDLE_STEPS = 10_000;

    private final StoreStarter starter;
    private final Random random;
    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private SimulatedDisk disk;
    private Running running;
    private final StoreModel model;
    /** What happened, folded into a number: equal seeds must give equal numbers. */
    private long trace;

    private long appends;
    private long refused;
    private int lives = 1;

    Simulation(StoreStarter starter, long seed) throws Exception {
        this.starter = starter;
        this.random = new Random(seed);
        this.disk = new SimulatedDisk(random.nextLong());
        this.running = start();
        this.model = new StoreModel(SEGMENT_BYTES);
        model.attach(running.store());
    }

    private Running start() throws Exception {
        return starter.start(disk, clock, id -> new RecordingState());
    }

    /** Lives through {@code steps} random steps and a last restart. */
    long run(int steps) throws Exception {
        for (int i = 0; i < 2 + random.nextInt(8); i++) {
            addLog();
        }
        plantFaults();
        for (int i = 0; i < steps; i++) {
            step();
            if (running.store().failure().isDone()) {
                endLife();
            }
        }
        endLife();
        disk.heal();
        disk.capacityInBytes(Long.MAX_VALUE);
        settle();
        model.checkLive(4_000);
        stop();
        return trace;
    }

    int lives() {
        return lives;
    }

    long appends() {
        return appends;
    }

    /** Appends that a full or failed disk refused. */
    long refused() {
        return refused;
    }

    long releasedAndGone() {
        return model.releasedAndGone();
    }

    long removals(Policy policy) {
        return model.removals(policy);
    }

    private void addLog() {
        Policy[] policies = Policy.values();
        model.newLog(policies[random.nextBoolean() ? 0 : random.nextInt(policies.length)]);
    }

    private void step() throws Exception {
        int kind = random.nextInt(1000);
        if (kind < 530) {
            append();
        } else if (kind < 760) {
            work(1 + random.nextInt(6));
        } else if (kind < 820) {
            settle();
        } else if (kind < 900) {
            clock.advanceMs(random.nextInt(12_000));
        } else if (kind < 930) {
            trim();
        } else if (kind < 940) {
            releaseSome();
        } else if (kind < 950) {
            delete();
        } else if (kind < 955) {
            addLog();
        } else if (kind < 985) {
            checkLive(1 + random.nextInt(20_000));
        } else {
            endLife();
        }
    }

    private void checkLive(int maxBytes) {
        if (!disk.stopped()) {
            model.checkLive(maxBytes);
        }
    }

    private LogModel anyLog() {
        List<LogModel> alive = model.alive();
        return alive.get(random.nextInt(alive.size()));
    }

    private void append() {
        LogModel log = anyLog();
        ByteBuffer[] batches = new ByteBuffer[1 + (random.nextInt(6) == 0 ? random.nextInt(4) : 0)];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch(log.policy == Policy.COMPACT ? 12 : 1_000_000);
        }
        boolean taken = model.append(log, Batches.concat(batches));
        trace = trace * 31 + (taken ? 1 : 2);
        appends += taken ? 1 : 0;
        refused += taken ? 0 : 1;
    }

    private ByteBuffer batch(int keys) {
        int bytes =
                switch (random.nextInt(20)) {
                    case 0 -> 8_000 + random.nextInt(4_000);
                    case 1 -> 500 + random.nextInt(5_000);
                    default -> random.nextInt(300);
                };
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        BatchBuilder batch = new BatchBuilder().timestampMs(clock.wallMs()).record(key(keys), value);
        for (int more = random.nextInt(3); more > 0; more--) {
            batch.record(key(keys), new byte[more]);
        }
        return batch.build();
    }

    private byte[] key(int keys) {
        return Integer.toString(random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
    }

    private void trim() {
        LogModel log = anyLog();
        Log open = model.open(log);
        long room = open.durableEnd() - open.startOffset();
        model.trim(log, open.startOffset() + (room == 0 ? 0 : random.nextInt((int) room + 1)));
    }

    /** A few stretches of a log, so that what stays lies between holes, or nearly all of it. */
    private void releaseSome() {
        LogModel log = anyLog();
        Log open = model.open(log);
        long start = open.startOffset();
        int room = (int) (open.durableEnd() - start);
        if (random.nextInt(3) == 0) {
            model.release(log, start + (room == 0 ? 0 : random.nextInt(room)), open.durableEnd() - random.nextInt(3));
        }
        for (int i = random.nextInt(8); room > 0 && i > 0; i--) {
            long from = start + random.nextInt(room);
            model.release(log, from, Math.min(open.durableEnd(), from + 1 + random.nextInt(40)));
        }
    }

    private void delete() {
        if (model.alive().size() > 1) {
            model.delete(anyLog());
        }
    }

    private void work(int times) {
        for (int i = 0; i < times; i++) {
            running.work();
            model.poll();
        }
    }

    /** Lets the store finish what it has to do; then all that was taken is durable, unless the disk failed. */
    private void settle() {
        int left = IDLE_STEPS;
        while (running.work()) {
            assertThat(left--).as("a store comes to rest").isPositive();
        }
        model.poll();
        if (!running.store().failure().isDone()) {
            for (LogModel log : model.alive()) {
                assertThat(log.acknowledgedEnd()).as("%s is at rest", log).isEqualTo(log.appendedEnd());
            }
        }
    }

    /** What goes wrong in the life that begins. */
    private void plantFaults() {
        disk.capacityInBytes(Long.MAX_VALUE);
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> disk.crashAt(1 + random.nextInt(120));
            case 3 -> disk.failAt(DiskOperation.SYNC, 1 + random.nextInt(40));
            case 4 -> disk.failAt(DiskOperation.WRITE, 1 + random.nextInt(80));
            case 5 -> disk.failAt(DiskOperation.RENAME, 1 + random.nextInt(3));
            case 6 -> disk.capacityInBytes((400 + random.nextInt(400)) << 10);
            default -> {}
        }
    }

    private void endLife() throws Exception {
        lives++;
        int way = random.nextInt(5);
        if (way == 4 && !running.store().failure().isDone()) {
            stop();
        }
        boolean powerLost = way < 3 || disk.stopped();
        model.poll();
        disk = powerLost ? disk.crash() : disk.kill();
        startUntilItLives(powerLost);
        trace = trace * 31 + disk.operations();
        plantFaults();
    }

    private void stop() {
        running.store().close();
        model.poll();
    }

    /** Starts, now and then with the power going again during recovery, and compares further recoveries with the first. */
    private void startUntilItLives(boolean powerLost) throws Exception {
        boolean lost = powerLost;
        while (random.nextInt(4) == 0) {
            dieInRecovery();
            lost = true;
        }
        SimulatedDisk twin = disk.copy(random.nextLong());
        twin.capacityInBytes(Long.MAX_VALUE);
        running = startWithSpace();
        model.recovered(running.store(), lost);
        String first = StoreModel.fingerprint(running.store());
        assertThat(StoreModel.fingerprint(
                        starter.start(twin, clock, id -> new RecordingState()).store()))
                .as("two recoveries of one disk")
                .isEqualTo(first);
        disk = disk.crash();
        running = startWithSpace();
        assertThat(StoreModel.fingerprint(running.store()))
                .as("the second recovery")
                .isEqualTo(first);
        model.recovered(running.store(), true);
        model.adopt();
    }

    /** A disk that others have filled may have no room for a checkpoint: then a start fails, and the next one with room does not. */
    private Running startWithSpace() throws Exception {
        try {
            return start();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            disk.capacityInBytes(Long.MAX_VALUE);
            return start();
        }
    }

    private void dieInRecovery() throws Exception {
        disk.capacityInBytes(Long.MAX_VALUE);
        disk.crashAt(1 + random.nextInt(12));
        try {
            running = start();
            for (int i = 0; i < 20 && running.work(); i++) {
                trace = trace * 31 + 4;
            }
        } catch (CrashException e) {
            trace = trace * 31 + 3;
        }
        disk = disk.crash();
    }
}
