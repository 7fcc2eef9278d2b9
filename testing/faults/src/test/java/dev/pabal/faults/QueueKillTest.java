package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.testkit.PabalProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while publishers and consumers of queues go on: no confirmed message is lost, nothing that was settled comes back once that was
 * durable, and nothing comes again without its flag. A few kills in every build; {@code mvn -Pfaults} does 20.
 */
class QueueKillTest {
    private static final int KILLS = Integer.getInteger("pabal.queue.kills", 2);
    private static final int QUEUES = 3;
    private static final long MESSAGES_BETWEEN_KILLS = 1_000;

    @Test
    void keepsWhatItConfirmedAndWhatWasSettled(@TempDir Path data) throws Exception {
        try (PabalProcess broker = PabalProcess.builder(data).start();
                QueueLoad load = QueueLoad.start(broker.amqpPort(), QUEUES)) {
            QueueHistory history = load.history();
            for (int kill = 0; kill < KILLS; kill++) {
                long confirms = history.confirms();
                long settles = history.settles();
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> history.confirms() > confirms + MESSAGES_BETWEEN_KILLS
                                && history.settles() > settles + MESSAGES_BETWEEN_KILLS
                                && history.hasDurableSettles());
                broker.kill();
                history.killed();
                broker.restart();
            }
            assertThat(load.finish()).as("messages left in the queues").isZero();
            System.out.println("kill -9 of queues: " + KILLS + " times, " + history);
            assertThat(history.violations()).isEmpty();
            assertThat(history.durableSettles()).as("evidence: %s", history).isPositive();
            assertThat(history.redeliveries()).as("evidence: %s", history).isPositive();
        }
    }
}
