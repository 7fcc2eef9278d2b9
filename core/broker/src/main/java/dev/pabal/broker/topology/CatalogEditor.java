package dev.pabal.broker.topology;

import dev.pabal.catalog.CatalogImage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Makes changes to the catalog one after another: the broker's writer of the catalog, as far as the topology sees it. */
public interface CatalogEditor {
    /**
     * Plans and makes a change.
     *
     * @param planner looks at what will exist by then, on the catalog's thread, and says what to change or throws a
     *     {@code BrokerException}
     * @return completes when the changes hold: durable ones on disk, all of them shown to everyone
     */
    <T> CompletableFuture<T> submit(Function<CatalogImage, Planned<T>> planner);
}
