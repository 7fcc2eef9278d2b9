package dev.pabal.sqs.action;

import dev.pabal.sqs.move.MoveTask;
import dev.pabal.sqs.move.MoveTasks;
import dev.pabal.sqs.wire.ReplyWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Lists the move tasks of a dead-letter queue, newest first. */
final class ListMessageMoveTasks implements Action {
    private final MoveTasks tasks;

    ListMessageMoveTasks(MoveTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "ListMessageMoveTasks";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        Integer most = call.parameters().integer("MaxResults", 1, MoveTasks.MOST_PER_SOURCE);
        List<MoveTask> found =
                tasks.list(call.realm().region(), call.parameters().required("SourceArn"), most == null ? 1 : most);
        return CompletableFuture.completedFuture(out -> {
            out.beginList("Results", "ListMessageMoveTasksResultEntry");
            found.forEach(task -> write(task, out));
            out.end();
        });
    }

    private static void write(MoveTask task, ReplyWriter out) {
        out.beginElement();
        if (task.status() == MoveTask.Status.RUNNING) {
            out.text("TaskHandle", task.handle());
        }
        out.text("Status", task.status().name());
        out.text("SourceArn", task.sourceArn());
        String destination = task.destinationArn();
        if (destination != null) {
            out.text("DestinationArn", destination);
        }
        if (task.maxPerSecond() > 0) {
            out.number("MaxNumberOfMessagesPerSecond", task.maxPerSecond());
        }
        out.number("ApproximateNumberOfMessagesMoved", task.moved());
        out.number("ApproximateNumberOfMessagesToMove", task.toMove());
        String failure = task.failure();
        if (failure != null) {
            out.text("FailureReason", failure);
        }
        out.number("StartedTimestamp", task.startedMs());
        out.end();
    }
}
