package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.sqs.wire.SqsError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent is received, hidden and deleted, and answered with the digests that AWS answers with. */
class MessageActionsTest {
    private static final String QUEUE = SqsBroker.URL + "orders";
    /** As AWS answered for these. */
    private static final String MD5_MSG = "6e2baaf3b97dbeef01c0043275f9a0e7";

    private static final Map<String, Object> KENOBI =
            Map.of("Hello", string("There"), "General", string("Kenobi"), "Help.Me", string("Me"));
    private static final String MD5_KENOBI = "4c360f3fdafd970e05fae2f149d997f5";

    private final SqsBroker sqs = new SqsBroker();

    @BeforeEach
    void queue() {
        sqs.create("orders", Map.of());
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void aMessageIsSentReceivedAndDeleted() {
        Map<String, Object> sent = send(Map.of("MessageBody", "msg", "MessageAttributes", KENOBI));
        Map<String, Object> received =
                receive(Map.of("AttributeNames", List.of("All"))).get(0);

        assertThat(sent)
                .containsEntry("MD5OfMessageBody", MD5_MSG)
                .containsEntry("MD5OfMessageAttributes", MD5_KENOBI)
                .doesNotContainKeys("SequenceNumber", "MD5OfMessageSystemAttributes");
        assertThat(received)
                .containsEntry("MessageId", sent.get("MessageId"))
                .containsEntry("MD5OfBody", MD5_MSG)
                .containsEntry("Body", "msg")
                .doesNotContainKeys("MessageAttributes", "MD5OfMessageAttributes");
        assertThat(map(received, "Attributes"))
                .containsEntry("SenderId", "key")
                .containsEntry("ApproximateReceiveCount", "1")
                .containsOnlyKeys(
                        "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp");
        assertThat(receive(Map.of())).isEmpty();

        assertThat(on("DeleteMessage", Map.of("ReceiptHandle", received.get("ReceiptHandle"))))
                .isEmpty();
        sqs.leap(31_000);
        assertThat(receive(Map.of())).isEmpty();
    }

    @Test
    void receiversSeeTheAttributesThatTheyNameWithTheirDigest() {
        send(Map.of("MessageBody", "msg", "MessageAttributes", KENOBI));

        assertSeen(List.of(), null);
        assertSeen(List.of("All"), MD5_KENOBI, "General", "Hello", "Help.Me");
        assertSeen(List.of(".*"), MD5_KENOBI, "General", "Hello", "Help.Me");
        assertSeen(List.of("*"), MD5_KENOBI, "General", "Hello", "Help.Me");
        assertSeen(List.of("Foo"), null);
        assertSeen(List.of("Hello", "General"), "fca026605781cb4126a1e9044df24232", "General", "Hello");
        assertSeen(List.of("Foo", "Hello"), "a311262e065454b75da111d535b8dacd", "Hello");
        assertSeen(List.of("Hel.*"), "83fee93c1bcd8b9a5a923ffacdc636c7", "Hello", "Help.Me");
    }

    private void assertSeen(List<String> names, String md5, String... seen) {
        Map<String, Object> message = receive(
                        Map.of("MessageAttributeNames", names, "VisibilityTimeout", 0, "WaitTimeSeconds", 5))
                .get(0);
        assertThat(message.get("MD5OfMessageAttributes")).as("%s", names).isEqualTo(md5);
        if (md5 == null) {
            assertThat(message).doesNotContainKey("MessageAttributes");
        } else {
            assertThat(map(message, "MessageAttributes")).containsOnlyKeys(seen);
        }
    }

    @Test
    void binaryAndCustomTypesComeBackAsTheyWere() {
        Map<String, Object> bytes = Map.of("DataType", "Binary.png", "BinaryValue", new byte[] {1, 2});
        Map<String, Object> number = Map.of("DataType", "Number.int", "StringValue", "-1.5e3");
        send(Map.of("MessageBody", "m", "MessageAttributes", Map.of("b", bytes, "n", number)));

        Map<String, Object> seen =
                map(receive(Map.of("MessageAttributeNames", List.of("All"))).get(0), "MessageAttributes");

        assertThat(map(seen, "b").get("BinaryValue")).isEqualTo(new byte[] {1, 2});
        assertThat(map(seen, "b")).containsEntry("DataType", "Binary.png");
        assertThat(map(seen, "n")).isEqualTo(number);
    }

    @Test
    void theRequestsTraceHeaderIsThatOfMessagesWithoutTheirOwn() {
        Map<String, Object> own = Map.of("AWSTraceHeader", string("Root=own"));
        Map<String, Object> batch = Map.of(
                "QueueUrl",
                QUEUE,
                "Entries",
                List.of(
                        Map.of("Id", "1", "MessageBody", "1"),
                        Map.of("Id", "2", "MessageBody", "2", "MessageSystemAttributes", own)));
        sqs.call("SendMessageBatch", batch, "Root=header");
        assertThat(sqs.call("SendMessage", Map.of("QueueUrl", QUEUE, "MessageBody", "3"), "Root=header"))
                .doesNotContainKey("MD5OfMessageSystemAttributes");
        sqs.call("SendMessage", Map.of("QueueUrl", QUEUE, "MessageBody", "4"), "Root=\u0001");
        assertThat(receive(Map.of("MaxNumberOfMessages", 10, "AttributeNames", List.of("AWSTraceHeader"))))
                .extracting(message -> message.get("Attributes"))
                .containsExactly(
                        Map.of("AWSTraceHeader", "Root=header"),
                        Map.of("AWSTraceHeader", "Root=own"),
                        Map.of("AWSTraceHeader", "Root=header"),
                        Map.of());
    }

    @Test
    void theTraceHeaderComesBackWithADigestToItsSender() {
        Map<String, Object> sent = send(
                Map.of("MessageBody", "m", "MessageSystemAttributes", Map.of("AWSTraceHeader", string("Root=1-2-3"))));

        assertThat(sent).containsKey("MD5OfMessageSystemAttributes");
        assertThat(map(
                        receive(Map.of("MessageSystemAttributeNames", List.of("AWSTraceHeader")))
                                .get(0),
                        "Attributes"))
                .isEqualTo(Map.of("AWSTraceHeader", "Root=1-2-3"));
    }

    @Test
    void messagesThatBreakARuleAreRefusedInSqssWords() {
        refused(SqsError.MISSING_PARAMETER, "The request must contain the parameter MessageBody.", Map.of());
        refused(
                SqsError.INVALID_MESSAGE_CONTENTS,
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to"
                        + " #xFFFD | #x10000 to #x10FFFF",
                Map.of("MessageBody", "a\u0001"));
        refused(
                SqsError.INVALID_MESSAGE_CONTENTS,
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to"
                        + " #xFFFD | #x10000 to #x10FFFF",
                Map.of("MessageBody", "half a pair \ud83d"));
        refused(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
                Map.of("MessageBody", "m", "DelaySeconds", 901));
        refused(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that"
                        + " is not valid for this queue type.",
                Map.of("MessageBody", "m", "MessageDeduplicationId", "d"));
        refused(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric"
                        + " and punctuation characters. 1 to 128 in length.",
                Map.of("MessageBody", "m", "MessageGroupId", "a b"));
        refusedAttribute(
                "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
                "ErrorDetails",
                string(""));
        refusedAttribute(
                "Can't cast the value of message (user) attribute 'n' to a number.",
                "n",
                Map.of("DataType", "Number", "StringValue", "ten"));
        refusedAttribute(
                "The type of message (user) attribute 'n' is invalid. You must use only the following supported type"
                        + " prefixes: Binary, Number, String.",
                "n",
                Map.of("DataType", "Float", "StringValue", "1"));
        refusedAttribute(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved"
                        + " for internal use. Additionally, they cannot start or end with '.'.",
                "aws.foo",
                string("x"));
    }

    @Test
    void aMessageCountsWithItsAttributesAndIsBoundedByItsQueue() {
        sqs.set("orders", Map.of("MaximumMessageSize", "1024"));
        Map<String, Object> attributes = Map.of("k", string("v"));

        send(Map.of("MessageBody", "m".repeat(1024 - 8), "MessageAttributes", attributes));
        refused(
                SqsError.INVALID_PARAMETER_VALUE,
                "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
                Map.of("MessageBody", "m".repeat(1024 - 7), "MessageAttributes", attributes));
    }

    @Test
    void theEntriesOfABatchFailAlone() {
        Map<String, Object> reply = on(
                "SendMessageBatch",
                Map.of(
                        "Entries",
                        List.of(
                                Map.of("Id", "a", "MessageBody", "1"),
                                Map.of("Id", "b", "MessageBody", "\u0002"),
                                Map.of("Id", "c", "MessageBody", "3"))));

        assertThat(list(reply, "Successful"))
                .extracting(entry -> entry.get("Id"))
                .containsExactly("a", "c");
        assertThat(list(reply, "Failed")).hasSize(1);
        assertThat(list(reply, "Failed").get(0))
                .containsEntry("Id", "b")
                .containsEntry("Code", "InvalidMessageContents")
                .containsEntry("SenderFault", true);
        List<Map<String, Object>> received = receive(Map.of("MaxNumberOfMessages", 10));
        assertThat(received).extracting(message -> message.get("Body")).containsExactly("1", "3");
        assertThat(received)
                .extracting(message -> message.get("MessageId"))
                .isEqualTo(list(reply, "Successful").stream()
                        .map(entry -> entry.get("MessageId"))
                        .toList());

        Map<String, Object> deleted = on(
                "DeleteMessageBatch",
                Map.of(
                        "Entries",
                        List.of(
                                Map.of(
                                        "Id",
                                        "x",
                                        "ReceiptHandle",
                                        received.get(0).get("ReceiptHandle")),
                                Map.of("Id", "y", "ReceiptHandle", "garbage"))));
        assertThat(list(deleted, "Successful")).isEqualTo(List.of(Map.of("Id", "x")));
        assertThat(list(deleted, "Failed").get(0))
                .containsEntry("Id", "y")
                .containsEntry("Code", "ReceiptHandleIsInvalid");
    }

    @Test
    void batchesThatMakeNoSenseFailWhole() {
        Map<String, Object> one = Map.of("Id", "a", "MessageBody", "m".repeat(600_000));
        batchRefused(
                SqsError.EMPTY_BATCH_REQUEST,
                "There should be at least one SendMessageBatchRequestEntry in the request.",
                List.of());
        batchRefused(SqsError.BATCH_ENTRY_IDS_NOT_DISTINCT, "Id a repeated.", List.of(one, one));
        batchRefused(
                SqsError.BATCH_REQUEST_TOO_LONG,
                "Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.",
                List.of(one, Map.of("Id", "b", "MessageBody", "m".repeat(600_000))));
        batchRefused(
                SqsError.INVALID_BATCH_ENTRY_ID,
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80"
                        + " letters long.",
                List.of(Map.of("Id", "a:b", "MessageBody", "m")));
        List<Map<String, Object>> eleven = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            eleven.add(Map.of("Id", "e" + i, "MessageBody", "m"));
        }
        batchRefused(
                SqsError.TOO_MANY_ENTRIES, "Maximum number of entries per request are 10. You have sent 11.", eleven);
        assertThat(receive(Map.of())).isEmpty();
    }

