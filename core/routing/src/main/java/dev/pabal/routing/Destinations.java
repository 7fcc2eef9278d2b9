package dev.pabal.routing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePSet;
import org.pcollections.MapPSet;

/**
 * Bindings that match together. Immutable: few of them lie in an array, many in a persistent set, so that one more never costs a copy of all.
 */
final class Destinations {
    static final Destinations NONE = new Destinations(new BindingSpec[0], null);

    private static final int FEW = 8;

    private final BindingSpec[] few;
    private final @Nullable MapPSet<BindingSpec> many;

    private Destinations(BindingSpec[] few, @Nullable MapPSet<BindingSpec> many) {
        this.few = few;
        this.many = many;
    }

    Destinations plus(BindingSpec binding) {
        if (contains(binding)) {
            return this;
        }
        if (many != null) {
            return new Destinations(few, many.plus(binding));
        }
        if (few.length == FEW) {
            return new Destinations(
                    NONE.few,
                    HashTreePSet.<BindingSpec>empty()
                            .plusAll(Arrays.asList(few))
                            .plus(binding));
        }
        BindingSpec[] more = Arrays.copyOf(few, few.length + 1);
        more[few.length] = binding;
        return new Destinations(more, null);
    }

    Destinations minus(BindingSpec binding) {
        if (!contains(binding)) {
            return this;
        }
        if (many != null) {
            MapPSet<BindingSpec> rest = many.minus(binding);
            return rest.size() > FEW ? new Destinations(few, rest) : of(rest.toArray(new BindingSpec[0]));
        }
        BindingSpec[] rest = new BindingSpec[few.length - 1];
        int n = 0;
        for (BindingSpec each : few) {
            if (!each.equals(binding)) {
                rest[n++] = each;
            }
        }
        return of(rest);
    }

    private static Destinations of(BindingSpec[] bindings) {
        return bindings.length == 0 ? NONE : new Destinations(bindings, null);
    }

    boolean contains(BindingSpec binding) {
        if (many != null) {
            return many.contains(binding);
        }
        for (BindingSpec each : few) {
            if (each.equals(binding)) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return many == null && few.length == 0;
    }

    void forEach(Consumer<BindingSpec> visitor) {
        if (many != null) {
            many.forEach(visitor);
            return;
        }
        for (BindingSpec each : few) {
            visitor.accept(each);
        }
    }

    /** A copy in an order that depends on the bindings alone, not on the way they came in. */
    BindingSpec[] sorted() {
        BindingSpec[] all = many == null ? few.clone() : many.toArray(new BindingSpec[0]);
        Arrays.sort(
                all,
                Comparator.comparing(BindingSpec::destination)
                        .thenComparing(BindingSpec::kind)
                        .thenComparing(BindingSpec::routingKey));
        return all;
    }
}
