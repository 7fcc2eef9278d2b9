package dev.pabal.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What keeps the source readable, checked on its text and its syntax trees. */
class TidyTest {
    private static final int MAX_FILE_LINES = 600;
    private static final int MAX_METHOD_LINES = 60;
    private static final Set<String> VAGUE_PACKAGES = Set.of("util", "utils", "common", "helper", "helpers", "misc");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]*)</version>");

    @Test
    void filesStayShort() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Sources.java()) {
            long lines = Sources.text(file).lines().count();
            if (lines > MAX_FILE_LINES) {
                tooLong.add(Sources.name(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong)
                .as("files over %d lines do more than one thing: move one duty into a class of its own", MAX_FILE_LINES)
                .isEmpty();
    }

    @Test
    void methodsStayShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("run the tests with a JDK").isNotNull();
        List<String> tooLong = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(Sources.java()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, tooLong).scan(unit, null);
            }
        }
        assertThat(tooLong)
                .as("methods over %d lines hide their steps: give each step a name", MAX_METHOD_LINES)
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path folder :
                Sources.mainJava().stream().map(Path::getParent).distinct().toList()) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info)) {
                silent.add(Sources.name(folder) + ": no package-info.java");
            } else if (!Sources.text(info).contains("NullMarked")
                    || !Sources.text(info).contains("/**")) {
                silent.add(Sources.name(info) + ": needs one sentence of Javadoc and @NullMarked");
            }
        }
        assertThat(silent)
                .as("a package is one noun: package-info.java says which")
                .isEmpty();
    }

    @Test
    void nothingIsPutOff() {
        Pattern promises = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
        List<String> putOff = new ArrayList<>();
        for (Path file : Sources.java()) {
            String[] lines = Sources.text(file).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (promises.matcher(lines[i]).find()) {
                    putOff.add(Sources.name(file) + ":" + (i + 1));
                }
            }
        }
        assertThat(putOff)
                .as("finish it, or open an issue and take the note out")
                .isEmpty();
    }

    @Test
    void packagesAreNouns() {
        Stream<String> vague = Sources.java().stream()
                .map(Path::getParent)
                .distinct()
                .filter(folder -> VAGUE_PACKAGES.contains(folder.getFileName().toString()))
                .map(Sources::name);
        assertThat(vague)
                .as("a package is named after what it holds; move each class to the noun it serves")
                .isEmpty();
    }

    @Test
    void versionsStandInTheRootPomOnly() {
        List<String> strays = new ArrayList<>();
        for (Path pom : Sources.modulePoms()) {
            String text = Sources.text(pom).replaceFirst("(?s)<parent>.*?</parent>", "");
            Matcher version = VERSION.matcher(text);
            while (version.find()) {
                if (!version.group(1).startsWith("${")) {
                    strays.add(Sources.name(pom) + ": " + version.group(1));
                }
            }
        }
        assertThat(strays)
                .as("one place for versions: dependencyManagement and properties of the root pom")
                .isEmpty();
    }

    @Test
    void theSearchSeesTheProject() {
        assertThat(Sources.mainJava()).as("files searched by the tests above").hasSizeGreaterThan(20);
        assertThat(Sources.modulePoms()).hasSizeGreaterThan(5);
    }

    /** Collects the methods and constructors of a file that are too long. */
    private static final class LongMethods extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            long start = positions.getStartPosition(unit, method);
            long end = positions.getEndPosition(unit, method);
            if (start >= 0 && end > start) {
                LineMap lines = unit.getLineMap();
                long length = lines.getLineNumber(end) - lines.getLineNumber(start) + 1;
                if (length > MAX_METHOD_LINES) {
                    Path file = Path.of(unit.getSourceFile().toUri());
                    found.add(Sources.name(file) + ": " + method.getName() + " has " + length + " lines");
                }
            }
            return super.visitMethod(method, unused);
        }
    }
}
