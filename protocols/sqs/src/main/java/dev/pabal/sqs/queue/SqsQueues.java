package dev.pabal.sqs.queue;

import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.realm.StoredNames;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queues that SQS's clients can see, and their names in SQS and in the catalog: all queues of virtual host {@code /} that Kafka clients
 * see by name too, and those that were made over SQS. Any thread; never waits.
 */
public final class SqsQueues {
    private final Broker broker;
    private final StoredNames names;
    /** Attributes are read once per change of a queue, not once per message. */
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    private record Known(Queue definition, Realm realm, String name, QueueAttributes attributes) {}

    /** @param own the broker's realm */
    public SqsQueues(Broker broker, Realm own) {
        this.broker = broker;
        this.names = new StoredNames(own);
        broker.onCatalogChange((before, after, changes) -> forgetGone(after));
    }

    /** Keeps what is known in proportion to what exists, without a look at everything each time a queue goes. */
    private void forgetGone(CatalogImage image) {
        if (known.size() > 2 * image.queues().size() + 16) {
            known.keySet().removeIf(id -> image.queue(id) == null);
        }
    }

    /**
     * The queue that a request is about.
     *
     * @param pathUrl the request's own path, where it names a queue; else empty
     * @param caller the realm of whoever asks
     * @throws SqsException {@link SqsError#QUEUE_DOES_NOT_EXIST}, {@link SqsError#MISSING_PARAMETER} where none is named, and
     *     {@link SqsError#INVALID_ADDRESS} where the URL names none
     */
    public SqsQueue of(Parameters parameters, String pathUrl, Realm caller) {
        String url = parameters.text("QueueUrl");
        if (url == null || url.isEmpty()) {
            url = pathUrl.isEmpty() ? parameters.required("QueueUrl") : pathUrl;
        }
        QueueAddress address = QueueAddress.in(url, caller);
        return named(address.realm(), address.name());
    }

    /** The realm's queue of that name. Fails with {@link SqsError#QUEUE_DOES_NOT_EXIST} where there is none. */
    public SqsQueue named(Realm realm, String name) {
        SqsQueue queue = find(realm, name);
        if (queue == null) {
            throw missing();
        }
        return queue;
    }

    /** The refusal of a queue that is not there. */
    public static SqsException missing() {
        return new SqsException(SqsError.QUEUE_DOES_NOT_EXIST, "The specified queue does not exist.");
    }

    /** The realm's queue of that name, null where there is none. */
    public @Nullable SqsQueue find(Realm realm, String name) {
        SqsQueue queue = findStored(names.stored(realm, name));
        // The names of others, spelled as they are kept, are no names of the broker's own realm.
        return queue == null || !queue.realm().equals(realm) ? null : queue;
    }

    /** The queue that the catalog keeps under that name, whose ever it is; null where there is none. */
    public @Nullable SqsQueue findStored(String stored) {
        MessageQueue queue = broker.queues().find(VirtualHost.DEFAULT, stored);
        return queue == null || !visible(queue.definition()) ? null : seen(queue);
    }

    private SqsQueue seen(MessageQueue queue) {
        Queue definition = queue.definition();
        Known before = known.get(queue.id());
        if (before == null || before.definition() != definition) {
            before = new Known(
                    definition,
                    names.realm(definition.name()),
                    names.name(definition.name()),
                    QueueAttributes.of(definition));
            known.put(queue.id(), before);
        }
        return new SqsQueue(before.realm(), before.name(), queue, before.attributes());
    }

    /** The queue that an ARN names, null where there is none. */
    public @Nullable SqsQueue findByArn(String arn) {
        QueueAddress address = QueueAddress.ofArn(arn);
        return address == null ? null : find(address.realm(), address.name());
    }

    /** The queues of all realms. */
    Stream<Queue> all() {
        return from("");
    }

    /**
     * The names in the catalog of a realm's queues, in order and found one by one, as they are asked for.
     *
     * @param prefix what their names in SQS begin with
     * @param after those whose names in the catalog come before are left out
     */
    public Stream<String> stored(Realm realm, String prefix, String after) {
        String first = names.stored(realm, prefix);
        return from(first.compareTo(after) > 0 ? first : after)
                .map(Queue::name)
                .takeWhile(stored -> stored.startsWith(first))
                .filter(stored -> names.isIn(realm, stored));
    }

    private Stream<Queue> from(String stored) {
        return broker.catalog().queuesFrom(VirtualHost.DEFAULT, stored).stream().filter(SqsQueues::visible);
    }

    /** Whether SQS's clients can see a queue of their virtual host. */
    static boolean visible(Queue queue) {
        return queue.view() != Queue.View.NONE
                && (queue.topic() != null || queue.arguments().containsKey(SqsDescription.ARGUMENT));
    }

    /** The name under which the catalog keeps, or would keep, a realm's queue. */
    public String storedName(Realm realm, String name) {
        return names.stored(realm, name);
    }

    /** The ARN of the queue that is kept under that name. */
    public String arn(String stored) {
        return names.realm(stored).arn(names.name(stored));
    }

    /**
     * The URL of the queue that is kept under that name.
     *
     * @param baseUrl scheme, host and port as the client sees them
     */
    public String url(String baseUrl, String stored) {
        return names.realm(stored).url(baseUrl, names.name(stored));
    }
}
