package dev.pabal.routing;

/**
 * An exchange with its bindings.
 *
 * @param bindings all of them, laid out for routing
 * @param toExchanges those that lead to exchanges, once more
 */
record Node(ExchangeSpec spec, Bindings bindings, Destinations toExchanges) {
    static Node of(ExchangeSpec spec) {
        return new Node(spec, ExchangeTypes.noBindings(spec), Destinations.NONE);
    }

    boolean isDelayed() {
        return spec.type().equals(ExchangeTypes.DELAYED);
    }

    Node with(ExchangeSpec changed) {
        return new Node(changed, bindings, toExchanges);
    }

    Node plus(BindingSpec binding) {
        boolean toExchange = binding.kind() == BindingSpec.Kind.EXCHANGE;
        return new Node(spec, bindings.plus(binding), toExchange ? toExchanges.plus(binding) : toExchanges);
    }

    Node minus(BindingSpec binding) {
        return new Node(spec, bindings.minus(binding), toExchanges.minus(binding));
    }
}
