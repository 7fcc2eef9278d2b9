package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** StartMessageMoveTask, CancelMessageMoveTask and ListMessageMoveTasks. */
class MoveTaskTest extends SqsTest {
    /** At one a second, more than are moved while a test looks on. */
    private static final int MANY = 90;

    MoveTaskTest(SqsUnderTest broker) {
        super(broker);
    }

    /** A queue whose messages go to {@code dead} after one receive. */
    private String source(String dead) {
        return queue("RedrivePolicy", redrive(arn(dead), 1), "VisibilityTimeout", "0");
    }

    private void kill(String url, String dead, List<String> bodies) {
        int before = count(dead);
        sendMany(url, bodies);
        for (int left = bodies.size(); left > 0; ) {
            left -= receive(url).size();
        }
        awaitCount(dead, before + bodies.size());
    }

    private String start(String dead, String target) {
        return sqs.startMessageMoveTask(request -> request.sourceArn(arn(dead)).destinationArn(arn(target)))
                .taskHandle();
    }

    private String startSlowly(String dead, String target) {
        return sqs.startMessageMoveTask(request ->
                        request.sourceArn(arn(dead)).destinationArn(arn(target)).maxNumberOfMessagesPerSecond(1))
                .taskHandle();
    }

    private ListMessageMoveTasksResultEntry newest(String dead) {
        return sqs.listMessageMoveTasks(request -> request.sourceArn(arn(dead)))
                .results()
                .get(0);
    }

