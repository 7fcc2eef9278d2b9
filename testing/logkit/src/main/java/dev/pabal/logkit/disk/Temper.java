package dev.pabal.logkit.disk;

import java.util.Random;

/** How one crash treats what was not synced: it may lose nearly all, keep nearly all, or anything between, and tear some. */
record Temper(Random random, double kept, double torn) {
    static Temper of(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Temper(random, 0, 0);
            case 1 -> new Temper(random, 1, 0);
            default -> new Temper(random, random.nextDouble(), random.nextDouble() * 0.4);
        };
    }

    boolean keeps() {
        return random.nextDouble() < kept;
    }

    boolean tears() {
        return random.nextDouble() < torn;
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }
}