    @Test
    void aMessageComesBackWhenItsVisibilityEndsAndOldHandlesDeleteNothing() {
        send(Map.of("MessageBody", "m"));
        Object first = receive(Map.of("VisibilityTimeout", 5)).get(0).get("ReceiptHandle");
        sqs.leap(6_000);
        Map<String, Object> again = receive(
                        Map.of("WaitTimeSeconds", 5, "AttributeNames", List.of("ApproximateReceiveCount")))
                .get(0);

        assertThat(map(again, "Attributes")).isEqualTo(Map.of("ApproximateReceiveCount", "2"));
        on("DeleteMessage", Map.of("ReceiptHandle", first));
        on("ChangeMessageVisibility", Map.of("ReceiptHandle", again.get("ReceiptHandle"), "VisibilityTimeout", 0));
        assertThat(receive(Map.of("WaitTimeSeconds", 5))).hasSize(1);
    }

    @Test
    void anOldHandleOfAStandardQueueStillChangesTheVisibility() {
        send(Map.of("MessageBody", "m"));
        Object first = receive(Map.of("VisibilityTimeout", 0)).get(0).get("ReceiptHandle");
        assertThat(receive(Map.of("VisibilityTimeout", 30, "WaitTimeSeconds", 5)))
                .hasSize(1);
        on("ChangeMessageVisibility", Map.of("ReceiptHandle", first, "VisibilityTimeout", 0));
        assertThat(receive(Map.of("VisibilityTimeout", 60, "WaitTimeSeconds", 5)))
                .hasSize(1);
        on("ChangeMessageVisibility", Map.of("ReceiptHandle", first, "VisibilityTimeout", 600));
        sqs.leap(61_000);
        assertThat(receive(Map.of())).isEmpty();
        on("DeleteMessage", Map.of("ReceiptHandle", first));
        sqs.leap(600_000);
        assertThat(receive(Map.of("WaitTimeSeconds", 5)))
                .as("old handles delete nothing")
                .hasSize(1);
    }

