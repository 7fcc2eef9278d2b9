package dev.pabal.routing;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The bindings of one exchange, laid out for the way its type looks for matches. Immutable. */
interface Bindings {
    Bindings plus(BindingSpec binding);

    Bindings minus(BindingSpec binding);

    /** Shows every binding that matches; one destination may be shown several times. */
    void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor);

    /** Whether the routing key alone decides. */
    boolean isKeyed();
}
