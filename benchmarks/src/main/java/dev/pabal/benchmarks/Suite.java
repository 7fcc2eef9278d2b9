package dev.pabal.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** One side-by-side run: a broker of the field against Pabal, both driven by that broker's own tools. */
interface Suite {
    /** As typed: the first argument. */
    String name();

    /** All sections, in the order of running. */
    List<Section> sections();

    /** Who takes turns, Pabal last. */
    List<Contender> contenders(ClassPaths classPaths, Path work);
}
