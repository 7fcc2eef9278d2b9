package dev.pabal.sqs.move;

/** A task cannot go on; the message is the reason as clients read it. */
final class MoveFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    MoveFailure(String reason) {
        super(reason, null, false, false);
    }
}
