package dev.pabal.logkit;

import static dev.pabal.logkit.LogReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.Durability;
import dev.pabal.log.Log;
import dev.pabal.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules of {@link Log#release}: what was released may be gone, everything else is there. */
abstract class ReleaseContract extends VolatileContract {
    @Test
    void whatWasReleasedMayGoAndTheRestStays() throws Exception {
        for (Durability durability : Durability.values()) {
            Log log = store.open(
                    id(durability.ordinal()), LogConfig.DEFAULT.keepForever().withDurability(durability));
            for (String value : List.of("a", "b", "c", "d", "e")) {
                append(log, value);
            }
            log.release(1, 3);
            checkReleased(log);
            subject.flush();
            checkReleased(log);
            subject.applyRetention();
            checkReleased(log);
        }
    }

    private static void checkReleased(Log log) {
        assertThat(values(log)).containsSubsequence("a", "d", "e").isSubsetOf("a", "b", "c", "d", "e");
        assertThat(LogReader.values(LogReader.read(log, 2, Long.MAX_VALUE, MIB)))
                .endsWith("d", "e");
        assertThat(log.startOffset()).isZero();
        assertThat(log.durableEnd()).isEqualTo(5);
    }

    @Test
    void aBatchGoesWithTheLastOfItsRecordsOnly() throws Exception {
        Log log = open();
        append(log, "a", "b", "c");
        log.release(0, 2);
        log.release(-5, 0);
        log.release(3, 100);
        subject.flush();
        subject.applyRetention();
        assertThat(values(log)).containsExactly("a", "b", "c");
        log.release(2, 100);
        subject.applyRetention();
        assertThat(values(log)).isSubsetOf("a", "b", "c");
    }

    @Test
    void aLogOfWhichEverythingWasReleasedGoesOnWhereItEnded() throws Exception {
        for (boolean flushed : new boolean[] {false, true}) {
            Log log = open(id(flushed ? 1 : 2));
            append(log, "a");
            append(log, "b");
            if (flushed) {
                subject.flush();
            }
            log.release(0, 2);
            subject.applyRetention();
            subject.flush();
            assertThat(LogReader.values(LogReader.read(log, 0, Long.MAX_VALUE, MIB)))
                    .isSubsetOf("a", "b");
            assertThat(append(log, "c").baseOffset()).isEqualTo(2);
            assertThat(values(log)).endsWith("c");
        }
        crash();
        for (int i = 1; i <= 2; i++) {
            assertThat(open(id(i)).appendedEnd()).isEqualTo(3);
            assertThat(values(open(id(i)))).endsWith("c");
        }
        restart();
        assertThat(append(open(id(1)), "d").baseOffset()).isEqualTo(3);
        assertThat(values(open(id(1)))).endsWith("c", "d");
    }

    @Test
    void releasedTrimmedAndDeletedGoTogether() throws Exception {
        Log log = open();
        for (int i = 0; i < 10; i++) {
            append(log, "v" + i);
        }
        subject.flush();
        log.release(4, 8);
        await(log.trim(6));
        subject.applyRetention();
        assertThat(values(log)).containsSubsequence("v8", "v9").isSubsetOf("v6", "v7", "v8", "v9");
        await(log.trim(9));
        assertThat(values(log)).containsExactly("v9");
        log.release(0, 10);
        await(store.delete(List.of(ID)));
        log.release(0, 10);
        assertThat(store.find(ID)).isNull();
    }

    @Test
    void whatWasNotReleasedIsThereAfterEveryLife() throws Exception {
        Random random = new Random(11);
        List<byte[]> kept = new ArrayList<>();
        for (int life = 0; life < 6; life++) {
            Log log = open();
            for (int i = 0; i < 30; i++) {
                long base = appendAndWait(log, Batches.ofSize(200 + random.nextInt(3_000), random.nextLong()))
                        .baseOffset();
                if (random.nextInt(10) == 0) {
                    kept.addAll(LogReader.read(log, base, base + 1, MIB));
                } else {
                    log.release(base, base + 1);
                }
                if (i == 15) {
                    subject.flush();
                }
            }
            assertThat(LogReader.readAll(log, 10_000)).containsSubsequence(kept);
            subject.flush();
            subject.applyRetention();
            assertThat(LogReader.readAll(log, 10_000)).containsSubsequence(kept);
            if (life % 2 == 0) {
                crash();
            } else {
                restart();
            }
        }
        assertThat(LogReader.readAll(open(), MIB)).containsSubsequence(kept);
    }
}
