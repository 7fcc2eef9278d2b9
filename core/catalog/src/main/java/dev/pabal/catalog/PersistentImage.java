package dev.pabal.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The image as plain maps that nobody changes any more. */
record PersistentImage(
        long version,
        @Nullable StoreIdentity identity,
        Map<String, Topic> byName,
        Map<UUID, Topic> byId,
        Map<String, Map<String, String>> brokers,
        Map<String, Map<String, String>> groups,
        long nextProducerId)
        implements CatalogImage {

    static final PersistentImage EMPTY = new PersistentImage(0, null, Map.of(), Map.of(), Map.of(), Map.of(), 0);

    @Override
    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable Topic topic(UUID id) {
        return byId.get(id);
    }

    @Override
    public Collection<Topic> topics() {
        return Collections.unmodifiableCollection(byName.values());
    }

    @Override
    public Map<String, String> brokerConfigs(String name) {
        return brokers.getOrDefault(name, Map.of());
    }

    @Override
    public Map<String, String> groupConfigs(String group) {
        return groups.getOrDefault(group, Map.of());
    }

    @Override
    public Collection<String> groupsWithConfigs() {
        return Collections.unmodifiableCollection(groups.keySet());
    }

    @Override
    public CatalogImage apply(CatalogChange change) {
        CatalogDraft draft = draft();
        draft.apply(change);
        return draft.image();
    }

    @Override
    public CatalogDraft draft() {
        return new CatalogDraft(this);
    }

    @Override
    public VirtualHost vhost(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<VirtualHost> vhosts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Exchange exchange(String vhost, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Exchange> exchanges(String vhost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Queue queue(String vhost, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Queue queue(UUID id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Queue> queues(String vhost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Queue> queues() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Binding> bindingsFrom(String vhost, String exchange) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Binding> bindingsTo(String vhost, Binding.Kind kind, String destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public User user(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<User> users() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Permission permission(String user, String vhost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Permission> permissions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<TopicPermission> topicPermissions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Policy> policies(String vhost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Parameter> parameters() {
        throw new UnsupportedOperationException();
    }
}
