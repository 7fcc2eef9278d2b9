package dev.pabal.log;

import java.nio.ByteBuffer;

/**
 * State that belongs to one log and is nothing but what replaying its batch headers gives (producer sequences today). Pure: no I/O, no
 * clock, no threads; the log calls it under its own lock.
 *
 * <p>The log feeds it every batch in order, saves it with a checkpoint, loads the last save at recovery and feeds the batches after it.
 * A save is used only once everything applied to it is durable, so a state never knows of a batch that the log lost.
 */
public interface LogState {
    /** Applies the batch that starts at {@code at}; its offsets are final. Called once for each batch, in offset order. */
    void apply(ByteBuffer batch, int at);

    /** The whole state as bytes of a versioned format, or an empty buffer where there is nothing to say. */
    ByteBuffer save();

    /** Replaces the state by what {@link #save} returned once. */
    void load(ByteBuffer saved);

    /** The log now starts at {@code startOffset}: what is known only of earlier offsets may be forgotten. */
    default void trimmed(long startOffset) {}

    /** Makes the state of a log, empty, before anything is replayed into it. */
    @FunctionalInterface
    interface Factory {
        LogState create(LogId id);
    }

    /** Knows nothing, saves nothing. */
    LogState NONE = new LogState() {
        @Override
        public void apply(ByteBuffer batch, int at) {}

        @Override
        public ByteBuffer save() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public void load(ByteBuffer saved) {}
    };
}
