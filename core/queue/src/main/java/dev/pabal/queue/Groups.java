package dev.pabal.queue;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of groups, the groups in turn. Either in order: a message waits while somebody has an earlier one of its group. Or fair: a group may have
 * many holders, but while it is noisy the others go first. What is done costs the same however many messages and groups wait; each waiting message costs about 30 bytes, each
 * group about 70 and, with more than one message, 100 more.
 */
final class Groups {
    private static final int FIRST_CAPACITY = 4;
    /** A group is noisy that has so many in flight, and more than this share of all. */
    private static final int NOISY_IN_FLIGHT = 30;

    private static final int NOISY_SHARE = 10;

    /** By number, free places null. */
    private @Nullable Group[] groups = new Group[FIRST_CAPACITY];

    /** Numbers by hash, open addressed, plus 1. */
    private int[] index = new int[FIRST_CAPACITY * 2];

    private int[] free = new int[FIRST_CAPACITY];
    private int frees;
    private int highest;
    private int used;

    /** The group of each message that is not settled. */
    private final OffsetTable groupOf = new OffsetTable();

    /** The circle of groups that have something to hand out; the head has the turn. */
    private @Nullable Group turn;

    /** The same of groups that were noisy when they were looked at last: ten at most stay. */
    private @Nullable Group noisy;

    private boolean ordered = true;

    private long waiting;

    /** Messages that are ready, also those whose group is held. */
    long size() {
        return waiting;
    }

    boolean isOrdered() {
        return ordered;
    }

    /** Whether a message waits for the earlier ones of its group. */
    void order(boolean wanted) {
        if (ordered != wanted) {
            ordered = wanted;
            for (int i = 0; i < highest; i++) {
                if (groups[i] != null) {
                    update(groups[i]);
                }
            }
        }
    }

    boolean contains(long offset) {
        return groupOf.size() > 0 && groupOf.get(offset) != OffsetTable.NONE;
    }

    /** Whether no message that is not settled has a group. */
    boolean isEmpty() {
        return groupOf.size() == 0;
    }

    /** The message belongs to a group from now on, until {@link #forget}. */
    void join(long offset, long hash) {
        if (contains(offset)) {
            return;
        }
        Group group = find(hash);
        if (group == null) {
            group = create(hash);
        }
        group.members++;
        groupOf.put(offset, group.number);
    }

    /** Hash of a message's group. */
    long hash(long offset) {
        return of(offset).hash;
    }

    /** The message is ready. */
    void add(long offset) {
        Group group = of(offset);
        if (group.add(offset)) {
            waiting++;
            update(group);
        }
    }

    /** The message is ready no more. */
    boolean remove(long offset) {
        Group group = of(offset);
        if (!group.remove(offset)) {
            return false;
        }
        waiting--;
        update(group);
        return true;
    }

    /** In order: the message whose turn it is, -1 where none may be handed out. */
    long next() {
        return turn == null ? -1 : turn.first();
    }

    /** In order: the next message of the group of another that was just handed out, -1 where there is none that may be handed out with it. */
    long nextAfter(long offset) {
        if (!ordered || !contains(offset)) {
            return -1;
        }
        Group group = of(offset);
        return group.first() < offset || group.isHeldBefore(offset + 1) ? -1 : group.first();
    }

    /**
     * Fair: the message whose turn it is among those of groups that are not noisy, -1 where there is none.
     *
     * @param inFlight how many messages are in flight, with and without a group
     */
    long nextQuiet(long inFlight) {
        for (Group group = noisy; group != null; ) {
            Group next = group.after == noisy ? null : group.after;
            if (!isNoisy(group, inFlight)) {
                move(group, false);
            }
            group = next;
        }
        // fewer than ten can have more than a tenth each
        while (turn != null && isNoisy(turn, inFlight)) {
            move(turn, true);
        }
        return turn == null ? -1 : turn.first();
    }

    /** Fair: the message whose turn it is among those of noisy groups, as {@link #nextQuiet} found them; -1 where there is none. */
    long nextNoisy() {
        return noisy == null ? -1 : noisy.first();
    }

    private static boolean isNoisy(Group group, long inFlight) {
        return group.inFlight >= NOISY_IN_FLIGHT && (long) group.inFlight * NOISY_SHARE > inFlight;
    }

    private void move(Group group, boolean toNoisy) {
        unlink(group);
        group.noisy = toNoisy;
        link(group);
    }

