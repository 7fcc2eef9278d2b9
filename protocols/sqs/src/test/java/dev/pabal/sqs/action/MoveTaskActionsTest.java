package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.sqs.wire.SqsError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MoveTaskActionsTest {
    private static final String DEAD = SqsBroker.ARN + "dead";
    private static final Map<String, Object> FROM_ORDERS = Map.of("x-first-death-queue", "orders");

    private SqsBroker sqs = new SqsBroker();

    @BeforeEach
    void queues() {
        sqs.create("dead", Map.of());
        sqs.create("other", Map.of());
        sqs.create(
                "orders",
                Map.of("RedrivePolicy", "{\"deadLetterTargetArn\":\"" + DEAD + "\",\"maxReceiveCount\":\"1\"}"));
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void deadLettersGoBackToWhereTheyCameFrom() {
        sqs.publish("dead", FROM_ORDERS, "1", "2", "3");

        String handle = start(Map.of("SourceArn", DEAD));
        awaitStatus("COMPLETED");
        assertThat(sqs.bodies("orders")).containsExactly("1", "2", "3");
        assertThat(sqs.bodies("dead")).isEmpty();
        assertThat(newest())
                .containsEntry("ApproximateNumberOfMessagesMoved", 3L)
                .containsEntry("ApproximateNumberOfMessagesToMove", 3L)
                .containsEntry("SourceArn", DEAD)
                .containsKey("StartedTimestamp")
                .doesNotContainKeys("TaskHandle", "DestinationArn", "MaxNumberOfMessagesPerSecond", "FailureReason");
        assertThat(new String(Base64.getDecoder().decode(handle), StandardCharsets.UTF_8))
                .contains("\"taskId\":\"", "\"sourceArn\":\"" + DEAD + "\"");
    }

    @Test
    void aDestinationTakesAll() {
        sqs.publish("dead", Map.of(), "1", "2");

        start(Map.of("SourceArn", DEAD, "DestinationArn", SqsBroker.ARN + "other"));
        awaitStatus("COMPLETED");
        assertThat(sqs.bodies("other")).containsExactly("1", "2");
        assertThat(newest()).containsEntry("DestinationArn", SqsBroker.ARN + "other");
    }

    @Test
    void aMessageOfNoKnownSourceFailsTheTaskAndStays() {
        sqs.publish("dead", Map.of(), "1");

        start(Map.of("SourceArn", DEAD));
        awaitStatus("FAILED");
        assertThat(newest()).containsEntry("FailureReason", "CouldNotDetermineMessageSource");
        await().untilAsserted(() -> assertThat(sqs.bodies("dead")).containsExactly("1"));
    }

    @Test
    void aRateIsKeptOneTaskAtATimeAndItCanBeCancelled() {
        String[] bodies =
                IntStream.rangeClosed(1, 90).mapToObj(Integer::toString).toArray(String[]::new);
        sqs.publish("dead", FROM_ORDERS, bodies);
        long beganNs = System.nanoTime();
        Map<String, Object> slowly = Map.of("SourceArn", DEAD, "MaxNumberOfMessagesPerSecond", 1);

        String handle = start(slowly);
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
                () -> start(slowly));
        await().untilAsserted(() -> assertThat(sqs.bodies("orders")).startsWith("1"));
        assertThat(newest())
                .containsEntry("TaskHandle", handle)
                .containsEntry("Status", "RUNNING")
                .containsEntry("MaxNumberOfMessagesPerSecond", 1L);

        sqs.call("CancelMessageMoveTask", Map.of("TaskHandle", handle));
        awaitStatus("CANCELLED");
        int seconds = (int) Duration.ofNanos(System.nanoTime() - beganNs).toSeconds();
        assertThat(sqs.bodies("dead")).as("one moved a second").hasSizeGreaterThanOrEqualTo(88 - seconds);
        Refused.with(
                SqsError.UNSUPPORTED_OPERATION,
                "Only a message move task that is running can be cancelled.",
                () -> sqs.call("CancelMessageMoveTask", Map.of("TaskHandle", handle)));
    }

    @Test
    void whatComesBackWhileATaskRunsIsLeftToTheNext() {
        sqs.publish("dead", FROM_ORDERS, "1", "2", "3");
        start(Map.of("SourceArn", DEAD, "MaxNumberOfMessagesPerSecond", 1));
        await().untilAsserted(() -> assertThat(sqs.bodies("orders")).isNotEmpty());
        // Its receivers let everything fail at once: all of it comes back, again and again.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            receive("orders", 0);
            return "COMPLETED".equals(newest().get("Status"));
        });
        assertThat(newest())
                .containsEntry("ApproximateNumberOfMessagesMoved", 3L)
                .containsEntry("ApproximateNumberOfMessagesToMove", 3L);
        await().untilAsserted(() -> {
            receive("orders", 0);
            assertThat(sqs.bodies("dead")).containsExactlyInAnyOrder("1", "2", "3");
        });
    }

    @Test
    void aTaskGoesOnAfterARestart() {
        sqs.publish("dead", FROM_ORDERS, "1", "2", "3");
        start(Map.of("SourceArn", DEAD, "MaxNumberOfMessagesPerSecond", 1));
        await().untilAsserted(() -> assertThat(sqs.bodies("orders")).isNotEmpty());

        sqs = sqs.restarted();
        await().atMost(Duration.ofSeconds(60)).until(() -> sqs.bodies("dead").isEmpty());
        sqs.leap(60_000);
        awaitStatus("COMPLETED");
        assertThat(sqs.bodies("orders")).contains("1", "2", "3");

        sqs = sqs.restarted();
        assertThat(newest()).containsEntry("Status", "COMPLETED");
    }

    @Test
    void aDestinationThatGoesFailsTheTask() {
        String[] bodies =
                IntStream.rangeClosed(1, 90).mapToObj(Integer::toString).toArray(String[]::new);
        sqs.publish("dead", FROM_ORDERS, bodies);
        start(Map.of("SourceArn", DEAD, "DestinationArn", SqsBroker.ARN + "other", "MaxNumberOfMessagesPerSecond", 1));
        sqs.call("DeleteQueue", Map.of("QueueUrl", "other"));

        awaitStatus("FAILED");
        assertThat(newest()).containsEntry("FailureReason", "AWS.SimpleQueueService.NonExistentQueue");
        await().untilAsserted(() -> assertThat(sqs.bodies("dead")).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void aMessageOfAFifoQueueComesBackAsItWas() {
        String dead = SqsBroker.ARN + "dead.fifo";
        sqs.create("dead.fifo", Map.of("FifoQueue", "true"));
        sqs.create(
                "orders.fifo",
                Map.of(
                        "FifoQueue",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + dead + "\",\"maxReceiveCount\":1}"));
        Map<String, Object> message = Map.of(
                "QueueUrl",
                "orders.fifo",
                "MessageBody",
                "1",
                "MessageGroupId",
                "group",
                "MessageDeduplicationId",
                "once");
        Object id = sqs.call("SendMessage", message).get("MessageId");
        assertThat(receive("orders.fifo", 0)).hasSize(1);
        await().untilAsserted(() -> assertThat(sqs.bodies("dead.fifo")).containsExactly("1"));

        start(Map.of("SourceArn", dead));
        await().untilAsserted(() -> assertThat(sqs.bodies("orders.fifo")).containsExactly("1"));
        assertThat(receive("orders.fifo", 30)).singleElement().satisfies(back -> {
            assertThat(back).containsEntry("MessageId", id);
            assertThat(back.get("Attributes"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("MessageGroupId", "group")
                    .containsEntry("MessageDeduplicationId", "once")
                    .containsEntry("ApproximateReceiveCount", "1")
                    .doesNotContainKey("DeadLetterQueueSourceArn");
        });
        assertThat(sqs.call("SendMessage", message)).containsEntry("MessageId", id);
        assertThat(sqs.bodies("orders.fifo")).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> receive(String name, int visibilitySeconds) {
        Map<String, Object> reply = sqs.call(
                "ReceiveMessage",
                Map.of("QueueUrl", name, "AttributeNames", List.of("All"), "VisibilityTimeout", visibilitySeconds));
        return (List<Map<String, Object>>) reply.getOrDefault("Messages", List.of());
    }

    @Test
    void whatCannotBeMovedIsRefused() {
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Source queue must be configured as a Dead Letter Queue.",
                () -> start(Map.of("SourceArn", SqsBroker.ARN + "other", "DestinationArn", SqsBroker.ARN + "orders")));
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "The resource that you specified for the SourceArn parameter doesn't exist.",
                () -> start(Map.of("SourceArn", SqsBroker.ARN + "nowhere")));
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "The resource that you specified for the DestinationArn parameter doesn't exist.",
                () -> start(Map.of("SourceArn", DEAD, "DestinationArn", SqsBroker.ARN + "nowhere")));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if"
                        + " provided.",
                () -> start(Map.of("SourceArn", DEAD, "MaxNumberOfMessagesPerSecond", 501)));
    }

    @Test
    void handlesOfNoTaskAreRefused() {
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value for parameter TaskHandle is invalid.",
                () -> sqs.call("CancelMessageMoveTask", Map.of("TaskHandle", "foobared")));
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "The resource that you specified for the SourceArn parameter doesn't exist.",
                () -> sqs.call("CancelMessageMoveTask", Map.of("TaskHandle", handle(SqsBroker.ARN + "nowhere"))));
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "Task does not exist.",
                () -> sqs.call("CancelMessageMoveTask", Map.of("TaskHandle", handle(DEAD))));
    }

    private static String handle(String sourceArn) {
        String json = "{\"taskId\":\"10f57157-fc38-4da9-a113-4de7e12d05aa\",\"sourceArn\":\"" + sourceArn + "\"}";
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private String start(Map<String, Object> parameters) {
        return (String) sqs.call("StartMessageMoveTask", parameters).get("TaskHandle");
    }

    private void awaitStatus(String status) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(newest()).containsEntry("Status", status));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> newest() {
        return ((List<Map<String, Object>>) sqs.call("ListMessageMoveTasks", Map.of("SourceArn", DEAD))
                        .get("Results"))
                .get(0);
    }
}
