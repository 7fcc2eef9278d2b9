package dev.pabal.broker;

import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogDraft;
import dev.pabal.catalog.CatalogImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the catalog's log says at a start. A store's creation is the first change of every catalog; where it comes again, what follows is the
 * whole catalog anew (see {@link CatalogLog#replace}), and what came before is history.
 */
final class CatalogReplay {
    private final Set<UUID> deleted = new HashSet<>();
    private CatalogDraft draft = CatalogImage.empty().draft();
    private boolean anyVhost;
    private long changes;

    void apply(CatalogChange change) {
        if (change instanceof CatalogChange.StoreCreated) {
            draft = CatalogImage.empty().draft();
        }
        draft.apply(change);
        changes++;
        if (change instanceof CatalogChange.TopicDeleted c) {
            deleted.add(c.topicId());
        } else if (change instanceof CatalogChange.QueueDeleted c) {
            deleted.add(c.queueId());
        } else if (change instanceof CatalogChange.VirtualHostSet) {
            anyVhost = true;
        }
    }

    CatalogImage image() {
        return draft.image();
    }

    /** Owners of logs that were deleted: what is left of these is to be removed. */
    Set<UUID> deleted() {
        return deleted;
    }

    /** Whether there was ever a virtual host: older programs knew none. */
    boolean anyVhost() {
        return anyVhost;
    }

    /**
     * The whole catalog in as few changes as possible, where the log holds so many more that a shorter one pays; otherwise nothing.
     *
     * @param least changes below which a log is short enough
     */
    List<CatalogChange> shorter(long least) {
        if (changes < least || image().vhosts().isEmpty()) {
            return List.of();
        }
        List<CatalogChange> all = image().changes();
        if (changes < 4L * all.size()) {
            return List.of();
        }
        CatalogDraft again = CatalogImage.empty().draft();
        all.forEach(again::apply);
        if (!again.image().sameContent(image())) {
            throw new IllegalStateException("the catalog cannot be told in few changes: " + all.size());
        }
        return all;
    }
}
