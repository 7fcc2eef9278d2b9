package dev.pabal.catalog;

/**
 * What was decided once, when the store was created.
 *
 * @param clusterId identity of the whole cluster: 22 characters
 * @param nodeId number of the node
 * @param shardCount number of shards; never derived from the machine, so that a store may move to another
 */
public record StoreIdentity(String clusterId, int nodeId, int shardCount) {
    public StoreIdentity {
        if (shardCount < 1 || nodeId < 0) {
            throw new IllegalArgumentException("node " + nodeId + " with " + shardCount + " shards");
        }
    }
}
