package dev.pabal.queue;

/**
 * Who gets the next message: consumers by priority, in turn among equals, each as far as its credit goes; with a single active consumer, one
 * alone. Pure; for one thread only.
 */
public interface Dispatcher {
    /** @param singleActive one consumer alone is served, the next one only when it goes */
    static Dispatcher create(boolean singleActive) {
        return new ConsumerTurns(singleActive);
    }

    /**
     * Adds a consumer.
     *
     * @param consumer number of the caller's choice, not negative
     * @param priority higher ones first
     * @param credit messages it may hold, {@link Integer#MAX_VALUE} = any number
     */
    void add(int consumer, int priority, int credit);

    void remove(int consumer);

    /** The consumer that gets the next message, or -1 where none has credit. Changes nothing until {@link #delivered}. */
    int next();

    /** The consumer got a message: its credit falls by one and the turn passes on. */
    void delivered(int consumer);

    /** The consumer's credit changes by {@code messages}. */
    void credit(int consumer, int messages);

    /** Stops or resumes handing to a consumer whatever its credit (its connection cannot take more now). */
    void pause(int consumer, boolean paused);

    /** Whether the consumer may be handed a message now, when its turn comes. */
    boolean isServed(int consumer);

    /** The one active consumer, -1 where there is none or any may be. */
    int active();

    int size();
}
