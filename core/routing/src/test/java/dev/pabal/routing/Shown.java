package dev.pabal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a table showed: {@code q:name}, {@code t:name}, {@code delay:ms}, in order. */
final class Shown implements RouteSink {
    final List<String> all = new ArrayList<>();

    static List<String> by(RoutingTable table, Routed message) {
        return by(table, message, new Random(1));
    }

    static List<String> by(RoutingTable table, Routed message, Random random) {
        Shown shown = new Shown();
        boolean any = table.route(message, random, shown);
        assertThat(any).isEqualTo(shown.all.stream().anyMatch(s -> !s.startsWith("delay:")));
        return shown.all;
    }

    @Override
    public void queue(String name) {
        all.add("q:" + name);
    }

    @Override
    public void topic(String name) {
        all.add("t:" + name);
    }

    @Override
    public void delay(long delayMs) {
        all.add("delay:" + delayMs);
    }
}
