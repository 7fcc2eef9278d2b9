package dev.pabal.routing;

import static dev.pabal.routing.Tables.exchange;
import static dev.pabal.routing.Tables.toQueue;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersRoutingTest {
    private final long seed = Long.getLong("pabal.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** {@code a=1,b,x-c=2}: without a value: no value. */
    private static Map<String, Object> table(String text) {
        Map<String, Object> table = new HashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split("&")) {
            int at = part.indexOf('=');
            table.put(at < 0 ? part : part.substring(0, at), at < 0 ? null : part.substring(at + 1));
        }
        return table;
    }

    private static boolean routes(Map<String, Object> arguments, Map<String, Object> headers) {
        RoutingTable table = RoutingTable.empty().with(exchange("e", "headers")).bound(toQueue("e", "q", arguments));
        return !Shown.by(table, TestMessage.of("e", "ignored", headers)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                // arguments, headers, whether it matches
                "'', '', true",
                "'', a=1, true",
                "x-match=all, '', true",
                "x-match=any, '', false",
                "x-match=any, a=1, false",
                "a=1, a=1, true",
                "a=1, a=2, false",
                "a=1, '', false",
                "a=1&b=2, a=1, false",
                "a=1&b=2, a=1&b=2&c=3, true",
                "a, a=1, true",
                "a, a, true",
                "a, b=1, false",
                "a&b=2, b=2, false",
                "a&b=2, a=9&b=2, true",
                "x-match=any&a=1&b=2, b=2, true",
                "x-match=any&a=1&b=2, a=2&b=1, false",
                "x-match=any&a&b=2, a=7, true",
                "x-match=any&a&b=2, c=7, false",
                "x-match=all&x-c=1, '', true",
                "x-match=all&x-c=1&a=1, a=1, true",
                "x-match=all-with-x&x-c=1&a=1, a=1, false",
                "x-match=all-with-x&x-c=1&a=1, a=1&x-c=1, true",
                "x-match=any&x-c=1, x-c=1, false",
                "x-match=any-with-x&x-c=1, x-c=1, true",
                "x-match=any-with-x&x-c, x-c=5, true",
                "x-match=all-with-x, '', true",
                "x-match=any-with-x, x-match=any-with-x, false",
                "x-match=nonsense&a=1, a=1, true",
            })
    void theTableOfMatches(String arguments, String headers, boolean matches) {
        assertThat(routes(table(arguments), table(headers))).isEqualTo(matches);
    }

    @Test
    void valuesAreComparedAsValuesNotAsTypes() {
        List<List<Object>> equal = List.of(
                List.of((byte) 5, (short) 5, 5, 5L, 5.0f, 5.0, Instant.ofEpochSecond(5)),
                List.of("text", ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8))),
                List.of(true),
                List.of("5"),
                List.of("true"),
                List.of(0.1),
                List.of(List.of(1)));
        for (List<Object> left : equal) {
            for (List<Object> right : equal) {
                for (Object a : left) {
                    for (Object b : right) {
                        assertThat(routes(Map.of("h", a), Map.of("h", b)))
                                .as("%s and %s", a, b)
                                .isEqualTo(left == right);
                    }
                }
            }
        }
    }

    /** The definition, binding by binding. */
    private static boolean matches(Map<String, Object> arguments, Map<String, Object> headers) {
        Object mode = arguments.get("x-match");
        boolean any = "any".equals(mode) || "any-with-x".equals(mode);
        boolean withX = String.valueOf(mode).endsWith("-with-x");
        int wanted = 0;
        int found = 0;
        for (Map.Entry<String, Object> each : arguments.entrySet()) {
            if (each.getKey().equals("x-match") || !withX && each.getKey().startsWith("x-")) {
                continue;
            }
            wanted++;
            if (each.getValue() == null
                    ? headers.containsKey(each.getKey())
                    : each.getValue().equals(headers.get(each.getKey()))) {
                found++;
            }
        }
        return any ? found > 0 : found == wanted;
    }

    private Map<String, Object> randomTable(boolean voids) {
        String[] names = {"a", "b", "c", "x-a", "x-b"};
        Map<String, Object> table = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean none = voids && random.nextInt(5) == 0;
            table.put(names[random.nextInt(names.length)], none ? null : "v" + random.nextInt(2));
        }
        return table;
    }

    @Test
    void theIndexAgreesWithTheDefinitionWhileBindingsComeAndGo() {
        String[] modes = {"all", "any", "all-with-x", "any-with-x"};
        for (int round = 0; round < 100; round++) {
            RoutingTable table = RoutingTable.empty().with(exchange("e", "headers"));
            List<BindingSpec> bindings = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                if (bindings.isEmpty() || random.nextInt(3) > 0) {
                    Map<String, Object> arguments = randomTable(true);
                    if (random.nextInt(5) > 0) {
                        arguments.put("x-match", modes[random.nextInt(modes.length)]);
                    }
                    BindingSpec binding = toQueue("e", "q" + random.nextInt(12), arguments);
                    bindings.remove(binding);
                    bindings.add(binding);
                    table = table.bound(binding);
                } else {
                    table = table.unbound(bindings.remove(random.nextInt(bindings.size())));
                }
                Map<String, Object> headers = randomTable(true);
                TreeSet<String> wanted = new TreeSet<>();
                for (BindingSpec each : bindings) {
                    if (matches(each.arguments(), headers)) {
                        wanted.add("q:" + each.destination());
                    }
                }
                assertThat(Shown.by(table, TestMessage.of("e", "", headers)))
                        .as("headers %s of %s, seed %d", headers, bindings, seed)
                        .containsExactlyInAnyOrderElementsOf(wanted);
            }
        }
    }
}
