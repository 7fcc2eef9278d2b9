package dev.pabal.sqs.action;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.queue.AttributeRules;
import dev.pabal.sqs.queue.QueueAttribute;
import dev.pabal.sqs.queue.QueueAttributes;
import dev.pabal.sqs.queue.QueueNames;
import dev.pabal.sqs.queue.SqsArguments;
import dev.pabal.sqs.queue.SqsDescription;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.Tags;
import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Makes a queue, or says that it is there: the same attributes again are no error. */
final class CreateQueue implements Action {
    /** The name cannot be taken, or somebody has taken it. */
    private static final Set<Refusal> REFUSALS_OF_A_NAME =
            Set.of(Refusal.PRECONDITION_FAILED, Refusal.ACCESS_REFUSED, Refusal.RESOURCE_LOCKED, Refusal.INVALID_NAME);

    private final QueueActions shared;

    CreateQueue(QueueActions shared) {
        this.shared = shared;
    }

    @Override
    public String name() {
        return "CreateQueue";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        String name = call.parameters().required("QueueName");
        Map<String, String> said = Objects.requireNonNullElse(call.parameters().textMap("Attributes"), Map.of());
        boolean fifo = "true".equalsIgnoreCase(said.get(QueueAttribute.FIFO.label()));
        Realm realm = call.realm();
        String url = realm.url(call.baseUrl(), name);
        Reply reply = out -> out.text("QueueUrl", url);
        SqsQueue existing = shared.queues().find(realm, name);
        if (existing != null) {
            Map<QueueAttribute, String> accepted =
                    AttributeRules.accept(said, existing.attributes().fifo());
            checkSame(existing.attributes(), accepted);
            return CompletableFuture.completedFuture(reply);
        }
        QueueNames.check(name, fifo);
        Map<QueueAttribute, String> accepted = AttributeRules.accept(said, fifo);
        if (shared.deletions().holds(shared.queues().storedName(realm, name))) {
            throw new SqsException(
                    SqsError.QUEUE_DELETED_RECENTLY,
                    "You must wait 60 seconds after deleting a queue before you can create another with the same name.");
        }
        Map<String, String> tags =
                Tags.with(Map.of(), Objects.requireNonNullElse(call.parameters().textMap("tags"), Map.of()));
        return create(realm, name, accepted, tags, fifo)
                .thenCompose(created -> shared.redriveTo(created.name(), true))
                .thenApply(redriven -> reply);
    }

    private CompletableFuture<Queue> create(
            Realm realm, String name, Map<QueueAttribute, String> accepted, Map<String, String> tags, boolean fifo) {
        Map<String, String> attributes = AttributeRules.merge(Map.of(), accepted);
        AttributeRules.checkTogether(QueueAttributes.of(attributes));
        String target = shared.deadLetters().target(accepted, realm, name, fifo);
        long nowS = shared.nowS();
        SqsDescription description = new SqsDescription(attributes, tags, nowS, nowS);
        return shared.topology()
                .declareQueue(
                        VirtualHost.DEFAULT,
                        shared.queues().storedName(realm, name),
                        true,
                        false,
                        false,
                        SqsArguments.ofNew(description, target),
                        QueueActions.NO_CONNECTION)
                .handle((created, error) -> checked(realm, name, accepted, created, error));
    }

    /** Somebody else may have been faster with the same name: then it matters whether both want the same. */
    private Queue checked(
            Realm realm,
            String name,
            Map<QueueAttribute, String> accepted,
            @Nullable Queue created,
            @Nullable Throwable error) {
        if (created != null) {
            checkSame(QueueAttributes.of(created), accepted);
            return created;
        }
        Throwable cause = Cause.of(error);
        if (!(cause instanceof BrokerException refused) || !REFUSALS_OF_A_NAME.contains(refused.refusal())) {
            throw new CompletionException(cause);
        }
        SqsQueue existing = shared.queues().find(realm, name);
        if (existing == null) {
            throw SqsException.invalid(name, "QueueName", String.valueOf(refused.getMessage()));
        }
        checkSame(existing.attributes(), accepted);
        return existing.queue().definition();
    }

    private static void checkSame(QueueAttributes existing, Map<QueueAttribute, String> accepted) {
        QueueAttribute different = AttributeRules.firstDifference(existing, accepted);
        if (different != null) {
            throw new SqsException(
                    SqsError.QUEUE_NAME_EXISTS,
                    "A queue already exists with the same name and a different value for attribute "
                            + different.label());
        }
    }
}
