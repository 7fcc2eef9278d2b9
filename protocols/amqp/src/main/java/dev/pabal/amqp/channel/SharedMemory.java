package dev.pabal.amqp.channel;

import dev.pabal.message.BatchMemory;

/**
 * Memory that all connections of a listener share, for one may ask for much, or thousands for some: what each of them may have for itself
 * says nothing about the sum. Any thread.
 *
 * @param routes how many are remembered
 * @param batches buffers of batches, used again
 * @param underWayBytes of batches until they are stored; where it is overdrawn, each connection has a small share still
 * @param heldBytes of what waits for the store to take writes again; where it is overdrawn, those who publish are not read
 * @param transactionBytes of what is published and settled in open transactions
 * @param incompleteBytes of messages of which frames are missing: their bodies, and their properties where those are large
 */
public record SharedMemory(
        Budget routes,
        BatchMemory batches,
        Budget underWayBytes,
        Budget heldBytes,
        Budget transactionBytes,
        Budget incompleteBytes) {
    /** Some 400 bytes each, with names, target and all. */
    private static final int ROUTES = 1 << 17;

    /** As much of each as goes together into a heap of that size. */
    public static SharedMemory forHeap(long heapBytes) {
        return new SharedMemory(
                new Budget(ROUTES),
                new BatchMemory(32L << 20),
                new Budget(Math.max(32L << 20, heapBytes / 8)),
                new Budget(64L << 20),
                new Budget(128L << 20),
                new Budget(Math.max(32L << 20, heapBytes / 8)));
    }
}
