package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.broker.queue.RecordWindow.Place;
import dev.pabal.log.Log;
import dev.pabal.queue.Acquired;
import dev.pabal.queue.DeadReason;
import dev.pabal.queue.QueueView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out one queue's messages: message by message to whose turn it is, gathered to one hand-over per consumer. For the shard's thread. */
final class Deliverer {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
    /** Messages that one turn hands out before others' queues have theirs. */
    static final int MESSAGES_PER_TURN = 2048;
    /** Bounds of one hand-over. */
    private static final int BATCH_MESSAGES = 256;

    private static final long BATCH_BYTES = 64 << 10;
    /** The log's memory is let go of when nobody took anything for so long: its readers share it with all logs' appends. */
    private static final long IDLE_MS = 1000;

    /** Somebody waits for one message. */
    private record Getting(boolean noAck, GetHolder holder, CompletableFuture<@Nullable Deliveries> answer) {}

    private final QueueRuntime queue;
    private final QueueCore core;
    private final QueueView view;
    private final Receivers receivers;
    private final Log log;
    private final RecordWindow window;
    private final ArrayDeque<Getting> getting = new ArrayDeque<>(0);
    /** Slots with something gathered. */
    private final List<ConsumerSlot> gathered = new ArrayList<>(2);

    private final Acquired acquired = new Acquired();
    private long lastTakenMs;
    /** Receivers come again: the log's memory is kept for them a while. */
    private boolean takenByReceiver;
    /** Messages that consumers have before the next receiver: as many as the last one had. */
    private int owedToConsumers;
    /** The message that is looked at is one more of the group of {@link #acquired}. */
    private boolean ofGroup;
    /** Made when the first message is delayed. */
    private @Nullable LookAhead ahead;
    /** What was located last was fetched beforehand. */
    private boolean fetched;
    /** Somebody is being handed something, and may ask for the next thing at once. */
    private boolean delivering;
    /** What is next waits for the disk, or for the end of the turn. */
    private boolean withholding;

    Deliverer(QueueRuntime queue, QueueCore core, Log log) {
        this.queue = queue;
        this.core = core;
        this.view = core.view();
        this.receivers = core.receivers();
        this.log = log;
        this.window = new RecordWindow(
                log,
                core.shard()::post,
                core.shard()::afterAMoment,
                () -> core.shard().list(core),
                RecordWindow.FEW_WALKS);
    }

    void get(boolean noAck, GetHolder holder, CompletableFuture<@Nullable Deliveries> answer) {
        getting.add(new Getting(noAck, holder, answer));
    }

    /** Hands out what is ready and wanted; true where the turn ended before that did. */
    boolean deliver(long nowMs) {
        return deliver(nowMs, true);
    }

    /** Hands out to those only who wait all the time: consumers and receivers. */
    void deliverToWaiting(long nowMs) {
        deliver(nowMs, false);
    }

    boolean isDelivering() {
        return delivering;
    }

    /** Whether the next message was not handed out only because its record is being read, or what the view wrote is not durable. */
    boolean isWithholding() {
        return withholding;
    }

    private boolean deliver(long nowMs, boolean gets) {
        delivering = true;
        try {
            return handOut(nowMs, gets);
        } finally {
            delivering = false;
        }
    }

    private boolean handOut(long nowMs, boolean gets) {
        int left = MESSAGES_PER_TURN;
        withholding = false;
        receivers.expire(nowMs);
        while (left > 0) {
            Getting get = gets ? getting.peek() : null;
            Receiver receiver = get == null ? receivers.first() : null;
            ConsumerSlot slot = get == null && (receiver == null || owedToConsumers > 0)
                    ? core.consumers().next()
                    : null;
            if (get == null && receiver == null && slot == null) {
                break;
            }
            if (slot == null) {
                owedToConsumers = 0;
            } else {
                receiver = null;
            }
            ofGroup = false;
            long offset = receiver == null ? view.nextReady(nowMs) : next(receiver, nowMs);
            if (offset < 0) {
                withholding = view.ready() > 0 && view.awaitsMark();
                if (!othersMayHaveOne(receiver, gets, nowMs)) {
                    break;
                }
                continue;
            }
            Place place = locate(offset, nowMs);
            if (place == Place.PENDING) {
                withholding = true;
                break;
            }
            if (place == Place.FAILED) {
                fail();
                break;
            }
            if (place != Place.FOUND) {
                pass(place, nowMs);
                left--;
            } else {
                // The end of this turn moves the view on: in the next one it is there, or not ready after all.
                withholding = !serve(get, receiver, slot, nowMs);
                left = withholding ? 0 : left - 1;
            }
        }
        flush(nowMs);
        return left == 0;
    }