    @Test
    void visibilityIsBounded() {
        send(Map.of("MessageBody", "m"));
        Object handle = receive(Map.of()).get(0).get("ReceiptHandle");
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.",
                () -> on("ChangeMessageVisibility", Map.of("ReceiptHandle", handle, "VisibilityTimeout", 43_201)));
        sqs.leap(10_000);
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message"
                        + " is beyond the limit [43200 seconds].",
                () -> on("ChangeMessageVisibility", Map.of("ReceiptHandle", handle, "VisibilityTimeout", 43_200)));
        on("DeleteMessage", Map.of("ReceiptHandle", handle));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + handle + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not"
                        + " available for visibility timeout change.",
                () -> on("ChangeMessageVisibility", Map.of("ReceiptHandle", handle, "VisibilityTimeout", 1)));
    }

    @Test
    void receiversAreRefusedWhatNobodyMayAsk() {
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
                () -> receive(Map.of("MaxNumberOfMessages", 11)));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
                () -> receive(Map.of("WaitTimeSeconds", 21)));
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_NAME,
                "Unknown Attribute Foo.",
                () -> receive(Map.of("AttributeNames", List.of("Foo"))));
    }

    @Test
    void aDelayedMessageComesWhenItIsDue() {
        sqs.set("orders", Map.of("DelaySeconds", "100", "VisibilityTimeout", "3600"));
        send(Map.of("MessageBody", "queue's"));
        send(Map.of("MessageBody", "own", "DelaySeconds", 600));
        send(Map.of("MessageBody", "none", "DelaySeconds", 0));

        assertThat(bodies(receive(Map.of("MaxNumberOfMessages", 10)))).containsExactly("none");
        sqs.leap(101_000);
        assertThat(bodies(receive(Map.of("MaxNumberOfMessages", 10, "WaitTimeSeconds", 5))))
                .containsExactly("queue's");
        sqs.leap(500_000);
        assertThat(bodies(receive(Map.of("MaxNumberOfMessages", 10, "WaitTimeSeconds", 5))))
                .containsExactly("own");
    }

    @Test
    void messagesOfOtherProtocolsAreReceivedToo() {
        sqs.publish("orders", Map.of("colour", "blue", "x-secret", "no"), "from AMQP");

        Map<String, Object> message =
                receive(Map.of("MessageAttributeNames", List.of("All"))).get(0);

        assertThat(message).containsEntry("Body", "from AMQP");
        assertThat(map(message, "MessageAttributes")).isEqualTo(Map.of("colour", string("blue")));
    }

    // ---- calls

    private Map<String, Object> on(String action, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("QueueUrl", QUEUE);
        return sqs.call(action, all);
    }

    private Map<String, Object> send(Map<String, Object> parameters) {
        return on("SendMessage", parameters);
    }

    private List<Map<String, Object>> receive(Map<String, Object> parameters) {
        return list(on("ReceiveMessage", parameters), "Messages");
    }

    private void refused(SqsError error, String message, Map<String, Object> parameters) {
        Refused.with(error, message, () -> send(parameters));
    }

    private void refusedAttribute(String message, String name, Map<String, Object> value) {
        refused(
                SqsError.INVALID_PARAMETER_VALUE,
                message,
                Map.of("MessageBody", "m", "MessageAttributes", Map.of(name, value)));
    }

    private void batchRefused(SqsError error, String message, List<Map<String, Object>> entries) {
        Refused.with(error, message, () -> on("SendMessageBatch", Map.of("Entries", entries)));
    }

    private static Map<String, Object> string(String value) {
        return Map.of("DataType", "String", "StringValue", value);
    }

    private static List<Object> bodies(List<Map<String, Object>> messages) {
        return messages.stream().map(message -> message.get("Body")).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> in, String name) {
        return (Map<String, Object>) in.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> in, String name) {
        return (List<Map<String, Object>>) in.getOrDefault(name, List.of());
    }
}
