package dev.pabal.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** {@code benchmarks/run kafka}. */
final class KafkaSuite implements Suite {
    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Section> sections() {
        return List.of(
                new ProduceSection(),
                new ConsumeSection(),
                new LatencySection(),
                new StartSection(),
                new PartitionsSection(),
                new StoredSection());
    }

    @Override
    public List<Contender> contenders(ClassPaths classPaths, Path work) {
        return List.of(
                new KafkaContender(classPaths, work),
                new PabalContender(classPaths, work, PabalContender.Listener.KAFKA));
    }
}