    /** Nothing is ready for whose turn it is: whether to look on for somebody else. */
    private boolean othersMayHaveOne(@Nullable Receiver receiver, boolean gets, long nowMs) {
        if (receiver != null && receiver.isBegun()) {
            served(receiver);
            return true;
        }
        return gets && !answerEmpty(nowMs);
    }

    /** Hands out the message that was found to whose turn it is; false where the view does not give it yet. */
    private boolean serve(@Nullable Getting get, @Nullable Receiver receiver, @Nullable ConsumerSlot slot, long nowMs) {
        if (get != null) {
            return give(get, nowMs);
        }
        if (receiver == null) {
            return slot == null || hand(slot, nowMs);
        }
        if (receiver.isTooMuch(found().sizeInBytes())) {
            served(receiver);
            return true;
        }
        return hand(receiver, nowMs);
    }

    /** The next message for the receiver, -1 for none: more of the group that it was handed one of, as long as there is. */
    private long next(Receiver receiver, long nowMs) {
        if (receiver.isBegun()) {
            long offset = view.nextReadyOfGroup(receiver.lastOffset());
            if (offset >= 0) {
                ofGroup = true;
                acquired.offset = receiver.lastOffset();
                return offset;
            }
        }
        return view.nextReady(nowMs);
    }

    /** False where the view does not give the message yet. */
    private boolean hand(Receiver receiver, long nowMs) {
        long visibilityMs = Math.max(1, receiver.options.visibilityMs());
        long deadlineMs = nowMs > Long.MAX_VALUE - visibilityMs ? Long.MAX_VALUE : nowMs + visibilityMs;
        if (!acquire(QueueView.RECEIVERS, deadlineMs, nowMs)) {
            return false;
        }
        taken(false, nowMs);
        takenByReceiver = true;
        if (receiver.hand(acquired, found())) {
            served(receiver);
        }
        return true;
    }

    private void served(Receiver receiver) {
        owedToConsumers = receiver.size();
        receivers.served(receiver);
    }

    private boolean acquire(int holder, long deadlineMs, long nowMs) {
        return ofGroup
                ? view.acquireOfGroup(holder, deadlineMs, nowMs, acquired)
                : view.acquire(holder, deadlineMs, nowMs, acquired);
    }

    private Place locate(long offset, long nowMs) {
        LookAhead maybe = ahead;
        fetched = maybe != null && maybe.find(offset);
        if (fetched) {
            return Place.FOUND;
        }
        return maybe != null && maybe.awaits(offset, nowMs) ? Place.PENDING : window.locate(offset);
    }

    /** What {@link #locate} found. */
    private FoundRecord found() {
        return fetched && ahead != null ? ahead.found() : window.found();
    }

    /** What cannot be delivered leaves the queue: what is not there silently, what cannot be decoded as a dead letter. */
    private void pass(Place place, long nowMs) {
        if (!acquire(QueueView.RECEIVERS, Long.MAX_VALUE, nowMs)) {
            return;
        }
        if (place == Place.GONE) {
            view.settle(acquired.offset, acquired.generation, nowMs);
        } else {
            LOG.error(
                    "message {} of queue '{}' in vhost '{}' cannot be decoded: it is discarded as corrupt",
                    acquired.offset,
                    queue.definition().name(),
                    queue.definition().vhost());
            view.discard(acquired.offset, acquired.generation, DeadReason.CORRUPT, nowMs);
        }
    }

    private boolean take(boolean noAck, int holder, long deadlineMs, long nowMs) {
        boolean taken = noAck ? view.take(nowMs, acquired) : view.acquire(holder, deadlineMs, nowMs, acquired);
        if (taken) {
            taken(noAck, nowMs);
        }
        return taken;
    }

    private void taken(boolean noAck, long nowMs) {
        lastTakenMs = nowMs;
        QueueRuntime.Figures figures = queue.figures();
        figures.delivered++;
        figures.redelivered += acquired.redelivered ? 1 : 0;
        figures.acknowledged += noAck ? 1 : 0;
        if (!noAck && core.options().maxLengthBytes() >= 0) {
            FoundRecord found = found();
            view.bodySize(acquired.offset, RecordBytes.valueSize(found.buffer(), found.position()));
        }
    }

    /** False where the view does not give the message yet: then whoever gets waits. */
    private boolean give(Getting get, long nowMs) {
        int holder = get.holder().number(core);
        if (!take(get.noAck(), holder, deadlineMs(-1, nowMs), nowMs)) {
            return false;
        }
        getting.remove();
        DeliveryBatch batch = new DeliveryBatch(queue);
        batch.add(acquired, found());
        batch.readyAfter(view.ready());
        core.admitBeforeHanding();
        get.answer().complete(batch);
        return true;
    }

