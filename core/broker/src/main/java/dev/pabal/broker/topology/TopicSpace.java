package dev.pabal.broker.topology;

import dev.pabal.catalog.CatalogImage;

/** What the topology needs of those who give out topics' names and shards. On the catalog's thread only. */
public interface TopicSpace {
    /** Whether Kafka's rules allow a new topic of that name: its form, names that are reserved, taken, or collide with another. */
    boolean free(CatalogImage image, String name);

    /** A topic of that name is about to be created. */
    void taken(String name);

    /** A topic of that name is about to go. */
    void released(String name);

    /** The shard of the next log. */
    int nextShard();
}
