package dev.pabal.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/** The image as persistent maps: the next one shares all of this one but the path to what changed. */
record PersistentImage(
        long version,
        @Nullable StoreIdentity identity,
        PMap<String, Topic> topicsByName,
        PMap<UUID, Topic> topicsById,
        PMap<String, Map<String, String>> brokers,
        PMap<String, Map<String, String>> groups,
        TreePMap<String, VhostContent> contents,
        PMap<UUID, Queue> queuesById,
        Accounts accounts,
        TreePMap<String, TreePMap<ScopedName, Parameter>> parametersByComponent,
        long nextProducerId)
        implements CatalogImage {

    static final PersistentImage EMPTY = new PersistentImage(
            0,
            null,
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            TreePMap.empty(),
            HashTreePMap.empty(),
            Accounts.NONE,
            TreePMap.empty(),
            0);

    @Override
    public @Nullable Topic topic(String name) {
        return topicsByName.get(name);
    }

    @Override
    public @Nullable Topic topic(UUID id) {
        return topicsById.get(id);
    }

    @Override
    public Collection<Topic> topics() {
        return Collections.unmodifiableCollection(topicsByName.values());
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
    public List<CatalogChange> changes() {
        return ImageChanges.of(this);
    }

    @Override
    public boolean sameContent(CatalogImage other) {
        return other instanceof PersistentImage image && at(0).equals(image.at(0));
    }

    private PersistentImage at(long otherVersion) {
        return new PersistentImage(
                otherVersion,
                identity,
                topicsByName,
                topicsById,
                brokers,
                groups,
                contents,
                queuesById,
                accounts,
                parametersByComponent,
                nextProducerId);
    }

    @Override
    public CatalogDraft draft() {
        return new CatalogDraft(this);
    }

    @Override
    public @Nullable VirtualHost vhost(String name) {
        VhostContent content = contents.get(name);
        return content == null ? null : content.host();
    }

    @Override
    public Collection<VirtualHost> vhosts() {
        return contents.values().stream().map(VhostContent::host).toList();
    }

    @Override
    public @Nullable Exchange exchange(String vhost, String name) {
        VhostContent content = contents.get(vhost);
        return content == null ? null : content.exchanges().get(name);
    }

    @Override
    public Collection<Exchange> exchanges(String vhost) {
        VhostContent content = contents.get(vhost);
        return content == null
                ? List.of()
                : Collections.unmodifiableCollection(content.exchanges().values());
    }

    @Override
    public @Nullable Queue queue(String vhost, String name) {
        VhostContent content = contents.get(vhost);
        return content == null ? null : content.queues().get(name);
    }

    @Override
    public @Nullable Queue queue(UUID id) {
        return queuesById.get(id);
    }

    @Override
    public Collection<Queue> queues(String vhost) {
        VhostContent content = contents.get(vhost);
        return content == null
                ? List.of()
                : Collections.unmodifiableCollection(content.queues().values());
    }

    @Override
    public Collection<Queue> queuesFrom(String vhost, String name) {
        VhostContent content = contents.get(vhost);
        return content == null
                ? List.of()
                : Collections.unmodifiableCollection(
                        content.queues().tailMap(name, true).values());
    }

    @Override
    public Collection<Queue> queues() {
        return Collections.unmodifiableCollection(queuesById.values());
    }

    @Override
    public Collection<Binding> bindingsFrom(String vhost, String exchange) {
        VhostContent content = contents.get(vhost);
        return content == null ? List.of() : content.bindingsFrom(exchange);
    }

    @Override
    public Collection<Binding> bindingsTo(String vhost, Binding.Kind kind, String destination) {
        VhostContent content = contents.get(vhost);
        return content == null ? List.of() : content.bindingsTo(kind, destination);
    }

    @Override
    public @Nullable User user(String name) {
        return accounts.users().get(name);
    }

    @Override
    public Collection<User> users() {
        return Collections.unmodifiableCollection(accounts.users().values());
    }

    @Override
    public @Nullable Permission permission(String user, String vhost) {
        return accounts.permission(user, vhost);
    }

    @Override
    public Collection<Permission> permissions() {
        return accounts.allPermissions();
    }

    @Override
    public @Nullable TopicPermission topicPermission(String user, String vhost, String exchange) {
        return accounts.topicPermission(user, vhost, exchange);
    }

    @Override
    public Collection<TopicPermission> topicPermissions() {
        return accounts.allTopicPermissions();
    }

    @Override
    public Collection<Policy> policies(String vhost) {
        VhostContent content = contents.get(vhost);
        return content == null
                ? List.of()
                : Collections.unmodifiableCollection(content.policies().values());
    }

    @Override
    public Collection<Parameter> parameters() {
        return parametersByComponent.values().stream()
                .flatMap(own -> own.values().stream())
                .toList();
    }

    @Override
    public Collection<Parameter> parameters(String component) {
        TreePMap<ScopedName, Parameter> own = parametersByComponent.get(component);
        return own == null ? List.of() : Collections.unmodifiableCollection(own.values());
    }
}