    /** False where the view does not give the message yet. */
    private boolean hand(ConsumerSlot slot, long nowMs) {
        boolean noAck = slot.options.noAck();
        if (!take(noAck, slot.number, deadlineMs(slot.options.timeoutMs(), nowMs), nowMs)) {
            return false;
        }
        DeliveryBatch batch = slot.batch;
        if (batch == null) {
            batch = new DeliveryBatch(queue);
            slot.batch = batch;
            gathered.add(slot);
        }
        FoundRecord found = found();
        batch.add(acquired, found);
        owedToConsumers = Math.max(0, owedToConsumers - 1);
        core.consumers().delivered(slot, found.sizeInBytes());
        if (batch.size() >= BATCH_MESSAGES || batch.windowBytes() >= BATCH_BYTES) {
            gathered.remove(slot);
            core.consumers().hand(slot, view.ready());
        }
        return true;
    }

    private long deadlineMs(long consumerTimeoutMs, long nowMs) {
        long timeoutMs =
                consumerTimeoutMs >= 0 ? consumerTimeoutMs : queue.settings().consumerTimeoutMs();
        return timeoutMs < 0 || timeoutMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + timeoutMs;
    }

    /**
     * Nothing may be handed out: whoever gets learns that, unless the view only waits for its journal.
     *
     * @return false where something may be handed out after all
     */
    private boolean answerEmpty(long nowMs) {
        if ((!getting.isEmpty() || receivers.isAnyDue()) && view.ready() > 0) {
            view.flush(nowMs);
            if (view.nextReady(nowMs) >= 0) {
                return false;
            }
            if (core.awaitsJournal() && !core.options().journaled()) {
                return true;
            }
        }
        Getting get = getting.poll();
        while (get != null) {
            get.answer().complete(null);
            get = getting.poll();
        }
        receivers.answerEmpty();
        if (!takenByReceiver) {
            window.release();
        }
        return true;
    }

    /** The log cannot be read here: nobody gets anything until somebody has looked at it. */
    private void fail() {
        String why = String.valueOf(window.failure());
        LOG.error(
                "queue '{}' in vhost '{}' cannot be read, its consumers are cancelled; nothing was removed. Check the disk: {}",
                queue.definition().name(),
                queue.definition().vhost(),
                why);
        failWaiting(new BrokerException(Refusal.STORAGE, why));
        core.consumers().expelAll(QueueConsumer.Reason.FAILED);
    }

    /** Those who get or receive learn why they get nothing. */
    void failWaiting(BrokerException why) {
        Getting get = getting.poll();
        while (get != null) {
            get.answer().completeExceptionally(why);
            get = getting.poll();
        }
        receivers.failAll(why);
    }

    private void flush(long nowMs) {
        long ready = gathered.isEmpty() ? 0 : view.ready();
        for (int i = 0; i < gathered.size(); i++) {
            core.consumers().hand(gathered.get(i), ready);
        }
        gathered.clear();
        boolean nobody = core.consumers().size() == 0 && getting.isEmpty() && receivers.isEmpty() && !takenByReceiver;
        if (nobody || nowMs - lastTakenMs >= IDLE_MS) {
            takenByReceiver = false;
            window.release();
        }
        lookAhead(nowMs);
    }

    private void lookAhead(long nowMs) {
        if (ahead == null && view.dueTimes().firstMs() != Long.MAX_VALUE) {
            ahead = new LookAhead(
                    log, view.dueTimes(), core.shard().fetchMemory(), core.shard()::post, () -> core.shard()
                            .list(core));
        }
        if (ahead != null) {
            boolean subscribed = core.consumers().size() > 0 || !getting.isEmpty() || !receivers.isEmpty();
            ahead.look(subscribed, view.ready(), lastTakenMs, nowMs);
        }
    }

    /** When memory is to be let go of that consumers without credit leave lying, or records are to be fetched that are due soon. */
    long nextDueMs(long nowMs) {
        long idleMs = window.isHeld() ? lastTakenMs + IDLE_MS : Long.MAX_VALUE;
        return ahead == null ? idleMs : Math.min(idleMs, ahead.nextDueMs(nowMs));
    }

    /** Whether somebody waits for a message who is to be told that there is none. */
    boolean isAwaited() {
        return !getting.isEmpty() || !receivers.isEmpty();
    }

    void close() {
        window.close();
        if (ahead != null) {
            ahead.close();
        }
        Getting get = getting.poll();
        while (get != null) {
            get.answer().complete(null);
            get = getting.poll();
        }
    }
}
