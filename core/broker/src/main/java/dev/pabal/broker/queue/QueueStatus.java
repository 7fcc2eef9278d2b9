package dev.pabal.broker.queue;

import java.util.List;

/**
 * Figures of the moment.
 *
 * @param ready messages that wait
 * @param readyBytes bytes of their bodies
 * @param inFlight messages delivered and not settled
 * @param delayed messages that may not be delivered yet
 * @param consumers who consumes
 * @param published messages since the start
 * @param delivered deliveries since the start
 * @param acknowledged settlements by acknowledgement since the start
 * @param redelivered deliveries that were not the first
 */
public record QueueStatus(
        long ready,
        long readyBytes,
        long inFlight,
        long delayed,
        List<Consumer> consumers,
        long published,
        long delivered,
        long acknowledged,
        long redelivered) {
    public QueueStatus {
        consumers = List.copyOf(consumers);
    }

    /** One consumer. */
    public record Consumer(ConsumerOptions options, boolean active, int unsettled) {}
}
