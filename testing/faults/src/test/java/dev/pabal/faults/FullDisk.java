package dev.pabal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own that is filled up and emptied by one file. */
final class FullDisk implements AutoCloseable {
    private static final long LEFT_BYTES = 8L << 20;

    private final Path mount;

    private FullDisk(Path mount) {
        this.mount = mount;
    }

    static FullDisk mount(Path folder) throws Exception {
        Commands.requireRootAnd("mount", "umount", "fallocate");
        Path mount = Files.createDirectory(folder.resolve("small"));
        Commands.run("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", mount.toString());
        return new FullDisk(mount);
    }

    Path data() {
        return mount.resolve("data");
    }

    /** Leaves room for little. */
    void fill() throws Exception {
        long length = Files.getFileStore(mount).getUsableSpace() - LEFT_BYTES;
        Commands.run("fallocate", "-l", Long.toString(length), ballast().toString());
    }

    void empty() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return mount.resolve("ballast");
    }

    @Override
    public void close() throws Exception {
        Commands.run("umount", "--lazy", mount.toString());
    }
}
