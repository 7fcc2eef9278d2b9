package dev.pabal.admin;

import dev.pabal.broker.Broker;
import dev.pabal.broker.Partition;
import dev.pabal.broker.queue.MessageQueue;
import dev.pabal.broker.queue.QueueStatus;
import dev.pabal.catalog.Queue;
import dev.pabal.log.seam.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Figures of queues, rates between two looks, and sums over all queues that are taken anew every few seconds at most. */
final class Figures {
    private static final long TOTALS_LAST_NS = 5_000_000_000L;
    private static final long MIN_SPAN_NS = 1_000_000_000L;
    private static final int MAX_REMEMBERED = 10_000;
    private static final QueueStatus NOTHING = new QueueStatus(0, 0, 0, 0, List.of(), 0, 0, 0, 0);

    private final Broker broker;
    private final Clock clock;
    private final Map<UUID, Sample> samples = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Sample> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };
    private CompletableFuture<Totals> totals = CompletableFuture.completedFuture(Totals.NONE);
    private long totalsAtNs;
    private boolean totalsKnown;

    Figures(Broker broker) {
        this.broker = broker;
        this.clock = broker.clock();
    }

    /**
     * Sums over all queues.
     *
     * @param publishRate messages per second since the sums before
     */
    record Totals(
            long ready,
            long unacknowledged,
            long consumers,
            long published,
            long delivered,
            long acknowledged,
            double publishRate) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);

        Totals plus(QueueStatus status) {
            return new Totals(
                    ready + status.ready() + status.delayed(),
                    unacknowledged + status.inFlight(),
                    consumers + status.consumers().size(),
                    published + status.published(),
                    delivered + status.delivered(),
                    acknowledged + status.acknowledged(),
                    0);
        }
    }

    /**
     * Messages per second since the look before, at least a second ago.
     *
     * @param ready by how many more wait; below zero when fewer do
     * @param unacknowledged the same of those delivered and not settled
     */
    record Rates(double publish, double deliver, double acknowledge, double ready, double unacknowledged) {
        static final Rates NONE = new Rates(0, 0, 0, 0, 0);

        static Rates between(QueueStatus before, QueueStatus now, long spanNs) {
            double seconds = spanNs / 1e9;
            return new Rates(
                    Math.max(0, now.published() - before.published()) / seconds,
                    Math.max(0, now.delivered() - before.delivered()) / seconds,
                    Math.max(0, now.acknowledged() - before.acknowledged()) / seconds,
                    (now.ready() + now.delayed() - before.ready() - before.delayed()) / seconds,
                    (now.inFlight() - before.inFlight()) / seconds);
        }
    }

    private record Sample(QueueStatus status, long atNs, Rates rates) {}

    /** The figures of a queue at this moment; of a stream, the records that it keeps. */
    CompletableFuture<QueueStatus> of(Queue queue) {
        MessageQueue running = broker.queues().find(queue.id());
        if (running != null) {
            return running.status();
        }
        Partition partition = broker.partition(queue.id(), 0);
        if (partition == null) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        long stored = Math.max(0, partition.log().durableEnd() - partition.log().startOffset());
        return CompletableFuture.completedFuture(
                new QueueStatus(stored, 0, 0, 0, List.of(), partition.log().durableEnd(), 0, 0, 0));
    }

    synchronized Rates rates(UUID queueId, QueueStatus now) {
        long nowNs = clock.monotonicNs();
        Sample before = samples.get(queueId);
        if (before == null) {
            samples.put(queueId, new Sample(now, nowNs, Rates.NONE));
            return Rates.NONE;
        }
        if (nowNs - before.atNs() < MIN_SPAN_NS) {
            return before.rates();
        }
        Rates rates = Rates.between(before.status(), now, nowNs - before.atNs());
        samples.put(queueId, new Sample(now, nowNs, rates));
        return rates;
    }

    /** Sums that are a few seconds old at most; whoever asks while they are being taken gets the same. */
    synchronized CompletableFuture<Totals> totals() {
        long nowNs = clock.monotonicNs();
        if (totalsKnown && (!totals.isDone() || nowNs - totalsAtNs < TOTALS_LAST_NS)) {
            return totals;
        }
        Totals before = totals.isCompletedExceptionally() ? Totals.NONE : totals.join();
        double seconds = totalsKnown ? (nowNs - totalsAtNs) / 1e9 : 0;
        totalsKnown = true;
        totalsAtNs = nowNs;
        totals = Gather.all(broker.queues().all(), MessageQueue::status).thenApply(all -> {
            Totals sum = Totals.NONE;
            for (QueueStatus status : all) {
                sum = sum.plus(status);
            }
            double rate = seconds > 0 ? Math.max(0, sum.published() - before.published()) / seconds : 0;
            return new Totals(
                    sum.ready(),
                    sum.unacknowledged(),
                    sum.consumers(),
                    sum.published(),
                    sum.delivered(),
                    sum.acknowledged(),
                    rate);
        });
        return totals;
    }
}
