package dev.pabal.kafka.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one directory that the store is in, as clients are told of it.
 *
 * @param name its absolute path
 * @param totalBytes size of its disk, -1 where unknown
 */
public record DataDirectory(String name, long totalBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    /** A store that lives in memory. */
    public static final DataDirectory IN_MEMORY = new DataDirectory("memory", -1);

    /** Looks at the disk once. */
    public static DataDirectory of(Path path) {
        long total = -1;
        try {
            total = Files.getFileStore(path).getTotalSpace();
        } catch (IOException e) {
            LOG.warn("the size of the disk of {} is unknown: {}", path, e.getMessage());
        }
        return new DataDirectory(path.toAbsolutePath().normalize().toString(), total);
    }
}
