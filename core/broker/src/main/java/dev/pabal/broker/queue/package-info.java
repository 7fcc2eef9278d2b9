/**
 * Queues as a running thing: views on their shards' threads, joined to logs, timers, consumers and dead letters.
 *
 * <p>Where to find what, along the way of a message:
 *
 * <pre>
 *   comes in      MessageQueue, QueueRuntime; Admission, Arrivals, IndexScan; OncePublisher for what is to be taken once
 *   is due        QueueCore and its view, in the turns of ShardQueues; ShardTimers
 *   goes out      Deliverer, with RecordWindow and LookAhead (Sweep) for the bytes; Consumers, Receivers; Deliveries
 *   is settled    Settlement, Receipts
 *   dies          DeadLetters, Letter, DeathHeaders, CatalogRoutes
 *   is remembered ViewJournal, JournalFrames, Checkpoints; LogSpace lets go of what is settled
 *   comes back    RunningQueues at a start: StoredViews, QueueLoad
 * </pre>
 */
@NullMarked
package dev.pabal.broker.queue;

import org.jspecify.annotations.NullMarked;
