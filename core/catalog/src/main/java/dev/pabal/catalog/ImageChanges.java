package dev.pabal.catalog;

import java.util.ArrayList;
import java.util.List;

/** Turns an image back into changes: the fewest that make it out of nothing, in an order in which none contradicts what came before. */
final class ImageChanges {
    private ImageChanges() {}

    static List<CatalogChange> of(PersistentImage image) {
        List<CatalogChange> changes = new ArrayList<>();
        StoreIdentity identity = image.identity();
        if (identity != null) {
            changes.add(new CatalogChange.StoreCreated(identity));
        }
        // Before the queues: a queue leaves the topic that is there as it is, and its configs may have changed since.
        image.topicsById().values().forEach(topic -> changes.add(new CatalogChange.TopicCreated(topic)));
        image.brokers().forEach((name, configs) -> changes.add(new CatalogChange.BrokerConfigsSet(name, configs)));
        image.groups().forEach((name, configs) -> changes.add(new CatalogChange.GroupConfigsSet(name, configs)));
        changes.add(new CatalogChange.ProducerIdsReserved(image.nextProducerId()));
        image.contents().values().forEach(content -> add(content, changes));
        image.users().forEach(user -> changes.add(new CatalogChange.UserSet(user)));
        image.permissions().forEach(permission -> changes.add(new CatalogChange.PermissionSet(permission)));
        image.topicPermissions().forEach(permission -> changes.add(new CatalogChange.TopicPermissionSet(permission)));
        image.parameters().forEach(parameter -> changes.add(new CatalogChange.ParameterSet(parameter)));
        return changes;
    }

    private static void add(VhostContent content, List<CatalogChange> changes) {
        VhostContent fresh = VhostContent.of(content.host());
        changes.add(new CatalogChange.VirtualHostSet(content.host()));
        content.exchanges().values().forEach(exchange -> {
            if (!fresh.exchanges().containsKey(exchange.name())) {
                changes.add(new CatalogChange.ExchangeCreated(exchange));
            }
        });
        content.queues().values().forEach(queue -> changes.add(new CatalogChange.QueueCreated(queue)));
        content.from()
                .values()
                .forEach(bindings ->
                        bindings.forEach(binding -> changes.add(new CatalogChange.BindingCreated(binding, true))));
        content.policies().values().forEach(policy -> changes.add(new CatalogChange.PolicySet(policy)));
    }
}
