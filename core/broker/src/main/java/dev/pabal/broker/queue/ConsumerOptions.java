package dev.pabal.broker.queue;

/**
 * How somebody wants to consume.
 *
 * @param tag for people: what the protocol calls the consumer
 * @param connection for people: what the protocol calls the connection
 * @param noAck messages are settled as they are delivered
 * @param exclusive nobody else may consume
 * @param priority higher ones are served first
 * @param credit messages that may be delivered at first, {@link Integer#MAX_VALUE} = any number
 * @param timeoutMs how long a delivered message may stay unsettled before {@link QueueConsumer#cancelled}, -1 = for ever
 */
public record ConsumerOptions(
        String tag, String connection, boolean noAck, boolean exclusive, int priority, int credit, long timeoutMs) {}
