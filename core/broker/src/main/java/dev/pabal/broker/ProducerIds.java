package dev.pabal.broker;

import dev.pabal.catalog.CatalogChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Hands out producer ids, each once for ever: blocks of them are reserved in the catalog ahead, and what is left of a block at the end of the
 * process is never used.
 */
final class ProducerIds {
    /** As many as Kafka's blocks have. */
    static final int BLOCK = 1000;

    private final CatalogWriter writer;
    private final ArrayDeque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean reserving;

    ProducerIds(CatalogWriter writer) {
        this.writer = writer;
    }

    /** An id that was never handed out. By any thread. */
    synchronized CompletableFuture<Long> take() {
        if (next < end) {
            return CompletableFuture.completedFuture(next++);
        }
        CompletableFuture<Long> answer = new CompletableFuture<>();
        waiting.add(answer);
        if (!reserving) {
            reserving = true;
            reserve();
        }
        return answer;
    }

    private void reserve() {
        writer.<Long>submit(
                        draft -> {
                            long first = draft.nextProducerId();
                            return new CatalogWriter.Plan<>(
                                    List.of(new CatalogChange.ProducerIdsReserved(first + BLOCK)), first);
                        },
                        false)
                .whenComplete((first, error) -> {
                    if (error != null) {
                        failed(error);
                    } else {
                        reserved(first);
                    }
                });
    }

    private void reserved(long first) {
        List<CompletableFuture<Long>> served = new ArrayList<>();
        long id;
        synchronized (this) {
            id = first;
            next = first;
            end = first + BLOCK;
            while (!waiting.isEmpty() && next < end) {
                served.add(waiting.remove());
                next++;
            }
            reserving = !waiting.isEmpty();
            if (reserving) {
                reserve();
            }
        }
        for (CompletableFuture<Long> answer : served) {
            answer.complete(id++);
        }
    }

    private void failed(Throwable error) {
        List<CompletableFuture<Long>> refused;
        synchronized (this) {
            refused = List.copyOf(waiting);
            waiting.clear();
            reserving = false;
        }
        refused.forEach(answer -> answer.completeExceptionally(error));
    }
}
