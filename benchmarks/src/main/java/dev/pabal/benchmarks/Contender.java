package dev.pabal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A broker that can be started on a folder; all of them are driven by the same clients. */
interface Contender {
    /** As it stands in the tables. */
    String name();

    /** Makes an empty folder ready for a first start; what this takes counts as part of a start on an empty disk. */
    default void prepare(Path data) throws IOException {
        Files.createDirectories(data);
    }

    /** Starts the broker and returns at once. */
    Broker start(Path data) throws IOException;
}
