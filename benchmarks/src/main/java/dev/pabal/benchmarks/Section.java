package dev.pabal.benchmarks;

import java.io.IOException;

/** One block of the page, which can be run by itself. */
interface Section {
    String name();

    /** Runs all rounds and returns what was measured. */
    Report run(Bench bench) throws IOException;
}
