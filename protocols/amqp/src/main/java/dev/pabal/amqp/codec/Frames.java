package dev.pabal.amqp.codec;

/**
 * The envelope of everything that follows the protocol header.
 *
 * <pre>
 *   0      1         3        7                 7+size
 *   +------+---------+--------+-- payload ... --+-----------+
 *   | type | channel | size   |                 | end 0xCE  |
 *   +------+---------+--------+-----------------+-----------+
 *   payload of a content header: | class id (2) | weight 0 (2) | body size (8) | property flags (2) | property list ... |
 * </pre>
 *
 * @see <a href="https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf">AMQP 0-9-1, 4.2.3</a>
 */
public final class Frames {
    public static final int METHOD = 1;
    public static final int CONTENT_HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;

    /** The octet behind each payload. */
    public static final int END = 0xce;

    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 7;
    /** Bytes of a frame beyond its payload. */
    public static final int OVERHEAD_BYTES = 8;
    /** Bytes of a content header's payload before the property flags. */
    public static final int CONTENT_PREFIX_BYTES = 12;

    private Frames() {}
}
