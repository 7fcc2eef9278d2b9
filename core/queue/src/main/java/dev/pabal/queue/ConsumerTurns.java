package dev.pabal.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Dispatcher} of rings, one per priority, that hold only the consumers that can take a message now: asking who is next costs the same
 * however many consumers there are. A consumer's leaving its ring and coming back, which with a prefetch of one is every message, allocates nothing:
 * a ring stays while a consumer of its priority is there.
 */
final class ConsumerTurns implements Dispatcher {
    private final boolean singleActive;
    private final Table consumers = new Table();
    /** Rings of ready consumers, the highest priority first; some may be empty. */
    private Ring[] rings = new Ring[1];

    private int ringCount;
    /** All rings before it are empty. */
    private int firstReady;
    /** With a single active consumer: all, in the order of their coming. */
    private final List<Consumer> waiting = new ArrayList<>();

    private @Nullable Consumer active;
    private @Nullable Consumer lastFound;

    ConsumerTurns(boolean singleActive) {
        this.singleActive = singleActive;
    }

    @Override
    public void add(int consumer, int priority, int credit) {
        if (consumers.find(consumer) != null) {
            throw new IllegalArgumentException("consumer " + consumer + " is there already");
        }
        Consumer added = new Consumer(consumer, ringOf(priority), credit);
        added.ring.users++;
        consumers.add(added);
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
        if (--removed.ring.users == 0) {
            dropRing(removed.ring);
        }
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
        while (firstReady < ringCount) {
            Consumer head = rings[firstReady].head;
            if (head != null) {
                return head.number;
            }
            firstReady++;
        }
        return -1;
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
        if (served.after != null) {
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
    public boolean isServed(int consumer) {
        Consumer asked = find(consumer);
        return asked != null && asked.after != null;
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
            lastFound = consumers.find(consumer);
        }
        return lastFound;
    }

    /** Who becomes active: the highest priority, among equals who came first. */
    private @Nullable Consumer highest() {
        Consumer best = null;
        for (Consumer candidate : waiting) {
            if (best == null || candidate.ring.priority > best.ring.priority) {
                best = candidate;
            }
        }
        return best;
    }

    /** Puts a consumer into its ring or takes it out. */
    private void update(Consumer consumer) {
        boolean served = consumer.credit > 0 && !consumer.paused && (!singleActive || consumer == active);
        if (served && consumer.after == null) {
            consumer.ring.insert(consumer);
            firstReady = Math.min(firstReady, place(consumer.ring.priority));
        } else if (!served && consumer.after != null) {
            consumer.ring.unlink(consumer);
        }
    }

    /** The ring of a priority, a new one where there is none. */
    private Ring ringOf(int priority) {
        int place = place(priority);
        if (place < ringCount && rings[place].priority == priority) {
            return rings[place];
        }
        if (ringCount == rings.length) {
            rings = Arrays.copyOf(rings, ringCount * 2);
        }
        System.arraycopy(rings, place, rings, place + 1, ringCount - place);
        ringCount++;
        firstReady = Math.min(firstReady, place);
        return rings[place] = new Ring(priority);
    }

    private void dropRing(Ring ring) {
        int place = place(ring.priority);
        System.arraycopy(rings, place + 1, rings, place, ringCount - place - 1);
        rings[--ringCount] = null;
        firstReady = Math.min(firstReady, place);
    }

    /** Where the ring of a priority stands, or would stand. */
    private int place(int priority) {
        int low = 0;
        int high = ringCount;
        while (low < high) {
            int middle = low + high >>> 1;
            if (rings[middle].priority > priority) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** One consumer; linked into its ring while it can take messages. */
    private static final class Consumer {
        private final int number;
        private final Ring ring;
        private int credit;
        private boolean paused;
        private @Nullable Consumer before;
        private @Nullable Consumer after;

        Consumer(int number, Ring ring, int credit) {
            this.number = number;
            this.ring = ring;
            this.credit = credit;
        }
    }

    /** A circle of consumers; the head has the turn. */
    private static final class Ring {
        private final int priority;
        /** Consumers of that priority, ready or not. */
        private int users;

        private @Nullable Consumer head;

        Ring(int priority) {
            this.priority = priority;
        }

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

    /** Consumers by number: a hash table with open places, at most half full. */
    private static final class Table {
        private @Nullable Consumer[] places = new Consumer[4];
        private int size;

        int size() {
            return size;
        }

        @Nullable
        Consumer find(int number) {
            return places[place(number)];
        }

        void add(Consumer added) {
            if (++size * 2 > places.length) {
                @Nullable Consumer[] old = places;
                places = new Consumer[old.length * 2];
                for (Consumer moved : old) {
                    if (moved != null) {
                        places[place(moved.number)] = moved;
                    }
                }
            }
            places[place(added.number)] = added;
        }

        @Nullable
        Consumer remove(int number) {
            int place = place(number);
            Consumer removed = places[place];
            if (removed == null) {
                return null;
            }
            places[place] = null;
            size--;
            // those behind it may stand there only because it stood here
            for (int next = place + 1 & places.length - 1; places[next] != null; next = next + 1 & places.length - 1) {
                Consumer moved = places[next];
                places[next] = null;
                places[place(moved.number)] = moved;
            }
            return removed;
        }

        /** Where a number stands, or an empty place where it would stand. */
        private int place(int number) {
            int place = number * 0x9E3779B9 >>> 7 & places.length - 1;
            while (places[place] != null && places[place].number != number) {
                place = place + 1 & places.length - 1;
            }
            return place;
        }
    }
}
