package dev.pabal.amqp.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the classes of AMQP's methods from {@code methods.txt}, at build time: for each a reusable reader over the bytes it came in, and a
 * writer of whole method frames. Run as a single source file; arguments: the definition, the folder for generated sources.
 */
public final class MethodGenerator {
    private static final String PACKAGE = "dev.pabal.amqp.codec.method";
    private static final Pattern CLASS = Pattern.compile("class (\\d+) (\\S+)");
    private static final Pattern METHOD = Pattern.compile("(\\d+) ([a-z-]+)\\((.*)\\)( content)?");

    private MethodGenerator() {}

    record Argument(String type, String name) {
        String camel() {
            return MethodGenerator.camel(name, false);
        }
    }

    record Method(int classId, String className, int id, String name, List<Argument> arguments, boolean content) {
        String type() {
            return camel(className, true) + camel(name, true);
        }
    }

    public static void main(String[] args) throws IOException {
        List<Method> methods = parse(Files.readAllLines(Path.of(args[0])));
        Path folder = Path.of(args[1], PACKAGE.replace('.', '/'));
        Files.createDirectories(folder);
        for (Method method : methods) {
            write(folder.resolve(method.type() + ".java"), source(method));
        }
        write(folder.resolve("Methods.java"), table(methods));
        write(folder.resolve("package-info.java"), """
                /** AMQP's methods, generated from their definition: each reads itself from received bytes and writes itself as a frame. */
                @org.jspecify.annotations.NullMarked
                package %s;
                """.formatted(PACKAGE));
    }

    private static List<Method> parse(List<String> lines) {
        List<Method> methods = new ArrayList<>();
        int classId = 0;
        String className = "";
        for (String line : lines) {
            Matcher ofClass = CLASS.matcher(line);
            Matcher ofMethod = METHOD.matcher(line);
            if (ofClass.matches()) {
                classId = Integer.parseInt(ofClass.group(1));
                className = ofClass.group(2);
            } else if (ofMethod.matches()) {
                methods.add(new Method(
                        classId,
                        className,
                        Integer.parseInt(ofMethod.group(1)),
                        ofMethod.group(2),
                        arguments(ofMethod.group(3)),
                        ofMethod.group(4) != null));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalArgumentException("not understood: " + line);
            }
        }
        return methods;
    }

    private static List<Argument> arguments(String text) {
        List<Argument> arguments = new ArrayList<>();
        for (String argument : text.isBlank() ? new String[0] : text.split(", ", -1)) {
            String[] words = argument.split(" ", -1);
            arguments.add(new Argument(words[0], words[1]));
        }
        return arguments;
    }

    private static String source(Method m) {
        StringBuilder out = new StringBuilder();
        String word = m.className + "." + m.name;
        out.append("package ").append(PACKAGE).append(";\n\n");
        out.append("import dev.pabal.amqp.codec.Method;\nimport dev.pabal.amqp.codec.MethodWriter;\n");
        out.append("import io.netty.buffer.ByteBuf;\nimport java.nio.ByteBuffer;\n\n");
        out.append("/** ").append(word).append(". Generated; reads of the bytes that {@link #wrap} was given. */\n");
        out.append("public final class ").append(m.type()).append(" extends Method {\n");
        out.append("    public static final int ID = ").append((m.classId << 16) | m.id).append(";\n");
        fields(out, m);
        constantMethod(out, "int", "id", "ID");
        constantMethod(out, "String", "word", '"' + word + '"');
        if (m.content) {
            constantMethod(out, "boolean", "hasContent", "true");
        }
        wrap(out, m);
        m.arguments.forEach(argument -> accessors(out, argument));
        writer(out, m);
        return out.append("}\n").toString();
    }

    private static void constantMethod(StringBuilder out, String type, String name, String value) {
        out.append("\n    @Override\n    public ").append(type).append(' ').append(name).append("() {\n");
        out.append("        return ").append(value).append(";\n    }\n");
    }

    private static void fields(StringBuilder out, Method m) {
        for (Argument a : m.arguments) {
            switch (a.type) {
                case "shortstr", "longstr", "table" -> out.append("    private int ")
                        .append(a.camel())
                        .append("At;\n    private int ")
                        .append(a.camel())
                        .append("Length;\n");
                case "bit" -> out.append("    private boolean ").append(a.camel()).append(";\n");
                default -> out.append("    private ").append(javaType(a)).append(' ').append(a.camel()).append(";\n");
            }
        }
    }

    private static void wrap(StringBuilder out, Method m) {
        out.append("\n    @Override\n    public void wrap(ByteBuffer in, int at, int limit) {\n");
        out.append("        begin(in, at, limit);\n");
        int bit = 0;
        for (Argument a : m.arguments) {
            if (a.type.equals("bit")) {
                if (bit % 8 == 0) {
                    out.append("        ").append(bit == 0 ? "int " : "").append("bits = octet();\n");
                }
                out.append("        ").append(a.camel()).append(" = (bits & ").append(1 << (bit % 8)).append(") != 0;\n");
                bit++;
                continue;
            }
            switch (a.type) {
                case "shortstr" -> strings(out, a, "shortstr");
                case "longstr" -> strings(out, a, "longstr");
                case "table" -> strings(out, a, "table");
                default -> out.append("        ").append(a.camel()).append(" = ").append(reader(a)).append("();\n");
            }
        }
        out.append("        end();\n    }\n");
    }

