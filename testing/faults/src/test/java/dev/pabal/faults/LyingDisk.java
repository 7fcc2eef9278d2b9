package dev.pabal.faults;

import dev.pabal.log.seam.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/**
 * A build of core/log that acknowledges before the sync: its disk takes writes through the page cache and does not sync. The judges must
 * convict it. It is the real source with two lines changed, compiled into a folder of its own, which a JVM loads before the real classes.
 */
final class LyingDisk {
    private static final String DISK = "DiskFileStore.java";
    private static final String SYNC = "channel.force(false);";
    private static final String DIRECT = "this.directWorks = blocksFit(volume);";

    private LyingDisk() {}

    /** The flag with which a JVM of the broker runs on the lying disk. */
    static String jvmFlag(Path folder) throws IOException {
        Path sources = Path.of("../../core/log/src/main/java").toAbsolutePath().normalize();
        Path mutant = Files.createDirectories(folder.resolve("source")).resolve(DISK);
        Files.writeString(mutant, mutated(sources));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString()));
        arguments.addAll(List.of("-cp", pathOf(NullMarked.class)));
        try (Stream<Path> all = Files.walk(sources)) {
            all.filter(path -> path.toString().endsWith(".java") && !path.endsWith(DISK))
                    .forEach(path -> arguments.add(path.toString()));
        }
        arguments.add(mutant.toString());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the lying build does not compile");
        }
        return "-Xbootclasspath/a:" + classes;
    }

    private static String mutated(Path sources) throws IOException {
        String packagePath = FileStore.class.getPackageName().replace('.', '/');
        String source = Files.readString(sources.resolve(packagePath).resolve(DISK));
        if (!source.contains(SYNC) || !source.contains(DIRECT)) {
            throw new IllegalStateException(DISK + " has changed: name the lines anew that make it honest");
        }
        return source.replace(SYNC, "").replace(DIRECT, "this.directWorks = false;");
    }

    private static String pathOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }
}
