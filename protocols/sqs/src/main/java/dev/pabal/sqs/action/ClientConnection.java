package dev.pabal.sqs.action;

/** The connection that a request came by. */
public interface ClientConnection {
    /**
     * Has something done when the connection ends before the reply was written: whoever waits must not be given messages any more. One task
     * at a time; replaced by the next; run at once where it has ended already. Called by any thread before the reply completes; the task runs
     * on the connection's.
     */
    void onGone(Runnable task);
}
