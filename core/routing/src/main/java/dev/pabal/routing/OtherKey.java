package dev.pabal.routing;

import org.jspecify.annotations.Nullable;

/** A message as it looks under one of its further routing keys. */
record OtherKey(Routed message, String routingKey) implements Routed {
    @Override
    public String exchange() {
        return message.exchange();
    }

    @Override
    public @Nullable Object header(String name) {
        return message.header(name);
    }

    @Override
    public boolean hasHeader(String name) {
        return message.hasHeader(name);
    }

    @Override
    public @Nullable String property(String name) {
        return message.property(name);
    }
}
