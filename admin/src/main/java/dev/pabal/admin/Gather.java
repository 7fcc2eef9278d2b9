package dev.pabal.admin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks for many things a few at a time, so that a listing of everything does not crowd the shards' threads. */
final class Gather {
    private static final int AT_ONCE = 128;

    private Gather() {}

    /** The answers in the order of the items; fails with the first failure. */
    static <T, R> CompletableFuture<List<R>> all(Iterable<? extends T> items, Function<T, CompletableFuture<R>> ask) {
        List<R> answers = new ArrayList<>();
        CompletableFuture<List<R>> done = new CompletableFuture<>();
        next(items.iterator(), ask, answers, done);
        return done;
    }

    /** Loops while the answers are there already; goes on from a callback where they are not, so that the stack stays flat. */
    private static <T, R> void next(
            Iterator<? extends T> items,
            Function<T, CompletableFuture<R>> ask,
            List<R> answers,
            CompletableFuture<List<R>> done) {
        try {
            while (items.hasNext()) {
                List<CompletableFuture<R>> asked = new ArrayList<>(AT_ONCE);
                while (items.hasNext() && asked.size() < AT_ONCE) {
                    asked.add(ask.apply(items.next()));
                }
                CompletableFuture<Void> all = CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]));
                if (!all.isDone()) {
                    all.whenCompleteAsync((nothing, error) -> {
                        if (error != null) {
                            done.completeExceptionally(error);
                            return;
                        }
                        asked.forEach(each -> answers.add(each.join()));
                        next(items, ask, answers, done);
                    });
                    return;
                }
                asked.forEach(each -> answers.add(each.join()));
            }
            done.complete(answers);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    /** Does one thing after another, each when the one before is done; stops at the first failure. */
    static <T> CompletableFuture<Void> inOrder(Iterable<T> items, Function<T, CompletableFuture<?>> act) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        step(items.iterator(), act, done);
        return done;
    }

    private static <T> void step(
            Iterator<T> items, Function<T, CompletableFuture<?>> act, CompletableFuture<Void> done) {
        try {
            while (items.hasNext()) {
                CompletableFuture<?> acted = act.apply(items.next());
                if (!acted.isDone()) {
                    acted.whenCompleteAsync((result, error) -> {
                        if (error != null) {
                            done.completeExceptionally(error);
                        } else {
                            step(items, act, done);
                        }
                    });
                    return;
                }
                acted.join();
            }
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }
}
