package dev.pabal.queue;

/** Keeps a queue within its limits by dropping what would be handed out next. */
final class Limits {
    private final ViewState state;
    private final Handout handout;
    private final Endings endings;

    Limits(ViewState state, Handout handout, Endings endings) {
        this.state = state;
        this.handout = handout;
        this.endings = endings;
    }

    /** Drops what is too much; whether some of it is left for the next call, so that others have their turns. */
    boolean enforce() {
        ViewOptions options = state.options;
        if (options.overflow() != ViewOptions.Overflow.DROP_HEAD
                || options.maxLength() < 0 && options.maxLengthBytes() < 0) {
            return false;
        }
        for (int left = Expiry.MOST_AT_ONCE; isOver(options); left--) {
            if (left == 0) {
                return true;
            }
            long excess = state.untouched() - options.maxLength();
            if (options.maxLength() >= 0
                    && state.ready() == state.untouched()
                    && state.ahead.isEmpty()
                    && excess > 0
                    && !options.deadLetters()) {
                endings.dieUntouched(state.cursor + excess, DeadReason.MAXLEN, Integer.MAX_VALUE);
                continue;
            }
            long offset = handout.takeToDrop();
            if (offset < 0) {
                return false;
            }
            endings.die(offset, DeadReason.MAXLEN);
        }
        return false;
    }

    private boolean isOver(ViewOptions options) {
        long ready = state.ready();
        return ready > 0
                && (options.maxLength() >= 0 && ready > options.maxLength()
                        || options.maxLengthBytes() >= 0 && state.readyBytes() > options.maxLengthBytes());
    }
}