    /** One more of the group is in flight; the turn passes on. */
    void held(long offset) {
        Group group = of(offset);
        group.hold(offset);
        update(group);
        if (group == turn) {
            turn = group.after;
        } else if (group == noisy) {
            noisy = group.after;
        }
    }

    /** One less of the group is in flight. */
    void released(long offset) {
        Group group = of(offset);
        group.release(offset);
        update(group);
    }

    /** The message is settled, and neither ready nor held. */
    void forget(long offset) {
        if (groupOf.size() == 0) {
            return;
        }
        int number = groupOf.remove(offset);
        if (number != OffsetTable.NONE && --groups[number].members == 0) {
            delete(groups[number]);
        }
    }

    /** Forgets all messages. */
    void clear() {
        groups = new Group[FIRST_CAPACITY];
        index = new int[FIRST_CAPACITY * 2];
        free = new int[FIRST_CAPACITY];
        frees = 0;
        highest = 0;
        used = 0;
        groupOf.clear();
        turn = null;
        noisy = null;
        waiting = 0;
    }

    /** Shows ready messages below an offset that are not in a set; they may be removed meanwhile. */
    void forEachReady(long upTo, OffsetSet but, LongConsumer visitor) {
        for (int i = 0; i < highest; i++) {
            Group group = groups[i];
            long offset = group == null ? -1 : group.first();
            while (offset >= 0 && offset < upTo) {
                if (!but.contains(offset)) {
                    visitor.accept(offset);
                }
                offset = group.next(offset + 1);
            }
        }
    }

    private Group of(long offset) {
        return groups[groupOf.get(offset)];
    }

    /** Puts a group into a circle or takes it out. */
    private void update(Group group) {
        boolean may = group.first() >= 0 && !(ordered && group.isHeldBefore(0));
        if (may && group.after == null) {
            group.noisy = false;
            link(group);
        } else if (!may && group.after != null) {
            unlink(group);
        }
    }

    /** The group is the last of its circle from now on. */
    private void link(Group group) {
        Group head = group.noisy ? noisy : turn;
        if (head == null) {
            group.after = group;
            group.before = group;
            head(group.noisy, group);
            return;
        }
        group.after = head;
        group.before = head.before;
        head.before.after = group;
        head.before = group;
    }

    private void unlink(Group group) {
        Group head = group.noisy ? noisy : turn;
        if (group.after == group) {
            head(group.noisy, null);
        } else {
            group.before.after = group.after;
            group.after.before = group.before;
            if (head == group) {
                head(group.noisy, group.after);
            }
        }
        group.after = null;
        group.before = null;
    }

    private void head(boolean ofNoisy, @Nullable Group group) {
        if (ofNoisy) {
            noisy = group;
        } else {
            turn = group;
        }
    }

    private @Nullable Group find(long hash) {
        int mask = index.length - 1;
        for (int i = home(hash, mask); index[i] != 0; i = i + 1 & mask) {
            Group group = groups[index[i] - 1];
            if (group.hash == hash) {
                return group;
            }
        }
        return null;
    }

    private Group create(long hash) {
        int number = frees > 0 ? free[--frees] : highest++;
        if (number == groups.length) {
            groups = Arrays.copyOf(groups, number * 2);
        }
        Group group = new Group(hash, number);
        groups[number] = group;
        if (++used * 2 > index.length) {
            index = new int[index.length * 2];
            for (Group other : groups) {
                if (other != null && other != group) {
                    place(other);
                }
            }
        }
        place(group);
        return group;
    }

    private void place(Group group) {
        int mask = index.length - 1;
        int at = home(group.hash, mask);
        while (index[at] != 0) {
            at = at + 1 & mask;
        }
        index[at] = group.number + 1;
    }

    private void delete(Group group) {
        int mask = index.length - 1;
        int hole = home(group.hash, mask);
        while (index[hole] != group.number + 1) {
            hole = hole + 1 & mask;
        }
        for (int i = hole + 1 & mask; index[i] != 0; i = i + 1 & mask) {
            int home = home(groups[index[i] - 1].hash, mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                index[hole] = index[i];
                hole = i;
            }
        }
        index[hole] = 0;
        groups[group.number] = null;
        used--;
        if (frees == free.length) {
            free = Arrays.copyOf(free, frees * 2);
        }
        free[frees++] = group.number;
    }

    private static int home(long hash, int mask) {
        return (int) (hash * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}
