package dev.pabal.broker;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/**
 * An event loop that the server lends to shards.
 *
 * @param executor runs tasks one after another, in order, on one thread
 * @param inLoop whether the calling thread is that thread
 */
public record ShardLoop(ScheduledExecutorService executor, BooleanSupplier inLoop) {}
