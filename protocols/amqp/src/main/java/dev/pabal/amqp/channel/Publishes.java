package dev.pabal.amqp.channel;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Partition;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.client.QuietLog;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.message.AmqpHeaders;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Messages on their way into queues: those of one read are gathered into one batch for each queue, appended together and confirmed together
 * when they are durable. A connection has one. On the connection's event loop.
 */
public final class Publishes {
    private static final QuietLog LOG = new QuietLog(LoggerFactory.getLogger(Publishes.class));
    private static final int MAX_BATCH_BYTES = 256 << 10;
    /** As many as {@link RouteCache} knows routes. */
    private static final int MAX_TARGETS = 1 << 14;

    /** What each connection may have on its way where all together have more than {@link SharedMemory#underWayBytes}. */
    private static final long SMALL_SHARE_BYTES = 64 << 10;
    /** What a record takes beside properties and body, about. */
    private static final int RECORD_COST_BYTES = 64;

    private final Link link;
    private final Held held;
    private boolean gathers;
    private boolean flushing;
    private final SharedMemory memory;
    private final RouteCache routes;
    private final AmqpHeaders headers = new AmqpHeaders();
    private Map<Object, Target> targets = new IdentityHashMap<>();
    /** Counts how often the targets were forgotten. */
    private int generation;

    private final List<Target> gathering = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>(1);
    private @Nullable PublishGroup group;
    private int groupsUnderWay;
    /** Those of them that wait for room on the disk. */
    private int groupsHeld;

    private long batches;
    /** What the batches that are being gathered take, about. */
    private long gatheredBytes;

    private long unstoredBytes;
    private boolean suspended;
    private @Nullable Throwable lastFailure;

    public Publishes(Link link) {
        this.link = link;
        this.memory = link.memory();
        this.routes = new RouteCache(memory.routes());
        this.held = new Held(link, this::flush);
    }

    /** Whether batches grow however large they become, so that they are appended as one. */
    void gather(boolean all) {
        gathers = all;
    }

    SharedMemory memory() {
        return memory;
    }

    /** What waits for the store to take writes again. */
    Held held() {
        return held;
    }

    /** The store takes writes again, or no more: what is published is held in its order until then. False where it has refused again. */
    public boolean storeWritable(boolean writable) {
        if (writable) {
            held.release();
        } else {
            held.hold();
        }
        return held.holding() != writable;
    }

    /** The connection has ended without an agreement: what is gathered is appended, what is held goes with it. */
    public void end() {
        flush();
        held.drop();
        routes.close();
    }

    /** Runs the task when everything published so far, held or not, is durable or refused. */
    public void whenDone(Runnable task) {
        held.gone()
                .thenRun(() -> whenSettled(() -> {
                    if (held.isEmpty()) {
                        task.run();
                    } else {
                        whenDone(task);
                    }
                }));
    }

    RouteCache routes() {
        return routes;
    }

    Target target(MessageQueue queue) {
        return targets.computeIfAbsent(queue, q -> Target.of(queue, headers, memory.batches()));
    }

    Target target(Partition partition) {
        return targets.computeIfAbsent(partition, p -> Target.of(partition, headers, memory.batches()));
    }

    /** Not remembered: such addresses come and go. */
    Target target(ForeignQueues.Address address) {
        for (Target target : gathering) {
            if (target.is(address)) {
                return target;
            }
        }
        return Target.of(address, headers, memory.batches());
    }

    /** The group of what is being gathered. */
    PublishGroup group() {
        PublishGroup now = group;
        if (now == null) {
            // Acknowledgements that came before the first message make room for it.
            link.handOverSettlements();
            now = new PublishGroup(this::completed);
            group = now;
        }
        return now;
    }

    /** A message is about to be added. */
    void adding(Target target) {
        if (target.empty()) {
            gathering.add(target);
            gatheredBytes += SealedBatch.COST_BYTES;
        } else if (!gathers && target.rejects()) {
            append(group(), target, link.broker().clock().wallMs());
        }
    }

    /** A message was added to each of these: one that goes to thousands of queues is worth thousands. */
    void added(List<Target> to, int messageBytes) {
        gatheredBytes += (long) to.size() * (messageBytes + RECORD_COST_BYTES);
        if (gathers) {
            return;
        }
        boolean full = unstoredBytes + gatheredBytes > allowedBytes();
        for (int i = 0; i < to.size() && !full; i++) {
            full = to.get(i).batch().sizeInBytes() >= MAX_BATCH_BYTES;
        }
        if (full) {
            flush();
        }
    }

