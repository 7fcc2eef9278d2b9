package dev.pabal.broker;

import dev.pabal.broker.topology.CatalogEditor;
import dev.pabal.broker.topology.Planned;
import dev.pabal.catalog.CatalogChange;
import dev.pabal.catalog.CatalogDraft;
import dev.pabal.catalog.CatalogImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes to the catalog one after another, on one shard's thread: each is checked against all that went before, appended, durable, shown
 * to everyone, and only then answered. While one append is on its way to the disk, further changes gather and share the next one.
 */
final class CatalogWriter implements CatalogEditor {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogWriter.class);
    /** Changes that may wait for the disk at one moment. */
    private static final int MAX_WAITING = 100_000;

    /** What someone wants, once it has been checked. */
    record Plan<T>(List<CatalogChange> changes, T result) {}

    /** Takes over a group of changes that are durable now. */
    interface Publisher {
        /** @return completes when what the changes removed is gone too */
        CompletableFuture<Void> publish(CatalogImage image, List<CatalogChange> changes);
    }

    /** Changes that are in the draft and not on disk yet; {@code image} is what exists once they hold. */
    private record Waiting(
            List<CatalogChange> changes, CatalogImage image, Runnable done, Consumer<Throwable> failed) {}

    private final Shard shard;
    private final CatalogLog log;
    private final Publisher publisher;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private CatalogDraft draft;
    private CatalogImage published;
    private boolean flushing;
    private boolean closed;

    CatalogWriter(Shard shard, CatalogLog log, CatalogImage image, Publisher publisher) {
        this.shard = shard;
        this.log = log;
        this.publisher = publisher;
        this.published = image;
        this.draft = image.draft();
    }

    /**
     * Plans and makes a change.
     *
     * @param planner looks at what will exist by then, on the catalog's thread, and says what to change or throws a {@link BrokerException}
     * @param validateOnly plan, but change nothing
     */
    <T> CompletableFuture<T> submit(Function<CatalogDraft, Plan<T>> planner, boolean validateOnly) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            shard.execute(() -> plan(planner, validateOnly, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(shuttingDown());
        }
        return answer;
    }

    @Override
    public <T> CompletableFuture<T> submit(Function<CatalogImage, Planned<T>> planner) {
        return submit(
                draft -> {
                    Planned<T> planned = planner.apply(draft.image());
                    return new Plan<>(planned.changes(), planned.result());
                },
                false);
    }

    private <T> void plan(Function<CatalogDraft, Plan<T>> planner, boolean validateOnly, CompletableFuture<T> answer) {
        Plan<T> plan;
        CatalogImage before = draft.image();
        try {
            if (closed) {
                throw shuttingDown();
            }
            if (waiting.size() >= MAX_WAITING) {
                throw new BrokerException(
                        Refusal.TIMED_OUT,
                        "Too many changes of the catalog are waiting for the disk: try again later.");
            }
            plan = planner.apply(draft);
            if (!validateOnly) {
                plan.changes().forEach(draft::apply);
            }
        } catch (RuntimeException e) {
            // Takes back what was applied of a plan that contradicts itself.
            draft = before.draft();
            answer.completeExceptionally(e);
            return;
        }
        // What needs no change may rest on changes that are still on their way: it is told when they hold.
        if (validateOnly || (plan.changes().isEmpty() && !flushing)) {
            answer.complete(plan.result());
            return;
        }
        waiting.add(new Waiting(
                plan.changes(), draft.image(), () -> answer.complete(plan.result()), answer::completeExceptionally));
        if (!flushing) {
            flushing = true;
            // Behind what this turn of the loop still submits, so that one request's changes share one append.
            try {
                shard.loop().execute(this::flush);
            } catch (RejectedExecutionException e) {
                fail(List.copyOf(waiting), shuttingDown());
            }
        }
    }

    private void flush() {
        List<Waiting> group = new ArrayList<>();
        List<CatalogChange> changes = new ArrayList<>();
        CatalogImage image = published;
        while (!waiting.isEmpty() && changes.size() < CatalogLog.MAX_CHANGES_PER_APPEND) {
            Waiting next = waiting.remove();
            group.add(next);
            changes.addAll(next.changes());
            image = next.image();
        }
        CatalogImage after = image;
        CompletableFuture<Void> durable;
        try {
            durable = append(changes);
        } catch (RuntimeException e) {
            group.addAll(waiting);
            waiting.clear();
            draft = published.draft();
            LOG.error("the catalog cannot be written, {} changes were refused: {}", group.size(), e.getMessage());
            fail(group, LogFailures.refusal(e));
            return;
        }
        durable.whenComplete((nothing, error) -> shard.execute(() -> durable(after, changes, group, error)));
    }

    /** What does not outlive the process is not written, but takes its turn all the same. */
    private CompletableFuture<Void> append(List<CatalogChange> changes) {
        List<CatalogChange> stored =
                changes.stream().filter(CatalogChange::stored).toList();
        return stored.isEmpty() ? CompletableFuture.completedFuture(null) : log.append(stored);
    }

    private void durable(
            CatalogImage image, List<CatalogChange> changes, List<Waiting> group, @Nullable Throwable error) {
        if (error != null) {
            fail(group, LogFailures.refusal(error));
            return;
        }
        published = image;
        CompletableFuture<Void> shown;
        try {
            shown = publisher.publish(image, changes);
        } catch (RuntimeException e) {
            // The changes hold, and the next start shows them: whoever asked learns that something is wrong.
            LOG.error("{} durable changes of the catalog could not be shown", changes.size(), e);
            group.forEach(w -> w.failed().accept(e));
            next();
            return;
        }
        shown.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.error("data of deleted topics could not be removed; the next start tries again", failure);
            }
            shard.execute(() -> group.forEach(w -> w.done().run()));
        });
        next();
    }

    private void next() {
        if (waiting.isEmpty()) {
            flushing = false;
        } else {
            flush();
        }
    }

    private void fail(List<Waiting> group, Throwable error) {
        flushing = false;
        group.forEach(w -> w.failed().accept(error));
    }

    /** Refuses changes from here on; those that are on their way complete. */
    void close() {
        try {
            shard.execute(() -> closed = true);
        } catch (RejectedExecutionException e) {
            LOG.debug("the catalog's loop had ended before the catalog was closed");
        }
    }

    private static BrokerException shuttingDown() {
        return new BrokerException(Refusal.SHUTTING_DOWN, "The broker is shutting down.");
    }
}
