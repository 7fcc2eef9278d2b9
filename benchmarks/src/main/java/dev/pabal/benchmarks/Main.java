package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** {@code benchmarks/run kafka}, {@code rabbitmq} and {@code elasticmq}: two brokers in turn, and the tables of {@code docs/benchmarks.md}. */
public final class Main {
    private static final List<Suite> SUITES = List.of(new KafkaSuite(), new RabbitSuite(), new SqsSuite());

    private Main() {}

    /** @param args the project's folder, then what {@link Options#USAGE} says */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toAbsolutePath();
        try {
            String[] typed = List.of(args).subList(1, args.length).toArray(String[]::new);
            Suite suite = SUITES.stream()
                    .filter(known -> typed.length > 0 && known.name().equals(typed[0]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(Options.USAGE));
            run(root, suite, Options.parse(root, typed, suite));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void run(Path root, Suite suite, Options options) throws IOException {
        Files.createDirectories(options.work());
        ClassPaths classPaths = new ClassPaths(root);
        List<Contender> contenders = suite.contenders(classPaths, options.work()).stream()
                .filter(contender -> options.brokers().contains(contender.name().toLowerCase(Locale.ROOT)))
                .toList();
        Bench bench = new Bench(
                options, contenders, new Tools(classPaths), new PerfTest(classPaths), new SqsLoad.Runner(classPaths));
        for (Section section : suite.sections()) {
            if (options.sections().contains(section.name())) {
                System.err.println(section.name());
                Report report = section.run(bench);
                report.write(
                        options.page(),
                        Instant.now().toString().substring(0, 10),
                        Machine.description(),
                        options.command());
                System.out.println(report.markdown("Just now", Machine.description(), options.command()));
            }
        }
    }
}
