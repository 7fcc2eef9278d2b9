package dev.pabal.sqs.action;

import dev.pabal.sqs.move.MoveTasks;
import java.util.concurrent.CompletableFuture;

/** Stops a move task; what was moved stays where it is. */
final class CancelMessageMoveTask implements Action {
    private final MoveTasks tasks;

    CancelMessageMoveTask(MoveTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "CancelMessageMoveTask";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        long moved = tasks.cancel(call.realm().region(), call.parameters().required("TaskHandle"));
        return CompletableFuture.completedFuture(out -> out.number("ApproximateNumberOfMessagesMoved", moved));
    }
}
