package dev.pabal.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A load on one queue, and how it is run: by {@link SqsDriver} in a process of its own, so that the clients' CPU is told from the broker's.
 *
 * @param what as it stands in the table
 * @param queue made where it is not there
 * @param fifo 1,000 message groups, ids for deduplication
 * @param batch messages in a request, 1 = requests for single messages
 * @param connections threads, each with a connection of its own
 */
record SqsLoad(String what, String queue, boolean fifo, int batch, int connections) {
    private static final int MAX_EXTRA_SECONDS = 120;
    private static final Pattern RESULT =
            Pattern.compile("messages=(\\d+) perSecond=([\\d.]+) receivedPerSecond=([\\d.]+)");

    /**
     * What a run gave.
     *
     * @param messages deleted in all, the warm-up included
     * @param perSecond deleted in a second after the warm-up
     * @param receivedPerSecond received in a second of what one connection spends on receiving, after the warm-up
     */
    record Result(double messages, double perSecond, double receivedPerSecond) {}

    /** Runs loads. */
    static final class Runner {
        private final ClassPaths classPaths;

        Runner(ClassPaths classPaths) {
            this.classPaths = classPaths;
        }

        /** Runs for so many seconds, of which the first third is warm-up. */
        Result run(Broker broker, SqsLoad load, int seconds) throws IOException {
            List<String> command = List.of(
                    classPaths.java(),
                    "-Xmx1g",
                    "-cp",
                    System.getProperty("java.class.path"),
                    SqsDriver.class.getName(),
                    "http://" + broker.bootstrap(),
                    load.queue(),
                    Boolean.toString(load.fifo()),
                    Integer.toString(load.batch()),
                    Integer.toString(load.connections()),
                    Integer.toString(seconds));
            String out = BoundedProcess.output("the driver", command, seconds + MAX_EXTRA_SECONDS);
            Matcher found = RESULT.matcher(out);
            if (!found.find()) {
                throw new IllegalStateException("the driver printed no result:\n" + out);
            }
            return new Result(
                    Double.parseDouble(found.group(1)),
                    Double.parseDouble(found.group(2)),
                    Double.parseDouble(found.group(3)));
        }
    }
}
