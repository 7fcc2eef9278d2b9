package dev.pabal.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of the project as they lie in the working tree, without what builds leave behind and the example that is a project of its own. */
final class Sources {
    private static final Set<String> NOT_OURS = Set.of("spring-boot", "target", "node_modules", ".git", "data");

    /** The folder that holds the root pom, found upwards from the module in which the tests run. */
    static final Path ROOT = root();

    private Sources() {}

    /** All Java files, tests too. */
    static List<Path> java() {
        return files(path -> path.toString().endsWith(".java"));
    }

    /** Java files of the product and its tools, without tests. */
    static List<Path> mainJava() {
        return files(
                path -> path.toString().endsWith(".java") && path.toString().contains("/src/main/java/"));
    }

    /** The poms of the modules, without the root's. */
    static List<Path> modulePoms() {
        return files(path -> path.endsWith("pom.xml") && !path.equals(ROOT.resolve("pom.xml")));
    }

    static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path as people name it: from the root of the project. */
    static String name(Path path) {
        return ROOT.relativize(path).toString();
    }

    private static List<Path> files(Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(Files::isRegularFile)
                    .filter(Sources::isOurs)
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path path) {
        for (Path part : ROOT.relativize(path)) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests must run somewhere below the folder with the file LICENSE");
            }
        }
        return folder;
    }
}
