package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Sending, receiving and deleting on standard queues, one by one and in batches. */
class SendReceiveTest extends SqsTest {
    private static final int MEBIBYTE = 1 << 20;

    SendReceiveTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void aMessageIsReceivedAsItWasSent() {
        String url = queue();
        long before = System.currentTimeMillis();
        SendMessageResponse sent = send(url, "message");
        assertThat(sent.md5OfMessageBody()).isEqualTo("78e731027d8fd50ed642340b7c9a63b3");
        assertThat(sent.md5OfMessageAttributes()).isNull();
        assertThat(sent.sequenceNumber()).isNull();
        Message received = receiveOne(url);
        assertThat(received.body()).isEqualTo("message");
        assertThat(received.messageId()).isEqualTo(sent.messageId());
        assertThat(received.md5OfBody()).isEqualTo(sent.md5OfMessageBody());
        assertThat(received.messageId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(received.attributes())
                .containsOnlyKeys(
                        MessageSystemAttributeName.SENDER_ID,
                        MessageSystemAttributeName.SENT_TIMESTAMP,
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                        MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP);
        long sentAt = Long.parseLong(attribute(received, MessageSystemAttributeName.SENT_TIMESTAMP));
        long firstAt =
                Long.parseLong(attribute(received, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        assertThat(sentAt).isBetween(before - 1_000, System.currentTimeMillis());
        assertThat(firstAt).isBetween(sentAt, System.currentTimeMillis() + 1);
        assertThat(receiveCount(received)).isEqualTo(1);
    }

    @Test
    void aReceivedMessageIsHiddenAndADeletedOneGone() {
        String url = queue();
        send(url, "one");
        Message message = receiveOne(url);
        assertThat(receive(url)).isEmpty();
        assertThat(count(url)).isZero();
        assertThat(inFlight(url)).isEqualTo(1);
        delete(url, message);
        assertThat(inFlight(url)).isZero();
        delete(url, message);
        delete(url, message);
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void oneMessageIsReceivedUnlessMoreAreAskedFor() {
        String url = queue();
        sendMany(url, numbered("m", 12));
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url)).messages())
                .hasSize(1);
        assertThat(receive(url)).hasSize(10);
        assertThat(receive(url)).hasSize(1);
        assertThat(inFlight(url)).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, -1})
    void tenMessagesAreTheMostOfOneReceive(int max) {
        String url = queue();
        SqsException refusal =
                assertRefused("InvalidParameterValue", () -> receive(url, request -> request.maxNumberOfMessages(max)));
        assertThat(message(refusal))
                .isEqualTo(
                        "Value " + max
                                + " for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.");
    }

