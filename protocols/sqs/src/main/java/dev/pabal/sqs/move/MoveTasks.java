package dev.pabal.sqs.move;

import dev.pabal.broker.Broker;
import dev.pabal.catalog.Parameter;
import dev.pabal.sqs.queue.DeadLetterQueues;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message move tasks of all queues, newest first. Each is kept in the catalog, when it starts and when it ends; those that were running when
 * the process ended go on. Any thread; never waits.
 */
public final class MoveTasks {
    /** The component of the catalog's parameters. */
    static final String COMPONENT = "sqs-move-tasks";

    /** So many are remembered of each source, as SQS lists them. */
    public static final int MOST_PER_SOURCE = 10;

    private static final int MOST_ACTIVE = 100;
    private static final Logger LOG = LoggerFactory.getLogger(MoveTasks.class);

    private final Broker broker;
    private final SqsQueues queues;
    private final DeadLetterQueues deadLetters;
    /** By source, newest first; guarded by this object. */
    private final Map<String, Deque<MoveRun>> runs = new HashMap<>();

    public MoveTasks(Broker broker, SqsQueues queues, DeadLetterQueues deadLetters) {
        this.broker = broker;
        this.queues = queues;
        this.deadLetters = deadLetters;
    }

    /** Takes up what the catalog remembers. To be called once, with the broker running. */
    public void resume() {
        List<MoveTask> stored = new ArrayList<>();
        for (Parameter parameter : broker.catalog().parameters(COMPONENT)) {
            MoveTask task = MoveTask.of(parameter.name(), parameter.value());
            if (task != null) {
                stored.add(task);
            }
        }
        stored.sort(Comparator.comparingLong(MoveTask::startedMs));
        for (MoveTask task : stored) {
            MoveRun run = remember(task, true);
            if (task.status().active()) {
                LOG.info("move task {} of {} goes on", task.id(), task.sourceArn());
                run.start();
            }
        }
        forgetGone();
    }

    /** Nobody can ask for the tasks of a queue that is gone. */
    private synchronized void forgetGone() {
        runs.entrySet().removeIf(entry -> {
            boolean gone = queues.findByArn(entry.getKey()) == null
                    && entry.getValue().stream()
                            .noneMatch(run -> run.task().status().active());
            if (gone) {
                entry.getValue().forEach(run -> forget(run.task()));
            }
            return gone;
        });
    }

    private synchronized MoveRun remember(MoveTask task, boolean resumed) {
        ScheduledExecutorService timers = broker.shard(Math.floorMod(task.id().hashCode(), broker.shardCount()))
                .loop();
        MoveRun run = new MoveRun(task, resumed, queues, broker.clock(), timers, this::ended);
        Deque<MoveRun> ofSource = runs.computeIfAbsent(task.sourceArn(), arn -> new ArrayDeque<>());
        ofSource.addFirst(run);
        while (ofSource.size() > MOST_PER_SOURCE) {
            forget(ofSource.removeLast().task());
        }
        return run;
    }

    private void forget(MoveTask task) {
        logged(broker.topology().administration().deleteParameter(COMPONENT, "", name(task)), task);
    }

    private void ended(MoveTask task) {
        logged(store(task), task);
    }

    private CompletableFuture<Void> store(MoveTask task) {
        return broker.topology().administration().setParameter(new Parameter(COMPONENT, "", name(task), task.stored()));
    }

    private static String name(MoveTask task) {
        return task.id().toString();
    }

    private static void logged(CompletableFuture<Void> change, MoveTask task) {
        change.exceptionally(error -> {
            LOG.warn(
                    "what became of move task {} cannot be written and is forgotten with a restart: {}",
                    task.id(),
                    error.toString());
            return null;
        });
    }

    /**
     * Starts a task; completes with its handle when it is durable.
     *
     * @param region that of whoever asks: ARNs of another name nothing there
     * @param maxPerSecond 0 = as fast as may be
     */
    public CompletableFuture<String> start(
            String region, String sourceArn, @Nullable String destinationArn, int maxPerSecond) {
        SqsQueue source = source(region, sourceArn);
        if (deadLetters.sources(source.storedName()).isEmpty()) {
            throw invalid("Source queue must be configured as a Dead Letter Queue.");
        }
        if (destinationArn != null) {
            checkDestination(source, destinationArn);
        }
        return source.queue()
                .status()
                .thenCompose(status -> start(new MoveTask(
                        UUID.randomUUID(),
                        sourceArn,
                        destinationArn,
                        maxPerSecond,
                        MoveTask.Status.RUNNING,
                        broker.clock().wallMs(),
                        0,
                        status.ready(),
                        null)));
    }

