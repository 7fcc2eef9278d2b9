package dev.pabal.broker;

import dev.pabal.catalog.Binding;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Exchange;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.Topic;
import dev.pabal.catalog.VirtualHost;
import java.util.ArrayList;
import java.util.List;

/** What else goes when a topic goes: the queue that it is, queues that only look at it, and what was bound to any of them. Pure. */
final class TopicRemoval {
    private TopicRemoval() {}

    /** The changes that remove the topic, in the order in which they hold. */
    static List<CatalogChange> changes(CatalogImage image, Topic topic) {
        List<CatalogChange> changes = new ArrayList<>();
        for (VirtualHost vhost : image.vhosts()) {
            unbind(image, image.bindingsTo(vhost.name(), Binding.Kind.TOPIC, topic.name()), false, changes);
        }
        Queue own = image.queue(topic.id());
        Queue other = image.queue(VirtualHost.DEFAULT, topic.name());
        if (other != null && other != own && topic.name().equals(other.topic())) {
            remove(image, other, changes);
        }
        if (own != null) {
            remove(image, own, changes);
        } else {
            changes.add(new CatalogChange.TopicDeleted(topic.id()));
        }
        return changes;
    }

    private static void remove(CatalogImage image, Queue queue, List<CatalogChange> changes) {
        unbind(image, image.bindingsTo(queue.vhost(), Binding.Kind.QUEUE, queue.name()), !queue.stored(), changes);
        changes.add(new CatalogChange.QueueDeleted(queue.id(), queue.stored()));
    }

    /** A binding is stored where both of its ends are. */
    private static void unbind(
            CatalogImage image, Iterable<Binding> bindings, boolean transientEnd, List<CatalogChange> changes) {
        for (Binding binding : bindings) {
            Exchange source = image.exchange(binding.vhost(), binding.source());
            boolean stored = !transientEnd && (source == null || source.durable());
            changes.add(new CatalogChange.BindingDeleted(binding, stored));
        }
    }
}
