package dev.pabal.sqs.action;

import dev.pabal.sqs.move.MoveTasks;
import dev.pabal.sqs.wire.Parameters;
import java.util.concurrent.CompletableFuture;

/** Starts to move dead letters back, or to another queue. */
final class StartMessageMoveTask implements Action {
    private static final int FASTEST = 500;

    private final MoveTasks tasks;

    StartMessageMoveTask(MoveTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "StartMessageMoveTask";
    }

    @Override
    public CompletableFuture<Reply> perform(Call call) {
        Parameters parameters = call.parameters();
        Integer rate = parameters.integer("MaxNumberOfMessagesPerSecond", 1, FASTEST);
        String destination = parameters.text("DestinationArn");
        return tasks.start(
                        call.realm().region(),
                        parameters.required("SourceArn"),
                        destination == null || destination.isEmpty() ? null : destination,
                        rate == null ? 0 : rate)
                .thenApply(handle -> out -> out.text("TaskHandle", handle));
    }
}
