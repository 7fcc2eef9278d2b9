package dev.pabal.broker.queue;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Cause;
import dev.pabal.broker.Partition.Produced;
import dev.pabal.broker.Refusal;
import dev.pabal.queue.IndexEntry.Dedup;
import dev.pabal.queue.QueueView;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages that are to be taken once: each id is claimed of the view before the append, and given back where that fails; who comes
 * with an id that is under way waits for the one that came first. For the shard's thread.
 */
final class OncePublisher {
    /** A message on its way: the append it is part of, and its place there. */
    private record UnderWay(CompletableFuture<Produced> append, int place) {}

    private final QueueRuntime queue;
    private final QueueCore core;
    private final Map<Dedup, UnderWay> underWay = new HashMap<>(0);

    OncePublisher(QueueRuntime queue, QueueCore core) {
        this.queue = queue;
        this.core = core;
    }

    /** Completes {@code answer} with the offset of each message when all are durable. */
    void publish(OnceBatch batch, CompletableFuture<long[]> answer) {
        List<Dedup> ids = batch.ids();
        long[] offsets = new long[ids.size()];
        UnderWay[] awaited = new UnderWay[ids.size()];
        BitSet fresh = new BitSet(ids.size());
        List<Dedup> claimed = new ArrayList<>(ids.size());
        CompletableFuture<Produced> append = new CompletableFuture<>();
        PublishBatch made = null;
        try {
            for (int i = 0; i < offsets.length; i++) {
                UnderWay other = underWay.get(ids.get(i));
                offsets[i] = other == null ? claim(ids.get(i)) : QueueView.UNDER_WAY;
                if (offsets[i] == QueueView.NEW) {
                    other = new UnderWay(append, claimed.size());
                    claimed.add(ids.get(i));
                    fresh.set(i);
                    if (core.options().dedupWindowMs() > 0) {
                        underWay.put(ids.get(i), other);
                    }
                }
                awaited[i] = other;
            }
            made = fresh.isEmpty() ? null : batch.make(fresh);
        } catch (RuntimeException e) {
            release(claimed);
            throw e;
        }
        answer(offsets, awaited, answer);
        if (made != null) {
            queue.publish(made).whenComplete((produced, error) -> appended(claimed, append, produced, error));
        }
    }

    private long claim(Dedup id) {
        long claim = core.view().claim(id, core.nowMs());
        if (claim == QueueView.FULL) {
            throw new BrokerException(
                    Refusal.QUEUE_FULL,
                    queue + " remembers as many deduplication ids as it can; there is room again as they become old");
        }
        if (claim == QueueView.UNDER_WAY) {
            throw new IllegalStateException("an id is claimed for nobody");
        }
        return claim;
    }

    /** On any thread; goes on once the view has heard of the append, so that the ids are remembered there. */
    private void appended(
            List<Dedup> ids,
            CompletableFuture<Produced> append,
            @Nullable Produced produced,
            @Nullable Throwable error) {
        queue.run(new QueueCommand() {
            @Override
            public void run(QueueCore running) {
                release(ids);
                if (produced != null) {
                    append.complete(produced);
                } else {
                    append.completeExceptionally(error == null ? queue.ended() : Cause.of(error));
                }
            }

            @Override
            public void refused(RuntimeException why) {
                append.completeExceptionally(why);
            }
        });
    }

    /** What the view has heard of is claimed no more; the others must not stay so: nobody would be on the way with them. */
    private void release(List<Dedup> ids) {
        for (Dedup id : ids) {
            underWay.remove(id);
            core.view().unclaim(id);
        }
    }

    private static void answer(long[] offsets, @Nullable UnderWay[] awaited, CompletableFuture<long[]> answer) {
        List<CompletableFuture<Produced>> appends = new ArrayList<>(1);
        for (UnderWay one : awaited) {
            if (one != null && !appends.contains(one.append())) {
                appends.add(one.append());
            }
        }
        CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).whenComplete((nothing, error) -> {
            if (error != null) {
                answer.completeExceptionally(Cause.of(error));
                return;
            }
            for (int i = 0; i < offsets.length; i++) {
                UnderWay one = awaited[i];
                if (one != null) {
                    offsets[i] = one.append().join().baseOffset() + one.place();
                }
            }
            answer.complete(offsets);
        });
    }
}
