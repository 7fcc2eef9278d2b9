package dev.pabal.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All that exists at one moment. Immutable: any thread may hold and read it for as long as it likes. */
public interface CatalogImage {
    /** Nothing exists. */
    static CatalogImage empty() {
        return PersistentImage.EMPTY;
    }

    /** Grows by one with each change applied. */
    long version();

    /** Who the store is; null before its creation only. */
    @Nullable
    StoreIdentity identity();

    @Nullable
    Topic topic(String name);

    @Nullable
    Topic topic(UUID id);

    /** All topics, in no order. */
    Collection<Topic> topics();

    /** Dynamic configs of broker {@code name}, of all brokers where it is empty. */
    Map<String, String> brokerConfigs(String name);

    Map<String, String> groupConfigs(String group);

    /** Names of groups that have configs of their own. */
    Collection<String> groupsWithConfigs();

    /** The first producer id that was surely never handed out. */
    long nextProducerId();

    /**
     * The image after {@code change}.
     *
     * @throws IllegalStateException where the change contradicts the image (a name taken, an id unknown)
     */
    CatalogImage apply(CatalogChange change);

    /** A copy that changes in place, for many changes at once. */
    CatalogDraft draft();
}
