package dev.pabal.amqp.codec;

/** Received bytes that break the protocol: the connection ends with 501 FRAME_ERROR. */
public final class MalformedFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        super(message, null, false, false);
    }
}
