package dev.pabal.broker;

/** The broker refuses what was asked; {@link #refusal} is for programs, the message for people. */
public class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    public BrokerException(Refusal refusal, String message) {
        super(message, null, false, false);
        this.refusal = refusal;
    }

    public BrokerException(Refusal refusal, String message, Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
