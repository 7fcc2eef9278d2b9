package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.testkit.PabalProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while messages are sent, received and deleted over SQS: no accepted message is lost, no deleted one returns, groups keep
 * their order, and what is sent again under its id is there once. 2 kills in a normal build, 20 with the profile {@code faults}.
 */
class SqsKillTest {
    private static final int KILLS = Integer.getInteger("pabal.sqs.kills", 2);
    private static final int BETWEEN_KILLS = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void keepsItsWordOverKills(@TempDir Path data) throws Exception {
        SqsHistory history = new SqsHistory();
        try (PabalProcess broker = PabalProcess.builder(data).start();
                SqsLoad load = new SqsLoad(broker.sqsEndpoint(), history)) {
            load.start();
            for (int kill = 0; kill < KILLS; kill++) {
                awaitWork(history);
                broker.kill();
                broker.restart();
            }
            awaitWork(history);
            load.stopSending();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(load.left())
                    .as("messages left")
                    .isZero());
        }
        assertThat(history.violations())
                .as("after %d kills, %s", KILLS, history)
                .isEmpty();
    }

    private static void awaitWork(SqsHistory history) {
        int sends = history.sends() + BETWEEN_KILLS;
        int deletes = history.deletes() + BETWEEN_KILLS;
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> history.sends() >= sends && history.deletes() >= deletes);
    }
}
