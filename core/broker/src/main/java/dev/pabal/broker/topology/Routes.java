package dev.pabal.broker.topology;

import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Policy;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.routing.BindingSpec;
import dev.pabal.routing.ExchangeSpec;
import dev.pabal.routing.RoutingTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routing tables of all virtual hosts, kept in step with the catalog change by change. Changed by the catalog's thread only; any thread
 * reads.
 */
final class Routes {
    private final Map<String, RoutingTable> tables = new ConcurrentHashMap<>();
    private final Function<String, PolicyTable> policies;

    /** @param policies the policies of a virtual host as they hold now */
    Routes(CatalogImage image, Function<String, PolicyTable> policies) {
        this.policies = policies;
        for (VirtualHost vhost : image.vhosts()) {
            tables.put(vhost.name(), table(image, vhost.name()));
        }
    }

    @Nullable
    RoutingTable of(String vhost) {
        return tables.get(vhost);
    }

    /** Takes over changes that hold now. */
    void changed(CatalogImage after, List<CatalogChange> changes) {
        for (CatalogChange change : changes) {
            if (change instanceof CatalogChange.ExchangeCreated c) {
                edit(c.exchange().vhost(), table -> table.with(spec(c.exchange())));
            } else if (change instanceof CatalogChange.ExchangeDeleted c) {
                edit(c.vhost(), table -> table.without(c.name()));
            } else if (change instanceof CatalogChange.BindingCreated c) {
                edit(c.binding().vhost(), table -> table.bound(spec(c.binding())));
            } else if (change instanceof CatalogChange.BindingDeleted c) {
                edit(c.binding().vhost(), table -> table.unbound(spec(c.binding())));
            } else if (change instanceof CatalogChange.VirtualHostSet c) {
                tables.computeIfAbsent(c.vhost().name(), name -> table(after, name));
            } else if (change instanceof CatalogChange.VirtualHostDeleted c) {
                tables.remove(c.name());
            } else if (change instanceof CatalogChange.PolicySet c) {
                alternates(after, c.policy().vhost());
            } else if (change instanceof CatalogChange.PolicyDeleted c) {
                alternates(after, c.vhost());
            }
        }
    }

    private void edit(String vhost, Function<RoutingTable, RoutingTable> change) {
        // A table that was made from the image after the whole group has the change already; making it again changes
        // nothing.
        tables.computeIfPresent(vhost, (name, table) -> change.apply(table));
    }

    private RoutingTable table(CatalogImage image, String vhost) {
        RoutingTable table = RoutingTable.empty();
        for (Exchange exchange : image.exchanges(vhost)) {
            table = table.with(spec(exchange));
        }
        for (Exchange exchange : image.exchanges(vhost)) {
            for (Binding binding : image.bindingsFrom(vhost, exchange.name())) {
                table = table.bound(spec(binding));
            }
        }
        return table;
    }

    /** Policies may name other alternate exchanges than before. */
    private void alternates(CatalogImage image, String vhost) {
        if (image.vhost(vhost) == null) {
            return;
        }
        for (Exchange exchange : image.exchanges(vhost)) {
            ExchangeSpec now = spec(exchange);
            edit(vhost, table -> now.equals(table.exchange(exchange.name())) ? table : table.with(now));
        }
    }

    private ExchangeSpec spec(Exchange exchange) {
        String alternate = exchange.arguments().get("alternate-exchange") instanceof String own ? own : null;
        if (alternate == null) {
            Policy policy = policies.apply(exchange.vhost()).of(exchange);
            alternate = policy != null && policy.definition().get("alternate-exchange") instanceof String name
                    ? name
                    : null;
        }
        return new ExchangeSpec(exchange.name(), exchange.type(), exchange.internal(), alternate, exchange.arguments());
    }

    private static BindingSpec spec(Binding binding) {
        return new BindingSpec(
                binding.source(),
                BindingSpec.Kind.valueOf(binding.kind().name()),
                binding.destination(),
                binding.routingKey(),
                binding.arguments());
    }
}
