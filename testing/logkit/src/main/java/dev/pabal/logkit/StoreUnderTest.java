package dev.pabal.logkit;

import dev.pabal.log.LogStore;

/**
 * One store that the contract suite drives through its lives. What an implementation cannot do it says by returning false; the suite then
 * skips the rule.
 */
public interface StoreUnderTest extends AutoCloseable {
    /** The store of the present life. */
    LogStore store();

    /** Stops the store cleanly and starts one on what it left. */
    LogStore restart() throws Exception;

    /** Ends the store without warning and starts one on what was left. What was acknowledged must be there. */
    LogStore crash() throws Exception;

    /** Closes the store of the present life; one that is moved by hand is first let go by the hand. */
    default void stop() {
        store().close();
    }

    /** From now on nothing becomes durable. */
    default boolean holdDurability() {
        return false;
    }

    /** What waited becomes durable. */
    default void releaseDurability() {}

    /** Moves what is durable to where the store keeps what is no longer the tail, so that reads are cold ones. */
    default void flush() throws Exception {}

    /** Applies retention now. */
    default boolean applyRetention() throws Exception {
        return false;
    }

    /** Ends everything and leaves nothing behind. */
    @Override
    void close() throws Exception;
}
