package dev.pabal.broker.topology;

import dev.pabal.catalog.CatalogChange;
import java.util.List;

/**
 * What someone wants of the catalog, once it has been checked.
 *
 * @param changes in order; empty where all is as wanted
 * @param result what the caller is told when they hold
 */
public record Planned<T>(List<CatalogChange> changes, T result) {
    static <T> Planned<T> unchanged(T result) {
        return new Planned<>(List.of(), result);
    }

    @SuppressWarnings("NullAway") // The result of a plan without a result.
    static Planned<Void> of(List<CatalogChange> changes) {
        return new Planned<>(changes, null);
    }
}
