package dev.pabal.amqp.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What was published in one read, to whatever queues: confirmed when all of it is durable. */
final class PublishGroup {
    private final List<ServerChannel> channels = new ArrayList<>(1);
    private final List<Confirms.Range> ranges = new ArrayList<>(1);
    private final AtomicInteger missing = new AtomicInteger(1);
    private final List<Target.Refusals> refused = new ArrayList<>(0);
    private final Runnable complete;
    private @Nullable Throwable failure;
    private @Nullable Throwable untold;
    private long bytes;
    private int held;

    /** @param complete run once, on any thread, when everything has been answered */
    PublishGroup(java.util.function.Consumer<PublishGroup> complete) {
        this.complete = () -> complete.accept(this);
    }

    /** Counts a message of a channel in confirm mode in. */
    Confirms.Range number(ServerChannel channel, Confirms confirms, long number) {
        for (int i = channels.size() - 1; i >= 0; i--) {
            if (channels.get(i) == channel) {
                Confirms.Range range = ranges.get(i);
                range.to = number;
                return range;
            }
        }
        Confirms.Range range = confirms.begin(number);
        channels.add(channel);
        ranges.add(range);
        return range;
    }

    void appending(long batchBytes) {
        bytes += batchBytes;
        missing.incrementAndGet();
    }

    /** What its batches take in memory. */
    long bytes() {
        return bytes;
    }

    /** On the event loop: one of its batches waits for room on the disk; true where it is the only one. */
    boolean hold() {
        return ++held == 1;
    }

    /** On the event loop: one of its batches waits no more; true where it was the last one. */
    boolean letGo() {
        return --held == 0;
    }

    /** One append was answered. Any thread. */
    void appended(Target.@Nullable Refusals numbers, boolean unconfirmed, @Nullable Throwable error) {
        if (error != null) {
            synchronized (this) {
                failure = error;
                if (unconfirmed) {
                    untold = error;
                }
                if (numbers != null) {
                    refused.add(numbers);
                }
            }
        }
        part();
    }

    /** Everything that belongs to it has been appended. */
    void sealed() {
        part();
    }

    private void part() {
        if (missing.decrementAndGet() == 0) {
            complete.run();
        }
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Why messages were refused that no confirm tells of; null where there are none. */
    synchronized @Nullable Throwable untold() {
        return untold;
    }

    /** On the event loop: confirms or refuses. */
    synchronized void confirm() {
        refused.forEach(Target.Refusals::refuse);
        for (int i = 0; i < ranges.size(); i++) {
            ranges.get(i).done();
            channels.get(i).writeConfirms();
        }
    }
}
