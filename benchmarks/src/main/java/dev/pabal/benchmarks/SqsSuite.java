package dev.pabal.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** {@code benchmarks/run elasticmq}. */
final class SqsSuite implements Suite {
    @Override
    public String name() {
        return "elasticmq";
    }

    @Override
    public List<Section> sections() {
        return List.of(new SqsThroughputSection(), new SqsBacklogSection(), new SqsWakeSection());
    }

    @Override
    public List<Contender> contenders(ClassPaths classPaths, Path work) {
        return List.of(
                new ElasticMqContender(classPaths, work),
                new PabalContender(classPaths, work, PabalContender.Listener.SQS));
    }
}
