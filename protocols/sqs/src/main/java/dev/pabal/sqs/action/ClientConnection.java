package dev.pabal.sqs.action;

/** The connection that a request came by. */
public interface ClientConnection {
    /**
     * Has something done when the connection ends before the reply was written: whoever waits must not be given messages any more. One task
     * at a time; replaced by the next. On the connection's thread; run at once where it has ended already.
     */
    void onGone(Runnable task);
}
