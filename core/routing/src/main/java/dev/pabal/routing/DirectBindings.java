package dev.pabal.routing;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.pcollections.PMap;

/** A binding matches where its key is the message's. */
record DirectBindings(PMap<String, Destinations> byKey) implements Bindings {
    @Override
    public Bindings plus(BindingSpec binding) {
        Destinations old = byKey.getOrDefault(binding.routingKey(), Destinations.NONE);
        return new DirectBindings(byKey.plus(binding.routingKey(), old.plus(binding)));
    }

    @Override
    public Bindings minus(BindingSpec binding) {
        Destinations rest =
                byKey.getOrDefault(binding.routingKey(), Destinations.NONE).minus(binding);
        return new DirectBindings(
                rest.isEmpty() ? byKey.minus(binding.routingKey()) : byKey.plus(binding.routingKey(), rest));
    }

    @Override
    public void match(Routed message, RandomGenerator random, Consumer<BindingSpec> visitor) {
        Destinations found = byKey.get(message.routingKey());
        if (found != null) {
            found.forEach(visitor);
        }
    }

    @Override
    public boolean isKeyed() {
        return true;
    }
}
