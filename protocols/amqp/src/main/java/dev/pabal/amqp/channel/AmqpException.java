package dev.pabal.amqp.channel;

/** A method cannot be carried out: its channel or connection is closed with this code and text. To be thrown by handlers. */
public final class AmqpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ReplyCode code;
    private final boolean hard;

    /** @param text what follows the code's name in the close, in RabbitMQ's words */
    public AmqpException(ReplyCode code, String text) {
        this(code, text, code.hard());
    }

    private AmqpException(ReplyCode code, String text, boolean hard) {
        super(text, null, false, false);
        this.code = code;
        this.hard = hard;
    }

    /** As the constructor; the connection ends, although the code is a soft one (no vhost, login refused). */
    public static AmqpException ofConnection(ReplyCode code, String text) {
        return new AmqpException(code, text, true);
    }

    public ReplyCode code() {
        return code;
    }

    /** Whether the whole connection ends. */
    public boolean hard() {
        return hard;
    }

    /** The text of the close: {@code NOT_FOUND - no queue 'x' in vhost '/'}. */
    public String replyText() {
        return code + " - " + getMessage();
    }
}