    @Test
    void waitAndVisibilityOfAReceiveAreBounded() {
        String url = queue();
        assertRefused("InvalidParameterValue", () -> receive(url, request -> request.waitTimeSeconds(21)));
        assertRefused("InvalidParameterValue", () -> receive(url, request -> request.visibilityTimeout(43_201)));
        assertRefused("InvalidParameterValue", () -> receive(url, request -> request.visibilityTimeout(-1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"&quot;&quot;\r",
                "{\r\n\"machineID\" : \"d357006e26ff47439e1ef894225d4307\"}",
                " spaces at both ends ",
                "<xml attr='1'>&amp;]]></xml>",
                "\t\n\r\n\t",
                "ünïcödé \u2028 \uD83D\uDE80 \uFFFD",
                "\u0085\u00A0\uE000",
                "\\u0041 \\ / \\n",
            })
    void anyTextComesBackTheSame(String body) {
        String url = queue();
        SendMessageResponse sent = send(url, body);
        Message message = receiveOne(url);
        assertThat(message.body()).isEqualTo(body);
        assertThat(message.md5OfBody()).isEqualTo(sent.md5OfMessageBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "\u0008", "\u0001", "\u001f", "\uFFFE", "\uFFFF"})
    void charactersThatXmlCannotSayAreRefused(String body) {
        String url = queue();
        assertRefused("InvalidMessageContents", () -> send(url, body));
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void anEmptyBodyIsRefused() {
        String url = queue();
        assertThat(refused(() -> send(url, "")).awsErrorDetails().errorCode())
                .isIn("MissingParameter", "InvalidParameterValue");
    }

    @Test
    void aMessageOfAMebibyteIsTakenAndOneByteMoreIsNot() {
        String url = queue();
        String largest = "x".repeat(MEBIBYTE);
        send(url, largest);
        assertThat(receiveOne(url).body()).isEqualTo(largest);
        SqsException refusal = assertRefused("InvalidParameterValue", () -> send(url, largest + "x"));
        assertThat(message(refusal))
                .isEqualTo("One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.");
        assertRefused("InvalidParameterValue", () -> send(url, "ü".repeat(MEBIBYTE / 2) + "x"));
    }

    @Test
    void queuesDoNotShareMessages() {
        String first = queue();
        String second = queue();
        send(first, "for the first");
        assertThat(receive(second)).isEmpty();
        assertThat(bodies(first)).containsExactly("for the first");
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private SendMessageBatchResponse sendBatch(String url, List<SendMessageBatchRequestEntry> entries) {
        return sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
    }

    @Test
    void aBatchIsSentReceivedAndDeleted() {
        String url = queue();
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, 10)
                .mapToObj(i -> entry("id-" + i, "body-" + i))
                .toList();
        SendMessageBatchResponse sent = sendBatch(url, entries);
        assertThat(sent.failed()).isEmpty();
        assertThat(sent.successful())
                .extracting(SendMessageBatchResultEntry::id)
                .containsExactlyElementsOf(numbered("id-", 10));
        List<Message> received = receive(url);
        assertThat(bodies(received)).containsExactlyElementsOf(numbered("body-", 10));
        assertThat(received)
                .extracting(Message::messageId)
                .containsExactlyElementsOf(sent.successful().stream()
                        .map(SendMessageBatchResultEntry::messageId)
                        .toList())
                .doesNotHaveDuplicates();
        DeleteMessageBatchResponse deleted = deleteBatch(url, received);
        assertThat(deleted.successful()).hasSize(10);
        assertThat(deleted.failed()).isEmpty();
        assertThat(inFlight(url)).isZero();
        assertThat(count(url)).isZero();
    }

    @Test
    void aBatchWithOneBadBodySendsTheOthers() {
        String url = queue();
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        IntStream.range(0, 9).forEach(i -> entries.add(entry("" + i, "body-" + i)));
        entries.add(entry("9", "\u0001"));
        SendMessageBatchResponse sent = sendBatch(url, entries);
        assertThat(sent.successful()).hasSize(9);
        assertThat(sent.failed()).hasSize(1);
        BatchResultErrorEntry failed = sent.failed().get(0);
        assertThat(failed.id()).isEqualTo("9");
        assertThat(failed.code()).isEqualTo("InvalidMessageContents");
        assertThat(failed.senderFault()).isTrue();
        assertThat(bodies(url)).containsExactlyElementsOf(numbered("body-", 9));
    }

    @Test
    void aBadBatchIsRefusedWhole() {
        String url = queue();
        assertThat(message(assertRefused("AWS.SimpleQueueService.EmptyBatchRequest", () -> sendBatch(url, List.of()))))
                .isNotEmpty();
        List<SendMessageBatchRequestEntry> twenty =
                IntStream.range(0, 20).mapToObj(i -> entry("m" + i, "x")).toList();
        assertThat(message(assertRefused(
                        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", () -> sendBatch(url, twenty))))
                .isEqualTo("Maximum number of entries per request are 10. You have sent 20.");
        assertRefused(
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                () -> sendBatch(url, List.of(entry("same", "a"), entry("same", "b"))));
        for (String id : List.of("", "invalid:id", "x".repeat(81), "with space")) {
            SqsException refusal = assertRefused(
                    "AWS.SimpleQueueService.InvalidBatchEntryId", () -> sendBatch(url, List.of(entry(id, "a"))));
            assertThat(message(refusal))
                    .isEqualTo("A batch entry id can only contain alphanumeric characters, hyphens and underscores."
                            + " It can be at most 80 letters long.");
        }
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void aBatchIsBoundedAsAWhole() {
        String url = queue();
        String half = "x".repeat(MEBIBYTE / 2);
        assertThat(sendBatch(url, List.of(entry("a", half), entry("b", half))).successful())
                .hasSize(2);
        SqsException refusal = assertRefused(
                "AWS.SimpleQueueService.BatchRequestTooLong",
                () -> sendBatch(url, List.of(entry("a", half), entry("b", half), entry("c", "x"))));
        assertThat(message(refusal))
                .isEqualTo("Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.");
    }

    @Test
    void attributesCountToTheSizeOfABatch() {
        String url = queue();
        SendMessageBatchRequestEntry large = SendMessageBatchRequestEntry.builder()
                .id("1")
                .messageBody("a".repeat(MEBIBYTE - 8))
                .messageAttributes(Map.of("k", MessageAttributes.string("x")))
                .build();
        assertThat(sendBatch(url, List.of(large)).successful()).hasSize(1);
        assertRefused(
                "AWS.SimpleQueueService.BatchRequestTooLong", () -> sendBatch(url, List.of(large, entry("2", "x"))));
    }

    @Test
    void deletingInABatchTellsOfEachEntry() {
        String url = queue();
        sendMany(url, numbered("m", 2));
        List<Message> messages = receive(url);
        DeleteMessageBatchResponse response = sqs.deleteMessageBatch(request -> request.queueUrl(url)
                .entries(
                        DeleteMessageBatchRequestEntry.builder()
                                .id("good")
                                .receiptHandle(messages.get(0).receiptHandle())
                                .build(),
                        DeleteMessageBatchRequestEntry.builder()
                                .id("bad")
                                .receiptHandle("garbage")
                                .build()));
        assertThat(response.successful()).extracting(entry -> entry.id()).containsExactly("good");
        assertThat(response.failed()).extracting(entry -> entry.id()).containsExactly("bad");
        assertThat(response.failed().get(0).code()).isEqualTo("ReceiptHandleIsInvalid");
        assertThat(inFlight(url)).isEqualTo(1);
    }

    @Test
    void badDeletesAreRefused() {
        String url = queue();
        SqsException refusal = assertRefused(
                "ReceiptHandleIsInvalid",
                () -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle("garbage")));
        assertThat(message(refusal)).isEqualTo("The input receipt handle \"garbage\" is not a valid receipt handle.");
        assertRefused(
                "AWS.SimpleQueueService.InvalidBatchEntryId",
                () -> sqs.deleteMessageBatch(request -> request.queueUrl(url)
                        .entries(entry -> entry.id("invalid:id").receiptHandle("x"))));
        sendMany(url, numbered("m", 20));
        List<Message> twenty = new ArrayList<>(receive(url));
        twenty.addAll(receive(url));
        assertRefused("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", () -> deleteBatch(url, twenty));
    }

    @Test
    void aHandleOfAnotherQueueDeletesNothing() {
        String first = queue();
        String second = queue();
        send(first, "stays");
        send(second, "stays too");
        Message message = receiveOne(first, request -> request.visibilityTimeout(0));
        refused(() -> delete(second, message));
        assertThat(bodies(second)).containsExactly("stays too");
        assertThat(bodies(first)).containsExactly("stays");
    }
}