    private static void strings(StringBuilder out, Argument a, String reader) {
        out.append("        ").append(a.camel()).append("Length = ").append(reader).append("();\n");
        out.append("        ").append(a.camel()).append("At = position() - ").append(a.camel()).append("Length;\n");
    }

    private static String reader(Argument a) {
        return switch (a.type) {
            case "octet" -> "octet";
            case "short" -> "unsignedShort";
            case "long" -> "unsignedInt";
            case "longlong" -> "longlong";
            default -> throw new IllegalArgumentException(a.type);
        };
    }

    private static String javaType(Argument a) {
        return switch (a.type) {
            case "bit" -> "boolean";
            case "octet", "short" -> "int";
            case "long", "longlong" -> "long";
            case "shortstr" -> "String";
            case "longstr" -> "byte[]";
            case "table" -> "java.util.Map<String, ?>";
            default -> throw new IllegalArgumentException(a.type);
        };
    }

    private static void accessors(StringBuilder out, Argument a) {
        String name = a.camel();
        switch (a.type) {
            case "shortstr" -> {
                positions(out, name);
                accessor(out, "String", name, "text(" + name + "At, " + name + "Length)");
            }
            case "longstr" -> {
                positions(out, name);
                accessor(out, "byte[]", name, "bytes(" + name + "At, " + name + "Length)");
            }
            case "table" -> {
                positions(out, name);
                accessor(out, "java.util.Map<String, Object>", name, "map(" + name + "At, " + name + "Length)");
            }
            default -> accessor(out, javaType(a), name, name);
        }
    }

    private static void positions(StringBuilder out, String name) {
        accessor(out, "int", name + "At", name + "At");
        accessor(out, "int", name + "Length", name + "Length");
    }

    private static void accessor(StringBuilder out, String type, String name, String value) {
        out.append("\n    public ").append(type).append(' ').append(name).append("() {\n");
        out.append("        return ").append(value).append(";\n    }\n");
    }

    private static void writer(StringBuilder out, Method m) {
        out.append("\n    /** Writes the whole method frame. */\n    public static void write(ByteBuf out, int channel");
        for (Argument a : m.arguments) {
            out.append(", ").append(javaType(a)).append(' ').append(a.camel());
        }
        out.append(") {\n        int start = MethodWriter.begin(out, channel, ID);\n");
        int bit = 0;
        for (int i = 0; i < m.arguments.size(); i++) {
            Argument a = m.arguments.get(i);
            if (a.type.equals("bit")) {
                out.append(bit % 8 == 0 ? "        out.writeByte(" : " | ");
                out.append('(').append(a.camel()).append(" ? ").append(1 << (bit % 8)).append(" : 0)");
                boolean last = i + 1 == m.arguments.size() || !m.arguments.get(i + 1).type.equals("bit");
                out.append(last || bit % 8 == 7 ? ");\n" : "");
                bit = last ? 0 : bit + 1;
            } else {
                out.append("        ").append(write(a)).append(";\n");
            }
        }
        out.append("        MethodWriter.end(out, start);\n    }\n");
    }

    private static String write(Argument a) {
        return switch (a.type) {
            case "octet" -> "out.writeByte(" + a.camel() + ")";
            case "short" -> "out.writeShort(" + a.camel() + ")";
            case "long" -> "out.writeInt((int) " + a.camel() + ")";
            case "longlong" -> "out.writeLong(" + a.camel() + ")";
            case "shortstr" -> "MethodWriter.shortstr(out, " + a.camel() + ")";
            case "longstr" -> "MethodWriter.longstr(out, " + a.camel() + ")";
            case "table" -> "MethodWriter.table(out, " + a.camel() + ")";
            default -> throw new IllegalArgumentException(a.type);
        };
    }

    private static String table(List<Method> methods) {
        StringBuilder out = new StringBuilder("package " + PACKAGE + ";\n\n");
        out.append("import dev.pabal.amqp.codec.Method;\nimport org.jspecify.annotations.Nullable;\n\n");
        out.append("/** One reader of each method, made when it is first needed. For one thread. Generated. */\n");
        out.append("public final class Methods {\n");
        for (Method m : methods) {
            out.append("    private @Nullable ").append(m.type()).append(' ').append(variable(m)).append(";\n");
        }
        out.append("\n    /** The reader for the method, null where there is no such method. */\n");
        out.append("    public @Nullable Method of(int id) {\n        return switch (id) {\n");
        for (Method m : methods) {
            out.append("            case ").append(m.type()).append(".ID -> ").append(variable(m)).append(" == null ? ");
            out.append(variable(m)).append(" = new ").append(m.type()).append("() : ").append(variable(m)).append(";\n");
        }
        out.append("            default -> null;\n        };\n    }\n}\n");
        return out.toString();
    }

    private static String variable(Method m) {
        return camel(m.className + "-" + m.name, false);
    }

    /** Leaves a file alone whose content would be the same: the compiler then has nothing to do. */
    private static void write(Path file, String content) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(content)) {
            Files.writeString(file, content);
        }
    }

    private static String camel(String name, boolean upper) {
        StringBuilder out = new StringBuilder();
        for (String part : name.split("-", -1)) {
            boolean first = out.length() == 0 && !upper;
            out.append(first ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return out.toString();
    }
}
