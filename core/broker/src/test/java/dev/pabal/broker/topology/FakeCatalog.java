package dev.pabal.broker.topology;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.Queues;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.StoreIdentity;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.User;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A catalog in memory that makes each change at once, and a topology over it. For one thread. */
final class FakeCatalog implements CatalogEditor, TopicSpace {
    static final String VHOST = VirtualHost.DEFAULT;
    static final UUID ME = new UUID(7, 1);
    static final UUID OTHER = new UUID(7, 2);

    CatalogImage image;
    final List<CatalogChange> history = new ArrayList<>();
    final TopologyRuntime topology;
    private final Set<String> colliding = new HashSet<>();
    private int shard;

    FakeCatalog() {
        image = CatalogImage.empty()
                .apply(new CatalogChange.StoreCreated(new StoreIdentity("cluster", 1, 4)))
                .apply(new CatalogChange.VirtualHostSet(new VirtualHost(VHOST, "", List.of())))
                .apply(new CatalogChange.UserSet(new User(
                        "guest",
                        PasswordHash.sha256("guest", PasswordHash.newSalt()),
                        PasswordHash.SHA256,
                        List.of("administrator"))))
                .apply(new CatalogChange.PermissionSet(new Permission("guest", VHOST, ".*", ".*", ".*")));
        topology = new TopologyRuntime(this, this, () -> image, NoQueues::new);
    }

    @Override
    public <T> CompletableFuture<T> submit(Function<CatalogImage, Planned<T>> planner) {
        Planned<T> planned;
        try {
            planned = planner.apply(image);
        } catch (BrokerException e) {
            return CompletableFuture.failedFuture(e);
        }
        apply(planned.changes());
        return CompletableFuture.completedFuture(planned.result());
    }

    void apply(List<CatalogChange> changes) {
        CatalogImage before = image;
        for (CatalogChange change : changes) {
            image = image.apply(change);
            history.add(change);
        }
        topology.policiesChanged(before, image, changes);
        topology.changed(image, changes);
    }

    Topic topic(String name, int partitions) {
        Topic topic = new Topic(UUID.randomUUID(), name, partitions, 0, Map.of(), false);
        apply(List.of(new CatalogChange.TopicCreated(topic)));
        return topic;
    }

    /** From here on the name is one that Kafka's rules do not allow. */
    void collide(String name) {
        colliding.add(name);
    }

    @Override
    public boolean free(CatalogImage now, String name) {
        return now.topic(name) == null && !colliding.contains(name);
    }

    @Override
    public void taken(String name) {}

    @Override
    public void released(String name) {}

    @Override
    public int nextShard() {
        return shard++ % 4;
    }

    /** No queue runs: deleting one counts nothing and asks nobody. */
    private record NoQueues() implements Queues {
        @Override
        public MessageQueue find(String vhost, String name) {
            return null;
        }

        @Override
        public MessageQueue find(UUID id) {
            return null;
        }

        @Override
        public Collection<MessageQueue> all() {
            return List.of();
        }
    }
}
