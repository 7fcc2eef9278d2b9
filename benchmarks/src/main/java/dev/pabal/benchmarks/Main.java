package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code benchmarks/run kafka}: Kafka and Pabal in turn, and the tables of {@code docs/benchmarks.md}. */
public final class Main {
    private static final List<Section> SECTIONS = List.of(
            new ProduceSection(),
            new ConsumeSection(),
            new LatencySection(),
            new StartSection(),
            new PartitionsSection(),
            new StoredSection());

    private Main() {}

    /** @param args the project's folder, then what {@link Options#USAGE} says */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toAbsolutePath();
        try {
            run(
                    root,
                    Options.parse(
                            root,
                            List.of(args).subList(1, args.length).toArray(String[]::new),
                            SECTIONS.stream().map(Section::name).toList()));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void run(Path root, Options options) throws IOException {
        Files.createDirectories(options.work());
        ClassPaths classPaths = new ClassPaths(root);
        List<Contender> contenders = Stream.<Contender>of(
                        new KafkaContender(classPaths, options.work()), new PabalContender(classPaths, options.work()))
                .filter(contender -> options.brokers().contains(contender.name().toLowerCase(Locale.ROOT)))
                .toList();
        Bench bench = new Bench(options, contenders, new Tools(classPaths));
        for (Section section : SECTIONS) {
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
