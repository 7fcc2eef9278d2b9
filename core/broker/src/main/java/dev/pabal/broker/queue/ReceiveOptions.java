package dev.pabal.broker.queue;

/**
 * How somebody wants to receive messages that come back by themselves when nobody deletes them in time.
 *
 * @param maxMessages most messages, at least 1
 * @param maxBytes most bytes of records together; the first message comes in any case
 * @param visibilityMs how long they are hidden from others, from the moment of handing out; 0 = not at all
 * @param waitMs how long to wait for the first message, 0 = not at all
 */
public record ReceiveOptions(int maxMessages, int maxBytes, long visibilityMs, long waitMs) {}
