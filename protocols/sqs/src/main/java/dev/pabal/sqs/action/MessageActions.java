package dev.pabal.sqs.action;

import dev.pabal.broker.Broker;
import dev.pabal.broker.queue.Receipts;
import dev.pabal.log.seam.Clock;
import dev.pabal.sqs.queue.ReceiptHandle;
import dev.pabal.sqs.queue.SqsQueue;
import dev.pabal.sqs.queue.SqsQueues;
import java.security.SecureRandom;
import java.util.List;

/** What the actions on messages share, and the list of them. Any thread. */
final class MessageActions {
    private final SqsQueues queues;
    private final Clock clock;
    private final ReceiveAttempts attempts;
    /** Handles of queues that are not journaled hold until the broker ends. */
    private final int incarnation = new SecureRandom().nextInt();

    MessageActions(Broker broker, SqsQueues queues) {
        this.queues = queues;
        this.clock = broker.clock();
        this.attempts = new ReceiveAttempts(clock);
    }

    List<Action> all() {
        return List.of(
                new SendMessage(this),
                new SendMessageBatch(this),
                new ReceiveMessage(this),
                new DeleteMessage(this),
                new DeleteMessageBatch(this),
                new ChangeMessageVisibility(this),
                new ChangeMessageVisibilityBatch(this));
    }

    /** The queue that a call is about. */
    SqsQueue of(Call call) {
        return queues.of(call.parameters(), call.queueUrl(), call.realm());
    }

    SqsQueues queues() {
        return queues;
    }

    Clock clock() {
        return clock;
    }

    ReceiveAttempts attempts() {
        return attempts;
    }

    /** A received message is deleted, or hidden for another time: an attempt that it was received with is not repeated. */
    void touched(ReceiptHandle handle, SqsQueue queue) {
        attempts.touched(queue.queue().id(), handle.offset());
    }

    int incarnation() {
        return incarnation;
    }

    /** Whether the handle can still mean the receiving that it was given for. */
    boolean isLive(ReceiptHandle handle, SqsQueue queue) {
        return handle.incarnation() == incarnation
                || queue.queue().settings().view().journaled();
    }

    /** The receipts behind some handles. */
    static Receipts receipts(List<ReceiptHandle> handles) {
        long[] offsets = new long[handles.size()];
        int[] generations = new int[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = handles.get(i).offset();
            generations[i] = handles.get(i).generation();
        }
        return new Receipts(offsets, generations);
    }
}
