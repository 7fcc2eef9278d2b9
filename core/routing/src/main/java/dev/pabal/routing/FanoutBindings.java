package dev.pabal.routing;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Every binding matches. */
record FanoutBindings(Destinations all) implements Bindings {
    @Override
    public Bindings plus(BindingSpec binding) {
        return new FanoutBindings(all.plus(binding));
    }

    @Override
    public Bindings minus(BindingSpec binding) {
        return new FanoutBindings(all.minus(binding));
    }

    @Override
    public void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor) {
        all.forEach(visitor);
    }

    @Override
    public boolean isKeyed() {
        return true;
    }
}
