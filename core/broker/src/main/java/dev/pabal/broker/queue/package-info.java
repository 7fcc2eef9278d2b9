/** Queues as a running thing: views on their shards' threads, joined to logs, timers, consumers and dead letters. */
@NullMarked
package dev.pabal.broker.queue;

import org.jspecify.annotations.NullMarked;
