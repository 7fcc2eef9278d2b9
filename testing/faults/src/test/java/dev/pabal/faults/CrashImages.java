package dev.pabal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk whose state at any moment can be had: an ext4 in a file that lies on an XFS with reflinks. A copy of the file holds what had
 * reached the block device, and nothing of the page cache: what is left after the power is cut.
 *
 * <pre>
 *  folder/base.img    XFS, mounted on folder/base
 *           disk.img      ext4, mounted on folder/disk: the broker's
 *           cut.img       reflink copy of disk.img, mounted on folder/cut
 * </pre>
 */
final class CrashImages implements AutoCloseable {
    private static final String BASE_SIZE = "12g";
    private static final String DISK_SIZE = "3g";

    private final Path base;
    private final Path disk;
    private final Path cut;

    private CrashImages(Path folder) throws IOException {
        base = Files.createDirectories(folder.resolve("base"));
        disk = Files.createDirectories(folder.resolve("disk"));
        cut = Files.createDirectories(folder.resolve("cut"));
    }

    static CrashImages create(Path folder) throws Exception {
        CrashImages images = new CrashImages(folder);
        String file = folder.resolve("base.img").toString();
        Commands.run("truncate", "-s", BASE_SIZE, file);
        Commands.run("mkfs.xfs", "-q", "-m", "reflink=1", file);
        Commands.run("mount", "-o", "loop", file, images.base.toString());
        try {
            Commands.run("truncate", "-s", DISK_SIZE, images.image("disk"));
            Commands.run("mkfs.ext4", "-q", images.image("disk"));
            Commands.run("mount", "-o", "loop", images.image("disk"), images.disk.toString());
            return images;
        } catch (IOException e) {
            images.close();
            throw e;
        }
    }

    /** Where the broker under load keeps its data. */
    Path disk() {
        return disk;
    }

    /** Cuts the power of a copy: what the disk holds at this moment. */
    void cutPower() throws Exception {
        Commands.run("cp", "--reflink=always", image("disk"), image("cut"));
    }

    /** Mounts the last copy, as a machine does that has power again. */
    Path mountCut() throws Exception {
        Commands.run("mount", "-o", "loop", image("cut"), cut.toString());
        return cut;
    }

    void removeCut() throws Exception {
        Commands.run("umount", cut.toString());
        Files.delete(Path.of(image("cut")));
    }

    @Override
    public void close() throws Exception {
        for (Path mounted : new Path[] {cut, disk, base}) {
            if (Files.readString(Path.of("/proc/self/mounts")).contains(" " + mounted + " ")) {
                Commands.run("umount", mounted.toString());
            }
        }
    }

    private String image(String name) {
        return base.resolve(name + ".img").toString();
    }
}
