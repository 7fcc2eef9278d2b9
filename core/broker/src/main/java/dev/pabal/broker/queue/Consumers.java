package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.queue.Dispatcher;
import dev.pabal.queue.QueueView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The consumers of one queue: who they are, who is next, and how much each may take. For the shard's thread. */
final class Consumers {
    private final QueueRuntime queue;
    private final QueueCore core;
    private final Dispatcher dispatcher;
    private final boolean singleActive;
    /** By number; null where the number is free or a getter's. */
    private final List<@Nullable ConsumerSlot> slots = new ArrayList<>();

    private final ArrayDeque<Integer> freeNumbers = new ArrayDeque<>(0);
    private @Nullable ConsumerSlot exclusive;
    private @Nullable ConsumerSlot active;

    Consumers(QueueRuntime queue, QueueCore core, Dispatcher dispatcher, boolean singleActive) {
        this.queue = queue;
        this.core = core;
        this.dispatcher = dispatcher;
        this.singleActive = singleActive;
        // no consumer's: who receives with a deadline only
        slots.add(QueueView.RECEIVERS, null);
    }

    /** @throws BrokerException where somebody consumes exclusively, or wants to and others consume */
    ConsumerSlot add(ConsumerOptions options, QueueConsumer consumer) {
        if (exclusive != null || options.exclusive() && dispatcher.size() > 0) {
            throw new BrokerException(
                    Refusal.ACCESS_REFUSED,
                    "queue '" + queue.definition().name() + "' in vhost '"
                            + queue.definition().vhost() + "' in exclusive use");
        }
        ConsumerSlot slot = new ConsumerSlot(queue, options, consumer, newNumber());
        slots.set(slot.number, slot);
        if (options.exclusive()) {
            exclusive = slot;
        }
        slot.active(!singleActive);
        dispatcher.add(slot.number, options.priority(), options.credit());
        showActive();
        core.used();
        return slot;
    }

    int newNumber() {
        Integer free = freeNumbers.poll();
        if (free != null) {
            return free;
        }
        slots.add(null);
        return slots.size() - 1;
    }

    void freeNumber(int number) {
        slots.set(number, null);
        freeNumbers.add(number);
    }

    /** The consumer that gets the next message, null where nobody takes one. */
    @Nullable
    ConsumerSlot next() {
        int number = dispatcher.next();
        return number < 0 ? null : slots.get(number);
    }

    /** Whether the slot may be handed a message now, when its turn comes. */
    boolean isServed(ConsumerSlot slot) {
        return !slot.cancelled && dispatcher.isServed(slot.number);
    }

    /** The slot took a message of that size. */
    void delivered(ConsumerSlot slot, int bytes) {
        dispatcher.delivered(slot.number);
        slot.delivered++;
        slot.windowBytes += bytes;
        if (slot.windowBytes >= ConsumerSlot.WINDOW_BYTES && !slot.paused) {
            slot.paused = true;
            dispatcher.pause(slot.number, true);
        }
    }

    void credit(ConsumerSlot slot, int messages) {
        if (!slot.cancelled) {
            dispatcher.credit(slot.number, messages);
        }
    }

    void written(ConsumerSlot slot, long bytes) {
        slot.windowBytes -= bytes;
        if (slot.paused && !slot.cancelled && slot.windowBytes < ConsumerSlot.WINDOW_BYTES / 2) {
            slot.paused = false;
            dispatcher.pause(slot.number, false);
        }
    }

    /** Delivers no more; what it holds stays in flight. */
    void cancel(ConsumerSlot slot) {
        if (slot.cancelled) {
            return;
        }
        slot.cancelled = true;
        dispatcher.remove(slot.number);
        if (exclusive == slot) {
            exclusive = null;
        }
        slot.active(false);
        showActive();
        core.used();
        if (dispatcher.size() == 0) {
            queue.lastConsumerGone();
        }
    }

    /** Gives back what it holds, and ends. */
    void close(ConsumerSlot slot) {
        cancel(slot);
        if (!slot.closed) {
            slot.closed = true;
            core.release(slot.number);
            freeNumber(slot.number);
        }
    }

    /** Cancels one from the broker's side: it learns why. */
    void expel(ConsumerSlot slot, QueueConsumer.Reason reason) {
        if (!slot.cancelled) {
            cancel(slot);
            slot.consumer.cancelled(reason);
        }
    }

    void expelAll(QueueConsumer.Reason reason) {
        for (ConsumerSlot slot : List.copyOf(slots.stream()
                .filter(s -> s != null && !s.cancelled)
                .map(Objects::requireNonNull)
                .toList())) {
            expel(slot, reason);
        }
    }

    @Nullable
    ConsumerSlot slot(int number) {
        return number < slots.size() ? slots.get(number) : null;
    }

    private void showActive() {
        if (!singleActive) {
            return;
        }
        int number = dispatcher.active();
        ConsumerSlot now = number < 0 ? null : slots.get(number);
        if (now != active) {
            if (active != null) {
                active.active(false);
            }
            if (now != null) {
                now.active(true);
            }
            active = now;
        }
    }

    /** Hands over what was gathered for the slot. */
    void hand(ConsumerSlot slot, long readyAfter) {
        DeliveryBatch batch = Objects.requireNonNull(slot.batch);
        slot.batch = null;
        batch.readyAfter(readyAfter);
        core.admitBeforeHanding();
        slot.consumer.deliver(batch);
    }

    /** How many consume. */
    int size() {
        return dispatcher.size();
    }

    /** Visits those who consume, for people. */
    List<ConsumerSlot> all() {
        List<ConsumerSlot> all = new ArrayList<>();
        for (ConsumerSlot slot : slots) {
            if (slot != null && !slot.cancelled) {
                all.add(slot);
            }
        }
        return all;
    }
}
