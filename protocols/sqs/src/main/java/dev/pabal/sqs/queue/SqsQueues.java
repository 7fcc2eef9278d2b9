package dev.pabal.sqs.queue;

import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.catalog.CatalogImage;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queues that SQS's clients can see, and their names: all queues of virtual host {@code /} that Kafka clients see by name too, and those
 * that were made over SQS. Any thread; never waits.
 */
public final class SqsQueues {
    private static final String ARN = "arn:aws:sqs:";

    private final Broker broker;
    private final SqsSettings settings;
    /** Attributes are read once per change of a queue, not once per message. */
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    private record Known(Queue definition, QueueAttributes attributes) {}

    public SqsQueues(Broker broker, SqsSettings settings) {
        this.broker = broker;
        this.settings = settings;
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
     * @throws SqsException {@link SqsError#QUEUE_DOES_NOT_EXIST}, {@link SqsError#MISSING_PARAMETER} where none is named, and
     *     {@link SqsError#INVALID_ADDRESS} where the URL names none
     */
    public SqsQueue of(Parameters parameters, String pathUrl) {
        String url = parameters.text("QueueUrl");
        if (url == null || url.isEmpty()) {
            url = pathUrl.isEmpty() ? parameters.required("QueueUrl") : pathUrl;
        }
        return named(nameIn(url));
    }

    /** The queue of that name. Fails with {@link SqsError#QUEUE_DOES_NOT_EXIST} where there is none. */
    public SqsQueue named(String name) {
        SqsQueue queue = find(name);
        if (queue == null) {
            throw missing();
        }
        return queue;
    }

    /** The refusal of a queue that is not there. */
    public static SqsException missing() {
        return new SqsException(SqsError.QUEUE_DOES_NOT_EXIST, "The specified queue does not exist.");
    }

    /** The queue of that name, null where there is none. */
    public @Nullable SqsQueue find(String name) {
        MessageQueue queue = broker.queues().find(VirtualHost.DEFAULT, name);
        return queue == null || !visible(queue.definition()) ? null : seen(queue);
    }

    private SqsQueue seen(MessageQueue queue) {
        Queue definition = queue.definition();
        Known before = known.get(queue.id());
        if (before == null || before.definition() != definition) {
            before = new Known(definition, QueueAttributes.of(definition));
            known.put(queue.id(), before);
        }
        return new SqsQueue(definition.name(), queue, before.attributes());
    }

    /** The queue that an ARN names, null where there is none. */
    public @Nullable SqsQueue findByArn(String arn) {
        String ours = arn("");
        return arn.startsWith(ours) ? find(arn.substring(ours.length())) : null;
    }

    /** Those whose names do not come before {@code name}, in the order of their names; found one by one, as they are asked for. */
    public Stream<Queue> from(String name) {
        return broker.catalog().queuesFrom(VirtualHost.DEFAULT, name).stream().filter(SqsQueues::visible);
    }

    /** Whether SQS's clients can see a queue of their virtual host. */
    static boolean visible(Queue queue) {
        return queue.view() != Queue.View.NONE
                && (queue.topic() != null || queue.arguments().containsKey(SqsDescription.ARGUMENT));
    }

    /** {@code arn:aws:sqs:us-east-1:000000000000:name}. */
    public String arn(String name) {
        return ARN + settings.region() + ':' + settings.account() + ':' + name;
    }

    /**
     * {@code http://host:port/000000000000/name}.
     *
     * @param baseUrl scheme, host and port as the client sees them
     */
    public String url(String baseUrl, String name) {
        return baseUrl + '/' + settings.account() + '/' + name;
    }

    public SqsSettings settings() {
        return settings;
    }

    /** The name in a queue's URL: the last part of its path. Any host is as good as another; a bare name is taken too. */
    public static String nameIn(String url) {
        int end = url.length();
        while (end > 0 && url.charAt(end - 1) == '/') {
            end--;
        }
        int hostAt = url.indexOf("://") + 3;
        int nameAt = url.lastIndexOf('/', end - 1) + 1;
        if (nameAt >= end || hostAt > 2 && nameAt <= hostAt) {
            throw new SqsException(SqsError.INVALID_ADDRESS, "The address " + url + " is not valid for this endpoint.");
        }
        return url.substring(nameAt, end);
    }
}
