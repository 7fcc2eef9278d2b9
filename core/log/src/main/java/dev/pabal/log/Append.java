package dev.pabal.log;

import java.util.concurrent.CompletableFuture;

/**
 * What {@link Log#append} returns at once.
 *
 * @param baseOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param durable completes when the log's {@link Durability} promise holds for the whole append, on a thread of the store: callbacks
 *     must be short and hand over to their own thread. With {@link Durability#MEMORY} it is complete already, unless memory is used up: then
 *     it completes once some was freed. Fails with a {@link LogException} only where the process is about to halt or the
 *     owner was fenced
 */
public record Append(long baseOffset, long lastOffset, CompletableFuture<Void> durable) {}
