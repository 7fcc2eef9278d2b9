package dev.pabal.amqp.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
    private final RouteCache cache = new RouteCache(new Budget(1 << 20));

    private Route find(String exchange, String key) {
        return find(cache, exchange, key);
    }

    private static Route find(RouteCache cache, String exchange, String key) {
        byte[] exchangeBytes = exchange.getBytes(UTF_8);
        byte[] keyBytes = key.getBytes(UTF_8);
        ByteBuffer in = ByteBuffer.allocate(3 + exchangeBytes.length + keyBytes.length);
        in.put(3, exchangeBytes).put(3 + exchangeBytes.length, keyBytes);
        return cache.find(in, 3, exchangeBytes.length, 3 + exchangeBytes.length, keyBytes.length);
    }

    @Test
    void theSameBytesFindTheSameRoute() {
        Route route = find("orders", "eu.new");
        assertThat(route.exchangeName).isEqualTo("orders");
        assertThat(route.routingKeyText).isEqualTo("eu.new");
        assertThat(find("other", "eu.new")).isNotSameAs(route);
        assertThat(find("orders", "eu.new")).isSameAs(route);
        assertThat(find("orders", "eu.new")).isSameAs(route);
    }

    @Test
    void whereTheNameEndsAndTheKeyBeginsMatters() {
        assertThat(find("ab", "c")).isNotSameAs(find("a", "bc"));
        assertThat(find("", "abc")).isNotSameAs(find("abc", ""));
    }

    @Test
    void manyRoutesAreAllFoundAgain() {
        Map<String, Route> routes = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            routes.put("key-" + i, find("x", "key-" + i));
        }
        routes.forEach((key, route) -> {
            assertThat(route.routingKeyText).isEqualTo(key);
            assertThat(find("x", key)).isSameAs(route);
        });
    }

    @Test
    void neverMoreThanItsBoundAndRightThroughout() {
        for (int i = 0; i < 40_000; i++) {
            assertThat(find("x", "key-" + i).routingKeyText).isEqualTo("key-" + i);
            assertThat(cache.size()).isLessThanOrEqualTo(16_384);
        }
    }

    @Test
    void longNamesTakeNoMoreMemoryThanShortOnes() {
        String longest = "n".repeat(250);
        for (int i = 0; i < 12_000; i++) {
            String key = longest + i % 8_000;
            assertThat(find(longest, key).routingKeyText).isEqualTo(key);
            assertThat(cache.size()).isLessThanOrEqualTo((1 << 20) / 500 + 1);
        }
    }

    @Test
    void allTogetherRememberNoMoreThanTheBudgetAndEachFindsItsOwn() {
        Budget budget = new Budget(1_000);
        RouteCache first = new RouteCache(budget);
        RouteCache second = new RouteCache(budget);
        for (int i = 0; i < 5_000; i++) {
            String key = "key-" + i;
            assertThat(find(first, "x", key).routingKeyText).isEqualTo(key);
            assertThat(find(second, "x", key).routingKeyText).isEqualTo(key);
            assertThat(find(second, "x", key)).isSameAs(find(second, "x", key));
            assertThat(first.size() + second.size()).isLessThanOrEqualTo(1_000 + 16);
        }
        assertThat(first.crowded() || second.crowded()).isTrue();
        first.close();
        second.close();
        assertThat(budget.left()).isEqualTo(1_000);
        find(first, "x", "late");
        for (int i = 0; i < 100; i++) {
            find(first, "x", "late-" + i);
        }
        assertThat(budget.left()).as("nothing is taken after the end").isEqualTo(1_000);
    }

    @Test
    void clearedItFindsAnew() {
        Route before = find("x", "k");
        cache.clear();
        assertThat(cache.size()).isZero();
        assertThat(find("x", "k")).isNotSameAs(before);
    }

    @Test
    void keysThatAreNotTextKeepTheirBytes() {
        byte[] key = {(byte) 0xff, 0, (byte) 0xc3};
        Route route = cache.find(ByteBuffer.wrap(key), 0, 0, 0, 3);
        assertThat(route.routingKey).isEqualTo(key);
        assertThat(cache.find(ByteBuffer.wrap(new byte[] {(byte) 0xfe, 0, (byte) 0xc3}), 0, 0, 0, 3))
                .isNotSameAs(route);
    }
}
