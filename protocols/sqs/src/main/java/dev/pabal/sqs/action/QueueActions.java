package dev.pabal.sqs.action;

import dev.pabal.broker.Broker;
import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.topology.Topology;
import dev.pabal.catalog.Queue;
import dev.pabal.catalog.VirtualHost;
import dev.pabal.sqs.SqsSettings;
import dev.pabal.sqs.move.MoveTasks;
import dev.pabal.sqs.queue.DeadLetterQueues;
import dev.pabal.sqs.queue.LastingPauses;
import dev.pabal.sqs.queue.QueueAttribute;
import dev.pabal.sqs.queue.SqsArguments;
import dev.pabal.sqs.queue.SqsDescription;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the actions on queues share, and the list of them. */
final class QueueActions {
    private static final Logger LOG = LoggerFactory.getLogger(QueueActions.class);

    /** SQS's clients have no connection that owns queues. */
    static final UUID NO_CONNECTION = new UUID(0, 0);

    private final Broker broker;
    private final SqsQueues queues;
    private final DeadLetterQueues deadLetters;
    private final LastingPauses deletions;

    QueueActions(Broker broker, SqsQueues queues, SqsSettings settings) {
        this.broker = broker;
        this.queues = queues;
        this.deadLetters = new DeadLetterQueues(broker, queues);
        this.deletions = new LastingPauses(broker, "sqs-deletions", settings.deleteWaitMs());
    }

    /** The actions on queues, and the move tasks that the last end of the process interrupted: to be called once. */
    List<Action> all() {
        MoveTasks moves = new MoveTasks(broker, queues, deadLetters);
        moves.resume();
        mendRedrives();
        return List.of(
                new CreateQueue(this),
                new GetQueueUrl(this),
                new ListQueues(this),
                new DeleteQueue(this),
                new GetQueueAttributes(this),
                new SetQueueAttributes(this),
                new PurgeQueue(this),
                new TagQueue(this),
                new UntagQueue(this),
                new ListQueueTags(this),
                new AddPermission(this),
                new RemovePermission(this),
                new ListDeadLetterSourceQueues(this),
                new StartMessageMoveTask(moves),
                new CancelMessageMoveTask(moves),
                new ListMessageMoveTasks(moves));
    }

    /** A queue may have been made, or not yet deleted, when the process ended, before its sources heard of it; or made by an AMQP client. */
    private void mendRedrives() {
        for (String target : deadLetters.withoutEffect()) {
            redriveTo(target, true).exceptionally(error -> {
                LOG.warn("redrive policies to queue {} are not in force, set them anew: {}", target, error.toString());
                return null;
            });
        }
    }

    SqsQueues queues() {
        return queues;
    }

    DeadLetterQueues deadLetters() {
        return deadLetters;
    }

    /** Names whose queues were deleted lately. */
    LastingPauses deletions() {
        return deletions;
    }

    Topology topology() {
        return broker.topology();
    }

    Broker broker() {
        return broker;
    }

    /** The queue that a call is about. */
    SqsQueue of(Call call) {
        return queues.of(call.parameters(), call.queueUrl(), call.realm());
    }

    long nowS() {
        return broker.clock().wallMs() / 1000;
    }

    /** What SQS's clients said of a queue. */
    SqsDescription description(SqsQueue queue) {
        return SqsDescription.of(queue.queue().definition().arguments());
    }

    /**
     * Changes a queue's policy.
     *
     * @param change from the policy as it is, null where there is none, to the one that holds then, empty for none; runs on the
     *     catalog's thread, what it throws is the answer
     */
    CompletableFuture<Reply> changePolicy(SqsQueue queue, Function<@Nullable String, String> change) {
        String policy = QueueAttribute.POLICY.label();
        long nowS = nowS();
        return redescribe(queue, before -> {
            Map<String, String> attributes = new LinkedHashMap<>(before.attributes());
            String changed = change.apply(attributes.get(policy));
            if (changed.isEmpty()) {
                attributes.remove(policy);
            } else {
                attributes.put(policy, changed);
            }
            return new SqsDescription(attributes, before.tags(), before.createdS(), nowS);
        });
    }

    /** Changes what SQS's clients said of a queue, and nothing else. */
    CompletableFuture<Reply> redescribe(SqsQueue queue, UnaryOperator<SqsDescription> change) {
        return changeArguments(queue, arguments -> {
            Map<String, Object> changed = new LinkedHashMap<>(arguments);
            SqsDescription description = change.apply(SqsDescription.of(arguments));
            changed.put(SqsDescription.ARGUMENT, description.argument());
            return changed;
        });
    }

    /**
     * Puts the redrive policies that name a queue in force, or out of it before the queue goes: a dead letter that has nowhere to go would be
     * dropped.
     *
     * @param target its stored name
     */
    CompletableFuture<Void> redriveTo(String target, boolean there) {
        String arn = queues.arn(target);
        return CompletableFuture.allOf(deadLetters.sources(target).stream()
                .map(source -> topology()
                        .changeQueue(
                                VirtualHost.DEFAULT,
                                source,
                                before -> SqsArguments.redriven(before, arn, there ? target : null))
                        .handle(QueueActions::passingOverGone))
                .toArray(CompletableFuture[]::new));
    }

    private static @Nullable Queue passingOverGone(@Nullable Queue changed, @Nullable Throwable error) {
        Throwable cause = error == null ? null : Cause.of(error);
        if (cause == null || cause instanceof BrokerException refused && refused.refusal() == Refusal.NOT_FOUND) {
            return changed;
        }
        throw new CompletionException(cause);
    }

    /** Changes a queue's arguments. */
    CompletableFuture<Reply> changeArguments(SqsQueue queue, UnaryOperator<Map<String, Object>> change) {
        return topology()
                .changeQueue(VirtualHost.DEFAULT, queue.storedName(), change)
                .thenApply(changed -> Reply.EMPTY);
    }
}