    private ListMessageMoveTasksResultEntry awaitStatus(String dead, String status) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> newest(dead), task -> task.status().equals(status));
    }

    @Test
    void messagesAreMovedToTheNamedQueue() {
        String dead = queue();
        String url = source(dead);
        String target = queue();
        kill(url, dead, List.of("message-1", "message-2"));
        String handle = start(dead, target);
        assertThat(new String(Base64.getDecoder().decode(handle), StandardCharsets.UTF_8))
                .contains("\"taskId\"", "\"sourceArn\":\"" + arn(dead) + "\"");
        ListMessageMoveTasksResultEntry task = awaitStatus(dead, "COMPLETED");
        assertThat(task.approximateNumberOfMessagesMoved()).isEqualTo(2);
        assertThat(task.approximateNumberOfMessagesToMove()).isEqualTo(2);
        assertThat(task.sourceArn()).isEqualTo(arn(dead));
        assertThat(task.destinationArn()).isEqualTo(arn(target));
        assertThat(task.taskHandle()).as("only a task that runs has a handle").isNull();
        assertThat(System.currentTimeMillis() - task.startedTimestamp()).isBetween(0L, 600_000L);
        assertThat(drain(target, 0)).containsExactlyInAnyOrder("message-1", "message-2");
        assertThat(count(dead) + inFlight(dead)).isZero();
    }

    @Test
    void withoutANameEachGoesBackToItsSource() {
        String dead = queue();
        String one = source(dead);
        String two = source(dead);
        kill(one, dead, List.of("one-1", "one-2"));
        kill(two, dead, List.of("two-1", "two-2"));
        sqs.startMessageMoveTask(request -> request.sourceArn(arn(dead)));
        ListMessageMoveTasksResultEntry task = awaitStatus(dead, "COMPLETED");
        assertThat(task.approximateNumberOfMessagesMoved()).isEqualTo(4);
        assertThat(task.destinationArn()).isNull();
        assertThat(bodies(receive(one, request -> request.visibilityTimeout(30))))
                .containsExactlyInAnyOrder("one-1", "one-2");
        assertThat(bodies(receive(two, request -> request.visibilityTimeout(30))))
                .containsExactlyInAnyOrder("two-1", "two-2");
    }

    @Test
    void aMovedMessageKeepsItsIdAndBeginsToCountAnew() {
        String dead = queue();
        String url = source(dead);
        String target = queue();
        String id = send(url, "test").messageId();
        receiveOne(url);
        awaitCount(dead, 1);
        start(dead, target);
        Message moved = receiveOne(target);
        assertThat(moved.messageId()).isEqualTo(id);
        assertThat(receiveCount(moved)).isEqualTo(1);
    }

    @Test
    void aTaskKeepsToItsRateAndCanBeCancelled() {
        String dead = queue();
        String target = queue();
        kill(source(dead), dead, numbered("m", MANY));
        long beganNs = System.nanoTime();
        String handle = startSlowly(dead, target);
        ListMessageMoveTasksResultEntry running = newest(dead);
        assertThat(running.status()).isEqualTo("RUNNING");
        assertThat(running.taskHandle()).isEqualTo(handle);
        assertThat(running.maxNumberOfMessagesPerSecond()).isEqualTo(1);
        assertThat(running.approximateNumberOfMessagesToMove()).isEqualTo(MANY);
        int seen = Awaitility.await().atMost(PATIENCE).until(() -> count(target), count -> count >= 3);
        assertThat(seen).as("one at once and one a second").isLessThanOrEqualTo(2 + secondsSince(beganNs));
        // Counted once it is deleted at its source, which comes after it has arrived.
        assertThat(sqs.cancelMessageMoveTask(request -> request.taskHandle(handle))
                        .approximateNumberOfMessagesMoved())
                .isBetween(seen - 1L, 2L + secondsSince(beganNs));
        ListMessageMoveTasksResultEntry cancelled = awaitStatus(dead, "CANCELLED");
        assertThat(cancelled.taskHandle()).isNull();
        assertThat(count(dead)).isGreaterThanOrEqualTo(MANY - 3 - secondsSince(beganNs));
        assertThat(count(dead) + count(target)).isEqualTo(MANY);
        assertThat(refused(() -> sqs.cancelMessageMoveTask(request -> request.taskHandle(handle)))
                        .awsErrorDetails()
                        .errorCode())
                .isIn(
                        "AWS.SimpleQueueService.UnsupportedOperation",
                        "ResourceNotFoundException",
                        "InvalidParameterValue");
    }

    private static int secondsSince(long beganNs) {
        return (int) Duration.ofNanos(System.nanoTime() - beganNs).toSeconds();
    }

    @Test
    void aSourceHasOneTaskAtATime() {
        String dead = queue();
        String target = queue();
        kill(source(dead), dead, numbered("m", MANY));
        String handle = startSlowly(dead, target);
        SqsException refusal = assertRefused("InvalidParameterValue", () -> start(dead, target));
        assertThat(message(refusal))
                .isEqualTo(
                        "There is already a task running. Only one active task is allowed for a source queue arn at a"
                                + " given time.");
        sqs.cancelMessageMoveTask(request -> request.taskHandle(handle));
        awaitStatus(dead, "CANCELLED");
        start(dead, target);
        awaitStatus(dead, "COMPLETED");
        assertThat(sqs.listMessageMoveTasks(
                                request -> request.sourceArn(arn(dead)).maxResults(10))
                        .results())
                .extracting(ListMessageMoveTasksResultEntry::status)
                .containsExactly("COMPLETED", "CANCELLED");
    }

    @Test
    void aTaskFailsWhenItsTargetIsDeleted() {
        String dead = queue();
        String target = queue();
        kill(source(dead), dead, numbered("m", MANY));
        String name = arn(target);
        sqs.startMessageMoveTask(
                request -> request.sourceArn(arn(dead)).destinationArn(name).maxNumberOfMessagesPerSecond(1));
        sqs.deleteQueue(request -> request.queueUrl(target));
        ListMessageMoveTasksResultEntry failed = awaitStatus(dead, "FAILED");
        assertThat(failed.failureReason()).isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(receive(dead)).isNotEmpty();
    }

    @Test
    void theSourceMustBeADeadLetterQueue() {
        String url = queue();
        SqsException refusal = assertRefused("InvalidParameterValue", () -> start(url, queue()));
        assertThat(message(refusal)).isEqualTo("Source queue must be configured as a Dead Letter Queue.");
    }

    @Test
    void sourceAndTargetMustBeThere() {
        String dead = queue();
        source(dead);
        SqsException noTarget = assertRefused(
                "ResourceNotFoundException",
                () -> sqs.startMessageMoveTask(
                        request -> request.sourceArn(arn(dead)).destinationArn(arn(dead) + "doesntexist")));
        assertThat(message(noTarget))
                .isEqualTo("The resource that you specified for the DestinationArn parameter doesn't exist.");
        assertThat(noTarget.statusCode()).isEqualTo(404);
        assertRefused(
                "ResourceNotFoundException",
                () -> sqs.startMessageMoveTask(request -> request.sourceArn(arn(dead) + "doesntexist")));
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.startMessageMoveTask(
                        request -> request.sourceArn(arn(dead)).maxNumberOfMessagesPerSecond(501)));
    }

    @Test
    void aBadHandleCancelsNothing() {
        assertThat(message(assertRefused(
                        "InvalidParameterValue",
                        () -> sqs.cancelMessageMoveTask(request -> request.taskHandle("foobared")))))
                .isEqualTo("Value for parameter TaskHandle is invalid.");
        String url = queue();
        assertThat(message(cancelRefused(arn(url) + "-nowhere")))
                .isEqualTo("The resource that you specified for the SourceArn parameter doesn't exist.");
        assertThat(message(cancelRefused(arn(url)))).isEqualTo("Task does not exist.");
    }

    private SqsException cancelRefused(String sourceArn) {
        String document = "{\"taskId\":\"10f57157-fc38-4da9-a113-4de7e12d05aa\",\"sourceArn\":\"" + sourceArn + "\"}";
        String handle = Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8));
        SqsException refusal = assertRefused(
                "ResourceNotFoundException", () -> sqs.cancelMessageMoveTask(request -> request.taskHandle(handle)));
        assertThat(refusal.statusCode()).isEqualTo(404);
        return refusal;
    }
}
