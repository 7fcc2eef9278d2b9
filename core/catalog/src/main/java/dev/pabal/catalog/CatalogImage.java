package dev.pabal.catalog;

import java.util.Collection;
import java.util.List;
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

    @Nullable
    VirtualHost vhost(String name);

    Collection<VirtualHost> vhosts();

    /** The exchange, also the default exchange (name empty) and the predeclared ones of a virtual host that exists; null where there is none. */
    @Nullable
    Exchange exchange(String vhost, String name);

    /** All exchanges of a virtual host in the order of their names, predeclared ones included. */
    Collection<Exchange> exchanges(String vhost);

    @Nullable
    Queue queue(String vhost, String name);

    @Nullable
    Queue queue(UUID id);

    /** All queues of a virtual host in the order of their names. */
    Collection<Queue> queues(String vhost);

    /** The queues of a virtual host whose names do not come before {@code name}, in their order; found without a look at those before. */
    Collection<Queue> queuesFrom(String vhost, String name);

    /** All queues, in no order. */
    Collection<Queue> queues();

    /** Bindings that lead from an exchange, without the default exchange's, which are not stored. */
    Collection<Binding> bindingsFrom(String vhost, String exchange);

    /** Bindings that lead to a queue, an exchange or a topic, without the default exchange's. */
    Collection<Binding> bindingsTo(String vhost, Binding.Kind kind, String destination);

    @Nullable
    User user(String name);

    Collection<User> users();

    @Nullable
    Permission permission(String user, String vhost);

    Collection<Permission> permissions();

    @Nullable
    TopicPermission topicPermission(String user, String vhost, String exchange);

    Collection<TopicPermission> topicPermissions();

    /** Policies of a virtual host; operators' too. */
    Collection<Policy> policies(String vhost);

    /** All parameters; a copy. */
    Collection<Parameter> parameters();

    /** The parameters of one component, in the order of their virtual hosts and names; found without a look at the others. */
    Collection<Parameter> parameters(String component);

    /** The first producer id that was surely never handed out. */
    long nextProducerId();

    /**
     * The image after {@code change}.
     *
     * @throws IllegalStateException where the change contradicts the image (a name taken, an id unknown)
     */
    CatalogImage apply(CatalogChange change);

    /** The changes that make this image out of nothing: the store's creation first. Also of what is not stored. */
    List<CatalogChange> changes();

    /** Whether the same exists in both, however many changes led there. */
    boolean sameContent(CatalogImage other);

    /** A draft that begins as this image; takes the same time however much exists. */
    CatalogDraft draft();
}
