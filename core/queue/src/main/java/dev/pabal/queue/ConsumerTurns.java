package dev.pabal.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link Dispatcher} of rings, one per priority, that hold only the consumers that can take a message now: asking who is next costs the same
 * however many consumers there are.
 */
final class ConsumerTurns implements Dispatcher {
    private final boolean singleActive;
    private final Map<Integer, Consumer> consumers = new HashMap<>();
    /** Rings of ready consumers, the highest priority first. */
    private final TreeMap<Integer, Ring> rings = new TreeMap<>((a, b) -> Integer.compare(b, a));
    /** With a single active consumer: all, in the order of their coming. */
    private final List<Consumer> waiting = new ArrayList<>();

    private @Nullable Consumer active;
    private @Nullable Consumer lastFound;

    ConsumerTurns(boolean singleActive) {
        this.singleActive = singleActive;
    }

    @Override
    public void add(int consumer, int priority, int credit) {
        Consumer added = new Consumer(consumer, priority, credit);
        if (consumers.putIfAbsent(consumer, added) != null) {
            throw new IllegalArgumentException("consumer " + consumer + " is there already");
        }
        if (singleActive) {
            waiting.add(added);
            if (active == null) {
                active = added;
            }
        }
        update(added);
    }

    @Override
    public void remove(int consumer) {
        Consumer removed = consumers.remove(consumer);
        if (removed == null) {
            return;
        }
        removed.credit = 0;
        update(removed);
        if (lastFound == removed) {
            lastFound = null;
        }
        if (singleActive) {
            waiting.remove(removed);
            if (active == removed) {
                active = highest();
                if (active != null) {
                    update(active);
                }
            }
        }
    }

    @Override
    public int next() {
        return rings.isEmpty() ? -1 : rings.firstEntry().getValue().head.number;
    }

    @Override
    public void delivered(int consumer) {
        Consumer served = find(consumer);
        if (served == null) {
            return;
        }
        if (served.credit != Integer.MAX_VALUE) {
            served.credit--;
        }
        if (served.ring != null) {
            served.ring.head = served.after;
        }
        update(served);
    }

    @Override
    public void credit(int consumer, int messages) {
        Consumer changed = find(consumer);
        if (changed == null || changed.credit == Integer.MAX_VALUE) {
            return;
        }
        long credit = (long) changed.credit + messages;
        changed.credit = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE - 1, credit));
        update(changed);
    }

    @Override
    public void pause(int consumer, boolean paused) {
        Consumer changed = find(consumer);
        if (changed != null) {
            changed.paused = paused;
            update(changed);
        }
    }

    @Override
    public int active() {
        return active == null ? -1 : active.number;
    }

    @Override
    public int size() {
        return consumers.size();
    }

    private @Nullable Consumer find(int consumer) {
        if (lastFound == null || lastFound.number != consumer) {
            lastFound = consumers.get(consumer);
        }
        return lastFound;
    }

    /** Who becomes active: the highest priority, among equals who came first. */
    private @Nullable Consumer highest() {
        Consumer best = null;
        for (Consumer candidate : waiting) {
            if (best == null || candidate.priority > best.priority) {
                best = candidate;
            }
        }
        return best;
    }

    /** Puts a consumer into its ring or takes it out. */
    private void update(Consumer consumer) {
        boolean served = consumer.credit > 0 && !consumer.paused && (!singleActive || consumer == active);
        if (served && consumer.ring == null) {
            consumer.ring = rings.computeIfAbsent(consumer.priority, priority -> new Ring());
            consumer.ring.insert(consumer);
        } else if (!served && consumer.ring != null) {
            consumer.ring.unlink(consumer);
            if (consumer.ring.head == null) {
                rings.remove(consumer.priority);
            }
            consumer.ring = null;
        }
    }

    /** One consumer; linked into its ring while it can take messages. */
    private static final class Consumer {
        private final int number;
        private final int priority;
        private int credit;
        private boolean paused;
        private @Nullable Ring ring;
        private @Nullable Consumer before;
        private @Nullable Consumer after;

        Consumer(int number, int priority, int credit) {
            this.number = number;
            this.priority = priority;
            this.credit = credit;
        }
    }

    /** A circle of consumers; the head has the turn. */
    private static final class Ring {
        private @Nullable Consumer head;

        /** Puts it where its turn comes last. */
        void insert(Consumer consumer) {
            if (head == null) {
                head = consumer;
                consumer.before = consumer;
                consumer.after = consumer;
                return;
            }
            consumer.after = head;
            consumer.before = head.before;
            head.before.after = consumer;
            head.before = consumer;
        }

        void unlink(Consumer consumer) {
            if (consumer.after == consumer) {
                head = null;
            } else {
                consumer.before.after = consumer.after;
                consumer.after.before = consumer.before;
                if (head == consumer) {
                    head = consumer.after;
                }
            }
            consumer.before = null;
            consumer.after = null;
        }
    }
}
