package dev.pabal.broker.queue;

/** Somebody who gets messages one by one. */
final class GetHolder implements MessageQueue.Holder {
    private final QueueRuntime queue;
    /** As the view knows it, -1 before the first get and after the end. For the shard's thread. */
    private int number = -1;

    GetHolder(QueueRuntime queue) {
        this.queue = queue;
    }

    int number(QueueCore core) {
        if (number < 0) {
            number = core.consumers().newNumber();
        }
        return number;
    }

    @Override
    public void close() {
        queue.run(core -> {
            if (number >= 0) {
                core.release(number);
                core.consumers().freeNumber(number);
                number = -1;
            }
        });
    }
}
