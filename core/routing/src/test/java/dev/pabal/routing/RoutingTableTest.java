package dev.pabal.routing;

import static dev.pabal.routing.Tables.exchange;
import static dev.pabal.routing.Tables.toExchange;
import static dev.pabal.routing.Tables.toQueue;
import static dev.pabal.routing.Tables.withAlternate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static List<String> route(RoutingTable table, String exchange, String key) {
        return Shown.by(table, TestMessage.of(exchange, key));
    }

    @Test
    void directRoutesByTheWholeKeyAndShowsEachDestinationOnce() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("e", "direct"))
                .bound(toQueue("e", "q", "k"))
                .bound(toQueue("e", "q", "k"))
                .bound(new BindingSpec("e", BindingSpec.Kind.QUEUE, "q", "k", Map.of("a", 1)))
                .bound(toQueue("e", "r", "k"))
                .bound(new BindingSpec("e", BindingSpec.Kind.TOPIC, "q", "k", Map.of()));
        assertThat(route(table, "e", "k")).containsExactlyInAnyOrder("q:q", "q:r", "t:q");
        assertThat(route(table, "e", "other")).isEmpty();
        assertThat(route(table, "absent", "k")).isEmpty();
        RoutingTable without = table.unbound(toQueue("e", "q", "k"));
        assertThat(route(without, "e", "k"))
                .as("the one with arguments is still there")
                .contains("q:q");
        assertThat(route(table.without("e"), "e", "k")).isEmpty();
        assertThat(route(table, "e", "k")).hasSize(3);
    }

    @Test
    void fanoutRoutesToAllWhateverTheKey() {
        RoutingTable table = RoutingTable.empty().with(exchange("e", "fanout"));
        for (int i = 0; i < 100; i++) {
            table = table.bound(toQueue("e", "q" + i, "k" + i % 3));
        }
        assertThat(route(table, "e", "other")).hasSize(100).doesNotHaveDuplicates();
        for (int i = 1; i < 100; i++) {
            table = table.unbound(toQueue("e", "q" + i, "k" + i % 3));
        }
        assertThat(route(table, "e", "")).containsExactly("q:q0");
    }

    @Test
    void exchangesBoundInACircleAreVisitedOnce() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("a", "fanout"))
                .with(exchange("b", "direct"))
                .with(new ExchangeSpec("c", "topic", true, null, Map.of()))
                .bound(toExchange("a", "b", ""))
                .bound(toExchange("b", "c", "x.y"))
                .bound(toExchange("c", "a", "#"))
                .bound(toExchange("c", "c", "#"))
                .bound(toQueue("c", "q", "x.*"))
                .bound(toQueue("a", "q", ""));
        assertThat(route(table, "a", "x.y")).containsExactly("q:q");
        assertThat(route(table, "b", "x.y")).containsExactly("q:q");
        assertThat(route(table, "b", "x.z")).isEmpty();
        assertThat(table.isKeyed("a")).isTrue();
    }

    @Test
    void whatRoutesNowhereGoesToTheAlternate() {
        RoutingTable table = RoutingTable.empty()
                .with(withAlternate("a", "direct", "b"))
                .with(withAlternate("b", "direct", "c"))
                .with(withAlternate("c", "fanout", "a"))
                .bound(toQueue("a", "qa", "1"))
                .bound(toQueue("b", "qb", "2"))
                .bound(toQueue("c", "qc", ""));
        assertThat(route(table, "a", "1")).containsExactly("q:qa");
        assertThat(route(table, "a", "2")).containsExactly("q:qb");
        assertThat(route(table, "a", "3")).containsExactly("q:qc");
        RoutingTable circle = table.unbound(toQueue("c", "qc", ""));
        assertThat(route(circle, "a", "3")).isEmpty();
        assertThat(route(circle, "c", "1")).containsExactly("q:qa");
        // A policy takes the alternate away: the bindings stay.
        RoutingTable changed = table.with(exchange("a", "direct"));
        assertThat(route(changed, "a", "3")).isEmpty();
        assertThat(route(changed, "a", "1")).containsExactly("q:qa");
    }

    @Test
    void anAlternateThatIsMissingOrTheDefaultExchange() {
        RoutingTable table = RoutingTable.empty()
                .with(withAlternate("a", "direct", "absent"))
                .with(withAlternate("b", "direct", ""));
        assertThat(route(table, "a", "k")).isEmpty();
        assertThat(route(table, "b", "k")).containsExactly("q:k");
    }

    @Test
    void aRouteToAnExchangeCountsAsARouteForTheAlternate() {
        RoutingTable table = RoutingTable.empty()
                .with(withAlternate("a", "fanout", "other"))
                .with(exchange("empty", "fanout"))
                .with(exchange("other", "fanout"))
                .bound(toExchange("a", "empty", ""))
                .bound(toQueue("other", "q", ""));
        assertThat(route(table, "a", "k")).isEmpty();
    }

    @Test
    void aDelayComesBeforeWhatItHoldsForAndAfterTheRest() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("in", "fanout"))
                .with(exchange("late", "x-delayed-message", Map.of("x-delayed-type", "topic")))
                .with(exchange("later", "x-delayed-message", Map.of("x-delayed-type", "fanout")))
                .bound(toExchange("in", "late", ""))
                .bound(toQueue("in", "now", ""))
                .bound(toQueue("late", "held", "a.*"))
                .bound(toQueue("late", "now", "#"))
                .bound(toExchange("late", "later", "#"))
                .bound(toQueue("later", "last", ""));
        assertThat(Shown.by(table, TestMessage.of("in", "a.b", Map.of("x-delay", 500))))
                .containsExactly("q:now", "delay:500", "q:held", "q:last");
        assertThat(Shown.by(table, TestMessage.of("late", "a.b", Map.of("x-delay", 500L))))
                .startsWith("delay:500")
                .containsExactlyInAnyOrder("delay:500", "q:held", "q:now", "q:last");
        // no overflow: the time at which it is due is still to come
        assertThat(Shown.by(table, TestMessage.of("late", "a.b", Map.of("x-delay", Long.MAX_VALUE))))
                .startsWith("delay:" + (1L << 41));
        for (Object none : List.of(0, -5, "500", 1.5)) {
            assertThat(Shown.by(table, TestMessage.of("late", "a.b", Map.of("x-delay", none))))
                    .containsExactlyInAnyOrder("q:held", "q:now", "q:last");
        }
        assertThat(Shown.by(table, TestMessage.of("late", "a.b"))).hasSize(3);
    }

    @Test
    void whetherTheKeyAloneDecidesLooksAtTheWholeWay() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("direct", "direct"))
                .with(exchange("topic", "topic"))
                .with(exchange("headers", "headers"))
                .with(exchange("random", "x-random"))
                .with(exchange("delayed", "x-delayed-message", Map.of("x-delayed-type", "direct")))
                .with(withAlternate("alternate", "direct", "hashed"))
                .with(exchange("hashed", "x-consistent-hash"));
        assertThat(table.isKeyed("direct")).isTrue();
        assertThat(table.isKeyed("topic")).isTrue();
        for (String not : List.of("headers", "random", "delayed", "alternate", "hashed")) {
            assertThat(table.isKeyed(not)).as(not).isFalse();
        }
        RoutingTable bound = table.bound(toExchange("direct", "topic", "a")).bound(toExchange("topic", "headers", "b"));
        assertThat(bound.isKeyed("direct")).isFalse();
        // Bound twice, unbound once: gone.
        RoutingTable unbound =
                bound.bound(toExchange("topic", "headers", "b")).unbound(toExchange("topic", "headers", "b"));
        assertThat(unbound.isKeyed("direct")).isTrue();
        assertThat(unbound.isKeyed("absent")).isTrue();
    }

    @Test
    void randomChoosesOneAndAllInTheEnd() {
        RoutingTable table = RoutingTable.empty().with(exchange("e", "x-random"));
        assertThat(route(table, "e", "k")).isEmpty();
        for (int i = 0; i < 10; i++) {
            table = table.bound(toQueue("e", "q" + i, ""));
        }
        Random random = new Random(5);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            List<String> shown = Shown.by(table, TestMessage.of("e", "k"), random);
            assertThat(shown).hasSize(1);
            seen.addAll(shown);
        }
        assertThat(seen).hasSize(10);
    }

    @Test
    void modulusHashSpreadsKeysAndKeepsEachInPlace() {
        RoutingTable table = RoutingTable.empty().with(exchange("e", "x-modulus-hash"));
        for (int i = 0; i < 4; i++) {
            table = table.bound(toQueue("e", "q" + i, "any"));
        }
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            List<String> shown = route(table, "e", "key" + i);
            assertThat(shown).hasSize(1).isEqualTo(route(table, "e", "key" + i));
            counts.merge(shown.get(0), 1, Integer::sum);
        }
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    void consistentHashSharesByWeightAndMovesOnlyWhatMustMove() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("e", "x-consistent-hash"))
                .bound(toQueue("e", "one", "1"))
                .bound(toQueue("e", "two", "2"))
                .bound(toQueue("e", "five", "5"));
        RoutingTable more = table.bound(toQueue("e", "new", "2"));
        Map<String, Integer> counts = new HashMap<>();
        int moved = 0;
        for (int i = 0; i < 8000; i++) {
            String before = route(table, "e", "key" + i).get(0);
            String after = route(more, "e", "key" + i).get(0);
            counts.merge(before, 1, Integer::sum);
            if (!before.equals(after)) {
                assertThat(after).isEqualTo("q:new");
                moved++;
            }
        }
        assertThat(counts.get("q:one")).isBetween(850, 1150);
        assertThat(counts.get("q:two")).isBetween(1800, 2200);
        assertThat(counts.get("q:five")).isBetween(4750, 5250);
        assertThat(moved).isBetween(1450, 1750);
    }

    @Test
    void consistentHashTakesAHeaderOrAPropertyInsteadOfTheKey() {
        RoutingTable table = RoutingTable.empty()
                .with(exchange("h", "x-consistent-hash", Map.of("hash-header", "user")))
                .with(exchange("p", "x-consistent-hash", Map.of("hash-property", "message_id")));
        for (int i = 0; i < 10; i++) {
            table = table.bound(toQueue("h", "q" + i, "1")).bound(toQueue("p", "q" + i, "1"));
        }
        Set<List<String>> byHeader = new HashSet<>();
        Set<List<String>> byProperty = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            byHeader.add(Shown.by(table, TestMessage.of("h", "key" + i, Map.of("user", "u"))));
            byProperty.add(Shown.by(table, new TestMessage("p", "key" + i, Map.of(), Map.of("message-id", "m"))));
        }
        assertThat(byHeader).hasSize(1);
        assertThat(byProperty).hasSize(1);
        Set<List<String>> byUser = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            byUser.add(Shown.by(table, TestMessage.of("h", "key", Map.of("user", i))));
        }
        assertThat(byUser).hasSize(10);
        assertThat(Shown.by(table, TestMessage.of("h", "key"))).hasSize(1);
    }

    @Test
    void whatNoExchangeOrBindingMayBeIsSaid() {
        assertThat(ExchangeTypes.isKnown("x-nonsense")).isFalse();
        assertThat(ExchangeTypes.all()).allMatch(ExchangeTypes::isKnown);
        assertThat(ExchangeTypes.faultOfExchange("x-delayed-message", Map.of())).contains("x-delayed-type");
        assertThat(ExchangeTypes.faultOfExchange("x-delayed-message", Map.of("x-delayed-type", "x-delayed-message")))
                .isNotNull();
        assertThat(ExchangeTypes.faultOfExchange("x-delayed-message", Map.of("x-delayed-type", "topic")))
                .isNull();
        assertThat(ExchangeTypes.faultOfExchange("x-consistent-hash", Map.of("hash-property", "app_id")))
                .isEqualTo("Unsupported property: app_id");
        ExchangeSpec hash = exchange("e", "x-consistent-hash");
        assertThat(ExchangeTypes.faultOfBinding(hash, "1", Map.of())).isNull();
        for (String wrong : List.of("", "0", "-1", "a", "1.5", "1234567")) {
            assertThat(ExchangeTypes.faultOfBinding(hash, wrong, Map.of())).isNotNull();
        }
        ExchangeSpec headers = exchange("e", "headers");
        assertThat(ExchangeTypes.faultOfBinding(headers, "", Map.of("x-match", "any-with-x")))
                .isNull();
        assertThat(ExchangeTypes.faultOfBinding(headers, "", Map.of("x-match", "some")))
                .contains("some");
        assertThat(ExchangeTypes.faultOfBinding(headers, "", Map.of("x-match", 1)))
                .contains("type");
        assertThatThrownBy(() -> RoutingTable.empty().with(exchange("e", "x-nonsense")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RoutingTable.empty().bound(toQueue("absent", "q", "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A cost per binding that does not match would make the second run thousands of times as long as the first. */
    @Test
    void bindingsThatDoNotMatchCostNothing() {
        for (String type : List.of("direct", "topic", "headers")) {
            RoutingTable small = grown(type, 10);
            RoutingTable large = grown(type, 100_000);
            Routed message = TestMessage.of("e", "k.5.end", Map.of("id", 5));
            assertThat(Shown.by(large, message))
                    .isEqualTo(Shown.by(small, message))
                    .containsExactly("q:q5");
            long smallNs = Long.MAX_VALUE;
            long largeNs = Long.MAX_VALUE;
            for (int run = 0; run < 20; run++) {
                smallNs = Math.min(smallNs, timeNs(small, message));
                largeNs = Math.min(largeNs, timeNs(large, message));
            }
            assertThat(largeNs).as("%s: %d ns with few bindings", type, smallNs).isLessThan(smallNs * 20);
        }
    }

    private static RoutingTable grown(String type, int bindings) {
        RoutingTable table = RoutingTable.empty().with(exchange("e", type));
        for (int i = 0; i < bindings; i++) {
            String key = i % 2 == 0 || !type.equals("topic") ? "k." + i + ".end" : "*." + i + ".#";
            table = table.bound(new BindingSpec("e", BindingSpec.Kind.QUEUE, "q" + i, key, Map.of("id", i)));
        }
        return table;
    }

    private static long timeNs(RoutingTable table, Routed message) {
        Random random = new Random(1);
        Shown shown = new Shown();
        long start = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            table.route(message, random, shown);
            shown.all.clear();
        }
        return System.nanoTime() - start;
    }
}
