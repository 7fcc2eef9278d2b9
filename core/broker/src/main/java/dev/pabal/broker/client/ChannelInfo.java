package dev.pabal.broker.client;

/**
 * A channel at one moment.
 *
 * @param number its number on the connection
 * @param consumers consumers on it
 * @param unacknowledged messages delivered and not settled
 * @param unconfirmed messages published and not confirmed
 * @param prefetch bound of unacknowledged messages of each consumer, 0 = none
 * @param globalPrefetch the same for the channel as a whole, 0 = none
 * @param confirm whether publishes are confirmed
 * @param transactional whether publishes wait for a commit
 */
public record ChannelInfo(
        int number,
        int consumers,
        int unacknowledged,
        int unconfirmed,
        int prefetch,
        int globalPrefetch,
        boolean confirm,
        boolean transactional) {}
