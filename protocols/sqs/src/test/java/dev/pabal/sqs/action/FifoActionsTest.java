package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.sqs.wire.SqsError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FIFO queues: order within groups, each message once, and receivers that ask again. */
class FifoActionsTest {
    private static final String NAME = "orders.fifo";
    private static final Map<String, String> FIFO = Map.of("FifoQueue", "true");

    private final SqsBroker sqs = new SqsBroker();

    @BeforeEach
    void queue() {
        sqs.create(NAME, FIFO);
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void aGroupComesInOrderWithItsNumbers() {
        Map<String, Object> first = send("g", "1", "one");
        Map<String, Object> second = send("g", "2", "two");

        List<Map<String, Object>> received =
                receive(Map.of("MaxNumberOfMessages", 10, "AttributeNames", List.of("All")));

        assertThat(received).extracting(message -> message.get("Body")).containsExactly("one", "two");
        assertThat((String) second.get("SequenceNumber")).hasSize(20).isGreaterThan((String)
                first.get("SequenceNumber"));
        assertThat(attributes(received.get(1)))
                .containsEntry("SequenceNumber", second.get("SequenceNumber"))
                .containsEntry("MessageGroupId", "g")
                .containsEntry("MessageDeduplicationId", "2");
        send("g", "3", "three");
        assertThat(receive(Map.of())).as("the group is locked").isEmpty();
        delete(received.get(0));
        delete(received.get(1));
        assertThat(receive(Map.of("WaitTimeSeconds", 5))).hasSize(1);
    }

    @Test
    void aRepetitionAnswersTheFirstOnesIdAndIsNotStored() {
        Map<String, Object> first = send("g", "d", "one");
        Map<String, Object> again = send("h", "d", "other");

        assertThat(again).containsEntry("MessageId", first.get("MessageId"));
        assertThat(again).containsEntry("SequenceNumber", first.get("SequenceNumber"));
        List<Map<String, Object>> received = receive(Map.of("MaxNumberOfMessages", 10));
        assertThat(received).hasSize(1);
        delete(received.get(0));
        send("g", "d", "one");
        assertThat(receive(Map.of())).as("after the deletion").isEmpty();
        sqs.leap(301_000);
        send("g", "d", "one");
        assertThat(receive(Map.of("WaitTimeSeconds", 5)))
                .as("after five minutes")
                .hasSize(1);
    }

    @Test
    void repetitionsWithinABatchAreFoundToo() {
        Map<String, Object> reply =
                on("SendMessageBatch", Map.of("Entries", List.of(entry("a", "d"), entry("b", "e"), entry("c", "d"))));

        List<Map<String, Object>> successful = list(reply, "Successful");
        assertThat(successful).hasSize(3);
        assertThat(successful.get(2))
                .containsEntry("MessageId", successful.get(0).get("MessageId"));
        assertThat(receive(Map.of("MaxNumberOfMessages", 10))).hasSize(2);
    }

    private static Map<String, Object> entry(String id, String dedupId) {
        return Map.of("Id", id, "MessageBody", id, "MessageGroupId", "g", "MessageDeduplicationId", dedupId);
    }

    @Test
    void theSameIdInTwoGroupsIsTwoMessagesWhereTheScopeIsTheGroup() {
        sqs.create(
                "groups.fifo",
                Map.of("FifoQueue", "true", "DeduplicationScope", "messageGroup", "ContentBasedDeduplication", "true"));
        Map<String, Object> in = Map.of("QueueUrl", SqsBroker.URL + "groups.fifo", "MessageBody", "same");
        for (String group : List.of("g", "h", "g")) {
            Map<String, Object> all = new HashMap<>(in);
            all.put("MessageGroupId", group);
            sqs.call("SendMessage", all);
        }

        List<Map<String, Object>> received = list(
                sqs.call(
                        "ReceiveMessage",
                        Map.of(
                                "QueueUrl",
                                SqsBroker.URL + "groups.fifo",
                                "MaxNumberOfMessages",
                                10,
                                "AttributeNames",
                                List.of("MessageDeduplicationId"))),
                "Messages");
        assertThat(received).hasSize(2);
        assertThat((String) attributes(received.get(0)).get("MessageDeduplicationId"))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void whatHasNoGroupOrNoIdIsRefused() {
        Refused.with(
                SqsError.MISSING_PARAMETER,
                "The request must contain the parameter MessageGroupId.",
                () -> on("SendMessage", Map.of("MessageBody", "m", "MessageDeduplicationId", "d")));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
                () -> on("SendMessage", Map.of("MessageBody", "m", "MessageGroupId", "g")));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "The request must contain the parameter MessageGroupId.",
                () -> on(
                        "SendMessageBatch",
                        Map.of(
                                "Entries",
                                List.of(Map.of("Id", "a", "MessageBody", "m", "MessageDeduplicationId", "d")))));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for"
                        + " this queue type.",
                () -> on(
                        "SendMessage",
                        Map.of(
                                "MessageBody",
                                "m",
                                "MessageGroupId",
                                "g",
                                "MessageDeduplicationId",
                                "d",
                                "DelaySeconds",
                                2)));
    }

    @Test
    void aHandleWhoseTimeIsOverDeletesNothingAndSaysSo() {
        send("g", "1", "one");
        Object handle = receive(Map.of("VisibilityTimeout", 1)).get(0).get("ReceiptHandle");
        sqs.leap(2_000);

        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + handle + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
                () -> on("DeleteMessage", Map.of("ReceiptHandle", handle)));
        assertThat(receive(Map.of("WaitTimeSeconds", 5))).hasSize(1);
    }

    @Test
    void whoAsksAgainUnderTheSameNameGetsTheSame() {
        send("g", "1", "one");
        send("h", "2", "two");
        Map<String, Object> attempt = Map.of("MaxNumberOfMessages", 10, "ReceiveRequestAttemptId", "attempt-1");

        List<Map<String, Object>> first = receive(attempt);
        assertThat(first).hasSize(2);
        assertThat(receive(attempt)).isEqualTo(first);
        assertThat(receive(Map.of("ReceiveRequestAttemptId", "attempt-2"))).isEmpty();
        delete(first.get(0));
        assertThat(receive(attempt)).as("one of them is deleted").isEmpty();
    }

    @Test
    void anAttemptIsForgottenAfterFiveMinutes() {
        send("g", "1", "one");
        Map<String, Object> attempt = Map.of("VisibilityTimeout", 1000, "ReceiveRequestAttemptId", "attempt-1");

        assertThat(receive(attempt)).hasSize(1);
        sqs.leap(290_000);
        assertThat(receive(attempt)).hasSize(1);
        sqs.leap(20_000);
        assertThat(receive(attempt)).isEmpty();
    }

    // ---- calls

    private Map<String, Object> send(String group, String dedupId, String body) {
        return on(
                "SendMessage", Map.of("MessageBody", body, "MessageGroupId", group, "MessageDeduplicationId", dedupId));
    }

    private List<Map<String, Object>> receive(Map<String, Object> parameters) {
        return list(on("ReceiveMessage", parameters), "Messages");
    }

    private void delete(Map<String, Object> message) {
        on("DeleteMessage", Map.of("ReceiptHandle", message.get("ReceiptHandle")));
    }

    private Map<String, Object> on(String action, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("QueueUrl", SqsBroker.URL + NAME);
        return sqs.call(action, all);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> attributes(Map<String, Object> message) {
        return (Map<String, Object>) message.get("Attributes");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> in, String name) {
        return (List<Map<String, Object>>) in.getOrDefault(name, List.of());
    }
}
