package dev.pabal.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.testkit.PabalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut under load, many times: every image of the disk, recovered, holds all that was acknowledged before it was taken. A build
 * whose disk lies must be convicted by the same test. Runs with {@code mvn -Ppowercut}.
 */
class PowerCutTest {
    private static final int IMAGES = Integer.getInteger("pabal.images", 0);
    private static final int PARTITIONS = 4;
    private static final int RECORDS_PER_SECOND = 400;
    private static final int RED_IMAGES = 20;
    private static final int MIN_CONVICTIONS = 3;

    @BeforeEach
    void onlyInItsProfile() {
        Assumptions.assumeTrue(IMAGES > 0, "crash images are taken with mvn -Ppowercut");
        Commands.requireRootAnd("mkfs.xfs", "mkfs.ext4", "losetup", "mount", "cp");
    }

    @Test
    void everyImageHoldsWhatWasAcknowledged(@TempDir Path folder) throws Exception {
        List<String> findings = takeImages(folder, IMAGES, null);
        assertThat(findings).isEmpty();
    }

    @Test
    void aBuildThatAcknowledgesBeforeTheSyncIsConvicted(@TempDir Path folder) throws Exception {
        List<String> findings = takeImages(folder, RED_IMAGES, LyingDisk.jvmFlag(folder.resolve("lying")));
        System.out.println(
                "power cut: the lying build is convicted by " + findings.size() + " of " + RED_IMAGES + " images");
        assertThat(findings).as("images that convict the lying build").hasSizeGreaterThanOrEqualTo(MIN_CONVICTIONS);
    }

    /** Runs a broker under load, takes and judges images, and returns what is wrong, one line for each image that is. */
    private static List<String> takeImages(Path folder, int count, String jvmFlag) throws Exception {
        List<String> findings = new ArrayList<>();
        long judged = 0;
        try (CrashImages images = CrashImages.create(folder)) {
            PabalProcess.Builder builder = PabalProcess.builder(images.disk().resolve("data"));
            if (jvmFlag != null) {
                builder.jvmFlags(jvmFlag);
            }
            try (PabalProcess broker = builder.start();
                    Load load = Load.start(broker.bootstrapServers(), PARTITIONS, RECORDS_PER_SECOND)) {
                for (int i = 0; i < count; i++) {
                    long before = load.acknowledgedCount();
                    await().atMost(Duration.ofSeconds(60)).until(() -> load.acknowledgedCount() > before + 200);
                    List<Load.Acknowledged> promised = load.acknowledgedSoFar();
                    images.cutPower();
                    String finding = judge(images, promised);
                    if (!finding.isEmpty()) {
                        findings.add("image " + i + ": " + finding);
                    }
                    judged += promised.size();
                }
                load.stopProducing();
            }
        }
        System.out.println("power cut: " + count + " images, " + judged + " promises looked up, " + findings.size()
                + " images convict");
        return findings;
    }

    /** Recovers an image and looks for every promise in it; an empty text where all are kept. */
    private static String judge(CrashImages images, List<Load.Acknowledged> promised) throws Exception {
        Path data = images.mountCut().resolve("data");
        try {
            if (!Files.exists(data)) {
                return "the data directory is gone";
            }
            Map<String, String> found = new HashMap<>();
            try (PabalProcess broker = PabalProcess.builder(data).start()) {
                for (ConsumerRecord<String, String> record : Load.drain(broker.bootstrapServers(), PARTITIONS, null)) {
                    found.put(record.partition() + "@" + record.offset(), record.value());
                }
            } catch (IllegalStateException | AssertionError | org.apache.kafka.common.KafkaException e) {
                return "the broker does not serve it: " + e.getMessage();
            }
            long lost = promised.stream()
                    .filter(p -> !p.value().equals(found.get(p.partition() + "@" + p.offset())))
                    .count();
            long values = found.values().stream().distinct().count();
            if (values != found.size()) {
                return found.size() - values + " values are stored twice";
            }
            return lost == 0 ? "" : lost + " of " + promised.size() + " acknowledged records are lost";
        } finally {
            images.removeCut();
        }
    }
}