    private void checkDestination(SqsQueue source, String destinationArn) {
        SqsQueue destination = find(source.realm().region(), destinationArn);
        if (destination == null) {
            throw new SqsException(
                    SqsError.RESOURCE_NOT_FOUND,
                    "The resource that you specified for the DestinationArn parameter doesn't exist.");
        }
        if (destination.storedName().equals(source.storedName())) {
            throw invalid("Source queue arn and destination queue arn must not be the same.");
        }
        if (destination.attributes().fifo() != source.attributes().fifo()) {
            throw invalid("Source queue and destination queue must be of the same queue type.");
        }
    }

    private CompletableFuture<String> start(MoveTask task) {
        MoveRun run;
        synchronized (this) {
            forgetGone();
            if (active(task.sourceArn())) {
                throw invalid("There is already a task running. Only one active task is allowed for a source queue arn"
                        + " at a given time.");
            }
            long all = runs.keySet().stream().filter(this::active).count();
            if (all >= MOST_ACTIVE) {
                throw new SqsException(
                        SqsError.OVER_LIMIT, "At most " + MOST_ACTIVE + " message move tasks can be active.");
            }
            run = remember(task, false);
        }
        return store(task)
                .whenComplete((stored, error) -> {
                    if (error != null) {
                        drop(run);
                    }
                })
                .thenApply(stored -> {
                    run.start();
                    return task.handle();
                });
    }

    private synchronized void drop(MoveRun run) {
        String source = run.task().sourceArn();
        Deque<MoveRun> ofSource = runs.get(source);
        if (ofSource != null) {
            ofSource.remove(run);
            if (ofSource.isEmpty()) {
                runs.remove(source);
            }
        }
    }

    private boolean active(String sourceArn) {
        MoveRun newest = runs.getOrDefault(sourceArn, new ArrayDeque<>()).peekFirst();
        return newest != null && newest.task().status().active();
    }

    /** Cancels a task; answers how many it has moved. */
    public long cancel(String region, String handleText) {
        TaskHandle handle = TaskHandle.decoded(handleText);
        if (handle == null) {
            throw invalid("Value for parameter TaskHandle is invalid.");
        }
        source(region, handle.sourceArn());
        MoveRun run = find(handle);
        if (run == null) {
            throw new SqsException(SqsError.RESOURCE_NOT_FOUND, "Task does not exist.");
        }
        if (!run.cancel()) {
            throw new SqsException(
                    SqsError.UNSUPPORTED_OPERATION, "Only a message move task that is running can be cancelled.");
        }
        return run.task().moved();
    }

    private synchronized @Nullable MoveRun find(TaskHandle handle) {
        for (MoveRun run : runs.getOrDefault(handle.sourceArn(), new ArrayDeque<>())) {
            if (run.task().id().equals(handle.taskId())) {
                return run;
            }
        }
        return null;
    }

    /** The tasks of a source, newest first. */
    public synchronized List<MoveTask> list(String region, String sourceArn, int most) {
        source(region, sourceArn);
        return runs.getOrDefault(sourceArn, new ArrayDeque<>()).stream()
                .limit(most)
                .map(MoveRun::task)
                .toList();
    }

    private SqsQueue source(String region, String arn) {
        SqsQueue source = find(region, arn);
        if (source == null) {
            throw new SqsException(
                    SqsError.RESOURCE_NOT_FOUND,
                    "The resource that you specified for the SourceArn parameter doesn't exist.");
        }
        return source;
    }

    private @Nullable SqsQueue find(String region, String arn) {
        SqsQueue queue = queues.findByArn(arn);
        return queue != null && queue.realm().region().equals(region) ? queue : null;
    }

    private static SqsException invalid(String message) {
        return new SqsException(SqsError.INVALID_PARAMETER_VALUE, message);
    }
}
