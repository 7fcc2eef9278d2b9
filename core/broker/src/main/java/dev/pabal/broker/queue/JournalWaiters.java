package dev.pabal.broker.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What is to be done once a view's journal is durable up to where it stands. For the shard's thread. */
final class JournalWaiters {
    /** One of them. */
    @FunctionalInterface
    interface Task {
        void durable();

        /** The queue has ended before, or the journal does not become durable. */
        default void ended(RuntimeException why) {}
    }

    private record Waiting(long number, Task task) {}

    /** Tasks of this turn, whose entries the view has not handed over. */
    private List<Task> gathered = new ArrayList<>(2);

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);

    /** A task that completes a future with what {@code value} says then. */
    static <T> Task completing(CompletableFuture<T> future, Supplier<T> value) {
        return new Task() {
            @Override
            public void durable() {
                future.complete(value.get());
            }

            @Override
            public void ended(RuntimeException why) {
                future.completeExceptionally(why);
            }
        };
    }

    /** To be done when what the view does in this turn is durable. */
    void add(Task task) {
        gathered.add(task);
    }

    /** The view has handed over its entries of this turn, the last with that number. */
    void flushed(long lastEntry, long durableEntry) {
        if (gathered.isEmpty()) {
            return;
        }
        List<Task> tasks = gathered;
        gathered = new ArrayList<>(2);
        for (int i = 0; i < tasks.size(); i++) {
            if (lastEntry <= durableEntry) {
                tasks.get(i).durable();
            } else {
                waiting.add(new Waiting(lastEntry, tasks.get(i)));
            }
        }
    }

    /** Whether nothing waits for entries that were handed over. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void durable(long durableEntry) {
        Waiting next = waiting.peek();
        while (next != null && next.number() <= durableEntry) {
            waiting.remove();
            next.task().durable();
            next = waiting.peek();
        }
    }

    /** Whoever waits learns that it is in vain. */
    void fail(RuntimeException why) {
        List<Task> left = new ArrayList<>(gathered);
        gathered.clear();
        waiting.forEach(one -> left.add(one.task()));
        waiting.clear();
        left.forEach(task -> task.ended(why));
    }
}
