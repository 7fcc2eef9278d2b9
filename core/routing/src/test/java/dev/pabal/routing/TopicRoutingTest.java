package dev.pabal.routing;

import static dev.pabal.routing.Tables.exchange;
import static dev.pabal.routing.Tables.toQueue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopicRoutingTest {
    private static final String[] WORDS = {"a", "b", "", "stock", "*", "#"};
    private final long seed = Long.getLong("pabal.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** The definition itself, tried in every way. */
    private static boolean matches(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.get(0).equals("#")) {
            return matches(rest, key) || !key.isEmpty() && matches(pattern, key.subList(1, key.size()));
        }
        return !key.isEmpty()
                && (pattern.get(0).equals("*") || pattern.get(0).equals(key.get(0)))
                && matches(rest, key.subList(1, key.size()));
    }

    private String key(int kinds) {
        int size = random.nextInt(6);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            words.add(WORDS[random.nextInt(kinds)]);
        }
        return String.join(".", words);
    }

    private static List<String> words(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }

    @Test
    void theTrieAgreesWithTheDefinitionWhileBindingsComeAndGo() {
        for (int round = 0; round < 200; round++) {
            RoutingTable table = RoutingTable.empty().with(exchange("e", "topic"));
            List<BindingSpec> bindings = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                if (bindings.isEmpty() || random.nextInt(3) > 0) {
                    BindingSpec binding = toQueue("e", "q" + random.nextInt(12), key(WORDS.length));
                    bindings.remove(binding);
                    bindings.add(binding);
                    table = table.bound(binding);
                } else {
                    table = table.unbound(bindings.remove(random.nextInt(bindings.size())));
                }
                String key = key(WORDS.length - 2);
                TreeSet<String> wanted = new TreeSet<>();
                for (BindingSpec each : bindings) {
                    if (matches(words(each.routingKey()), words(key))) {
                        wanted.add("q:" + each.destination());
                    }
                }
                assertThat(Shown.by(table, TestMessage.of("e", key)))
                        .as("key '%s' of %s, seed %d", key, bindings, seed)
                        .containsExactlyInAnyOrderElementsOf(wanted);
            }
        }
    }

    @Test
    void rabbitsOwnExamples() {
        RoutingTable table = RoutingTable.empty().with(exchange("e", "topic"));
        String[] patterns = {
            "a.b.c",
            "a.*.c",
            "a.#.b",
            "a.b.b.c",
            "#",
            "#.#",
            "*",
            "#.b",
            "*.#",
            "#.a",
            "a.*.*",
            "*.*.*",
            "#.#.#",
            "",
            "..",
            "*.#.*.#.*",
            "a..b",
            "*..*",
            "#.*.#"
        };
        for (String pattern : patterns) {
            table = table.bound(toQueue("e", pattern, pattern));
        }
        assertThat(Shown.by(table, TestMessage.of("e", ""))).containsExactlyInAnyOrder("q:#", "q:#.#", "q:#.#.#", "q:");
        assertThat(Shown.by(table, TestMessage.of("e", "a.b.c")))
                .containsExactlyInAnyOrder(
                        "q:a.b.c",
                        "q:a.*.c",
                        "q:#",
                        "q:#.#",
                        "q:*.#",
                        "q:a.*.*",
                        "q:*.*.*",
                        "q:#.#.#",
                        "q:*.#.*.#.*",
                        "q:#.*.#");
        assertThat(Shown.by(table, TestMessage.of("e", "a..b")))
                .containsExactlyInAnyOrder(
                        "q:a.#.b",
                        "q:#",
                        "q:#.#",
                        "q:#.b",
                        "q:*.#",
                        "q:a.*.*",
                        "q:*.*.*",
                        "q:#.#.#",
                        "q:*.#.*.#.*",
                        "q:a..b",
                        "q:*..*",
                        "q:#.*.#");
    }

    /** Tried in every way, this pattern would take longer than the universe has. */
    @Test
    void patternsOfManyHashesDoNotExplode() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("e", "topic"))
                .bound(toQueue("e", "never", "#.a.".repeat(60) + "b"))
                .bound(toQueue("e", "always", "#.".repeat(60) + "#"));
        assertThat(Shown.by(table, TestMessage.of("e", "a.".repeat(500) + "a"))).containsExactly("q:always");
    }
}