    private long allowedBytes() {
        return memory.underWayBytes().isOverdrawn()
                ? SMALL_SHARE_BYTES
                : link.limits().maxUnstoredBytes();
    }

    /** Appends everything that was gathered. */
    public void flush() {
        PublishGroup full = group;
        if (full == null) {
            return;
        }
        group = null;
        groupsUnderWay++;
        flushing = true;
        if (!gathering.isEmpty()) {
            long nowMs = link.broker().clock().wallMs();
            for (Target target : gathering) {
                append(full, target, nowMs);
            }
            gathering.clear();
        }
        gatheredBytes = 0;
        unstoredBytes += full.bytes();
        if (targets.size() > MAX_TARGETS || routes.crowded()) {
            forgetTargets();
        }
        full.sealed();
        flushing = false;
        if (!suspended && unstoredBytes > allowedBytes()) {
            suspended = true;
            link.suspend();
        }
        tellSettled();
    }

    private void append(PublishGroup full, Target target, long nowMs) {
        full.appending(target.batch().sizeInBytes() + SealedBatch.COST_BYTES);
        SealedBatch sealed = target.seal(this, full, ++batches, nowMs);
        if (held.holdsBatches()) {
            hold(sealed);
        } else {
            sealed.append();
        }
    }

    /** The disk has no room for the batch: it waits, as all that comes after it does. Any thread. */
    void noRoom(SealedBatch refused) {
        link.execute(() -> {
            hold(refused);
            link.storeRefused();
            tellSettled();
        });
    }

    private void hold(SealedBatch batch) {
        if (batch.group().hold()) {
            groupsHeld++;
        }
        held.add(batch);
    }

    /** A batch that waited is about to be appended. */
    void triedAgain(SealedBatch batch) {
        if (batch.group().letGo()) {
            groupsHeld--;
        }
    }

    /**
     * Grows when targets are forgotten. A route that somebody still holds must not use those of before: where two of them gather for one queue,
     * what was published later may be appended first.
     */
    int generation() {
        return generation;
    }

    /** Routes hold on to targets: they must be found anew. */
    private void forgetTargets() {
        generation++;
        targets = new IdentityHashMap<>();
        routes.clear();
    }

    /** Any thread. */
    private void completed(PublishGroup done) {
        link.execute(() -> answer(done));
    }

    private void answer(PublishGroup done) {
        groupsUnderWay--;
        unstoredBytes -= done.bytes();
        Throwable failure = done.failure();
        if (failure != null) {
            failed(failure, done.untold());
        }
        done.confirm();
        if (suspended && unstoredBytes <= allowedBytes() / 2) {
            suspended = false;
            link.resume();
        }
        tellSettled();
    }

    private void tellSettled() {
        if (settled() && !waiting.isEmpty()) {
            List<Runnable> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(Runnable::run);
        }
    }

    private static boolean storage(@Nullable Throwable failure) {
        return failure != null
                && Cause.of(failure) instanceof BrokerException e
                && (e.refusal() == Refusal.STORAGE || e.refusal() == Refusal.DISK_FULL);
    }

    private void failed(Throwable failure, @Nullable Throwable untold) {
        Throwable cause = Cause.of(failure);
        if (storage(untold)) {
            link.fail(
                    new AmqpException(
                            ReplyCode.RESOURCE_ERROR,
                            "messages published without confirms were not stored: "
                                    + Cause.of(untold).getMessage()),
                    60,
                    40);
        }
        lastFailure = cause;
        if (!(cause instanceof BrokerException e)
                || (e.refusal() != Refusal.QUEUE_FULL && e.refusal() != Refusal.STORAGE)) {
            LOG.warn("messages that {} published were not stored and are refused: {}", link.name(), cause.toString());
        }
    }

    /** Why something was refused since the last call, null for nothing. */
    @Nullable
    Throwable takeFailure() {
        Throwable failure = lastFailure;
        lastFailure = null;
        return failure;
    }

    /** Whether nothing is gathered or on its way; what waits for room on the disk is neither. */
    public boolean settled() {
        return group == null && !flushing && groupsUnderWay == groupsHeld;
    }

    /** Runs the task when everything published so far is durable, refused or held; at once where it is. */
    public void whenSettled(Runnable task) {
        flush();
        if (settled()) {
            task.run();
        } else {
            waiting.add(task);
        }
    }
}
