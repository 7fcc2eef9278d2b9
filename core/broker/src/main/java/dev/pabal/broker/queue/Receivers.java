package dev.pabal.broker.queue;

import dev.pabal.queue.QueueView;
import dev.pabal.queue.Return;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those who receive from one queue: served in the order in which they came, each until it has what it wants or nothing is left, and answered
 * once what they were handed is durable. Waiting costs an entry here and nothing else. For the shard's thread.
 */
final class Receivers {
    /** Each is a reply to write: thousands at once would hold up a message that somebody waits for elsewhere. */
    private static final int EMPTY_ANSWERS_PER_TURN = 64;

    private final QueueCore core;
    private final QueueView view;
    /** Those who wait, in the order in which they came. */
    private @Nullable Receiver first;

    private @Nullable Receiver last;
    /** Those of them whose time is not over, by its end. */
    private final TreeSet<Receiver> byEnd = new TreeSet<>(
            Comparator.<Receiver>comparingLong(receiver -> receiver.untilMs).thenComparingLong(r -> r.number));
    /** Those whose time is over: the next time that nothing is ready they are told so. */
    private final Set<Receiver> due = new LinkedHashSet<>(2);

    private long lastNumber;

    Receivers(QueueCore core, QueueView view) {
        this.core = core;
        this.view = view;
    }

    void add(Receiver receiver) {
        if (receiver.isAnswered()) {
            return;
        }
        core.used();
        receiver.number = ++lastNumber;
        receiver.untilMs = core.nowMs() + receiver.options.waitMs();
        receiver.listed = true;
        receiver.before = last;
        if (last == null) {
            first = receiver;
        } else {
            last.after = receiver;
        }
        last = receiver;
        if (receiver.options.waitMs() > 0) {
            byEnd.add(receiver);
        } else {
            due.add(receiver);
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Who is served next, null where nobody waits. */
    @Nullable
    Receiver first() {
        return first;
    }

    /** It has what it gets: the answer follows when that is durable. */
    void served(Receiver receiver) {
        unlist(receiver);
        core.whenDurable(new JournalWaiters.Task() {
            @Override
            public void durable() {
                receiver.answer(view.ready());
            }

            @Override
            public void ended(RuntimeException why) {
                giveBack(receiver);
                receiver.fail(why);
            }
        });
    }

    /** Those whose time is over at {@code nowMs} wait no longer for what is not there yet. */
    void expire(long nowMs) {
        while (!byEnd.isEmpty() && byEnd.first().untilMs <= nowMs) {
            due.add(byEnd.pollFirst());
        }
    }

    /** Whether somebody waits whose time is over. */
    boolean isAnyDue() {
        return !due.isEmpty();
    }

    /** Nothing is ready: those whose time is over are told, the rest of many of them in the next turn. */
    void answerEmpty() {
        for (int left = EMPTY_ANSWERS_PER_TURN; left > 0 && !due.isEmpty(); left--) {
            Receiver receiver = due.iterator().next();
            due.remove(receiver);
            if (receiver.listed && !receiver.isBegun()) {
                unlist(receiver);
                receiver.answer(0);
            }
        }
        if (!due.isEmpty()) {
            core.shard().list(core);
        }
    }

    /** When {@link #expire} has something to do. */
    long nextDueMs() {
        return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.first().untilMs;
    }

    /** Whoever received is gone: what was not answered comes back, as if it had never been handed out. */
    void cancel(Receiver receiver) {
        if (receiver.isAnswered()) {
            return;
        }
        if (receiver.listed) {
            unlist(receiver);
        }
        giveBack(receiver);
        receiver.answer(0);
    }

    /** What it was handed and has not seen comes back. */
    private void giveBack(Receiver receiver) {
        DeliveryBatch handed = receiver.takeBack();
        if (handed == null) {
            return;
        }
        if (!core.isClosed()) {
            long nowMs = core.nowMs();
            for (int i = 0; i < handed.size(); i++) {
                view.giveBack(handed.offset(i), handed.generation(i), Return.UNTOUCHED, 0, nowMs);
            }
            core.shard().list(core);
        }
        handed.close();
    }

    /** Nobody gets anything any more. */
    void failAll(RuntimeException why) {
        byEnd.clear();
        due.clear();
        Receiver receiver = first;
        while (receiver != null) {
            unlist(receiver);
            giveBack(receiver);
            receiver.fail(why);
            receiver = first;
        }
    }

    private void unlist(Receiver receiver) {
        if (!receiver.listed) {
            return;
        }
        receiver.listed = false;
        byEnd.remove(receiver);
        due.remove(receiver);
        Receiver before = receiver.before;
        Receiver after = receiver.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        receiver.before = null;
        receiver.after = null;
    }
}
