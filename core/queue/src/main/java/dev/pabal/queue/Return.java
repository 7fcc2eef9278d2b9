package dev.pabal.queue;

/** How a message comes back; which of its two counts grow (RabbitMQ 4.3: quorum queues, "counters"). */
public enum Return {
    /** basic.nack, recover, an expired visibility: it was acquired, nothing more. */
    RELEASED,
    /** basic.reject with requeue, or its holder went: a delivery that failed, counted towards the delivery limit. */
    FAILED,
    /** Never shown to the application (prefetched and given back in time): no count grows, and it is not redelivered. */
    UNTOUCHED
}
