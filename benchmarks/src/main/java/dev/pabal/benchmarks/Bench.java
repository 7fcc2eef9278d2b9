package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What every section needs: the contenders in turn, fresh folders, tools and options. */
final class Bench {
    private final Options options;
    private final List<Contender> contenders;
    private final Tools tools;
    private final PerfTest perfTest;
    private final SqsLoad.Runner sqs;
    private final AtomicInteger folders = new AtomicInteger();

    Bench(Options options, List<Contender> contenders, Tools tools, PerfTest perfTest, SqsLoad.Runner sqs) {
        this.options = options;
        this.contenders = contenders;
        this.tools = tools;
        this.perfTest = perfTest;
        this.sqs = sqs;
    }

    /** One contender's turn. */
    @FunctionalInterface
    interface Turn {
        void run(Contender contender, Path data) throws IOException;
    }

    Options options() {
        return options;
    }

    Tools tools() {
        return tools;
    }

    PerfTest perfTest() {
        return perfTest;
    }

    SqsLoad.Runner sqs() {
        return sqs;
    }

    /** Gives each contender its turn on an empty folder, A B A B, as many rounds as asked for; the folder is removed after the turn. */
    void takeTurns(String section, Turn turn) throws IOException {
        takeTurns(section, turn, options.rounds());
    }

    void takeTurns(String section, Turn turn, int rounds) throws IOException {
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                System.err.println("  " + section + ", round " + round + " of " + rounds + ": " + contender.name());
                Path data =
                        options.work().resolve(contender.name().toLowerCase(Locale.ROOT) + folders.incrementAndGet());
                remove(data);
                try {
                    turn.run(contender, data);
                } finally {
                    remove(data);
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
