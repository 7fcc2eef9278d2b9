package dev.pabal.queue;

import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * The seeds of a random test: some fixed ones, those that have failed once, and others at random. {@code -Dpabal.seed=N} runs that one only, or
 * with {@code -Dpabal.runs=N} as many from there on; {@code -Dpabal.runs=N} alone runs as many at random, for a soak.
 */
final class Seeds {
    /** From one seed to the next: what {@link Random} draws first hardly differs between neighbours, and a soak would make one choice only. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** @param random how many at random, where nothing else is wanted */
    static void each(String what, LongStream fixed, int random, LongConsumer run) {
        Long given = Long.getLong("pabal.seed");
        Integer wanted = Integer.getInteger("pabal.runs");
        if (given == null) {
            fixed.forEach(seed -> run(seed, run));
        }
        int runs = wanted != null ? wanted : given != null ? 1 : random;
        long first = given != null ? given : new Random().nextInt(1 << 30);
        System.out.println(runs + " random runs of " + what + " from seed " + first + " on");
        LongStream.iterate(first, seed -> seed + STRIDE).limit(runs).forEach(seed -> run(seed, run));
    }

    private static void run(long seed, LongConsumer run) {
        try {
            run.accept(seed);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dpabal.seed=" + seed, e);
        }
    }
}
