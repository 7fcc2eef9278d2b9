package dev.pabal.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** {@code benchmarks/run rabbitmq}. */
final class RabbitSuite implements Suite {
    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public List<Section> sections() {
        return List.of(
                new ThroughputSection(),
                new PaceSection(),
                new BacklogSection(),
                new QueuesSection(),
                new DelayedSection());
    }

    @Override
    public List<Contender> contenders(ClassPaths classPaths, Path work) {
        return List.of(new RabbitContender(work), new PabalContender(classPaths, work, PabalContender.Listener.AMQP));
    }
}
