package dev.pabal.message;

import java.nio.ByteBuffer;

/**
 * A stored record as AMQP sees it: positions of its parts in the buffer of the batch, found without a copy. One object serves many records.
 *
 * <p>A record published over AMQP is stored so:
 *
 * <pre>
 *   record key      routing key, as bytes; null where it is empty
 *   record value    body
 *   timestamp       broker's time of arrival
 *   headers         "pabal.amqp" = | version 1 | exchange: length (1), bytes | property flags and property list, raw |
 *                   then, for readers of other protocols, one for each entry of the headers table whose value has a textual form,
 *                   and "content-type", "content-encoding", "correlation-id", "reply-to", "message-id", "type", "app-id" where present
 * </pre>
 *
 * The raw properties are what the publisher sent, flags first, byte by byte (spec 4.2.6.1); they go to AMQP consumers as they are.
 * The header "pabal.amqp" comes first. A record of another protocol has no such header: its headers become the headers table, its
 * key the routing key, its timestamp the property.
 */
public final class AmqpRecord {
    /** Name of the header that holds what only AMQP knows. */
    public static final String ENVELOPE = "pabal.amqp";

    private AmqpRecord() {}

    /** Whether the batch holds records of AMQP only, uncompressed: then records can be found by walking. */
    public static boolean isPlain(ByteBuffer batch, int at) {
        return (batch.getShort(at + 21) & 7) == 0;
    }
}
