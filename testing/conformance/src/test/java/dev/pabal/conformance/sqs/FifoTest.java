package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** FIFO queues: order within groups, whatever becomes of a group's messages. Group and number make the bodies, such as {@code g1-m1}. */
class FifoTest extends SqsTest {
    FifoTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void oneByOneAGroupComesInOrder() {
        String url = fifo();
        List<SendMessageResponse> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(send(url, "g", "dedup" + i, "m" + i));
        }
        for (int i = 0; i < 4; i++) {
            Message message = receiveOne(url);
            assertThat(message.body()).isEqualTo("m" + i);
            assertThat(message.messageId()).isEqualTo(sent.get(i).messageId());
            delete(url, message);
        }
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void aMessageTellsItsGroupIdAndNumber() {
        String url = fifoByContent("VisibilityTimeout", "0");
        SendMessageResponse sent = send(url, "group-1", "dedup-1", "body");
        for (int i = 1; i <= 2; i++) {
            Message message = receiveOne(url);
            assertThat(message.attributes())
                    .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "group-1")
                    .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "dedup-1")
                    .containsEntry(MessageSystemAttributeName.SEQUENCE_NUMBER, sent.sequenceNumber())
                    .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "" + i);
        }
        String other = fifoByContent();
        send(other, "group-2", "hashed");
        assertThat(attribute(receiveOne(other), MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID))
                .as("SHA-256 of the body")
                .isEqualTo(sha256("hashed"));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sequenceNumbersGrow() {
        String url = fifoByContent();
        List<BigInteger> numbers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            numbers.add(new BigInteger(send(url, "g" + i % 2, "m" + i).sequenceNumber()));
        }
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        assertThat(send(url, "g", "x").sequenceNumber()).hasSize(20);
    }

    @Test
    void aReceiveBringsAGroupTogetherInOrder() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g2-m1", "g1-m2", "g1-m3");
        assertThat(bodies(url)).containsExactly("g1-m1", "g1-m2", "g1-m3", "g2-m1");
    }

    @Test
    void whileOneOfAGroupIsInFlightTheGroupWaits() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g1-m2", "g1-m3", "g2-m1");
        assertThat(receiveOne(url).body()).isEqualTo("g1-m1");
        assertThat(bodies(url)).containsExactly("g2-m1");
        assertThat(receive(url)).isEmpty();
        sendToGroups(url, "g1-m4", "g3-m1");
        assertThat(bodies(url)).containsExactly("g3-m1");
    }

    @Test
    void messagesComeAgainInOrderWhenTheirTimeIsUp() {
        String url = fifo("VisibilityTimeout", "1");
        for (int i = 0; i < 3; i++) {
            send(url, "1", "" + i, "m" + i);
        }
        for (int i = 0; i < 2; i++) {
            awaitCount(url, 3);
            assertThat(bodies(url)).containsExactly("m0", "m1", "m2");
        }
    }

    @Test
    void theTimeOfAGroupsHeadHoldsTheGroup() {
        String url = fifoByContent("VisibilityTimeout", "1");
        sendToGroups(url, "g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1", "g3-m1");
        assertThat(bodies(receive(url, request -> request.maxNumberOfMessages(2))))
                .containsExactly("g1-m1", "g1-m2");
        assertThat(bodies(receive(url, request -> request.maxNumberOfMessages(1))))
                .containsExactly("g2-m1");
        awaitCount(url, 6);
        List<String> bodies = bodies(receive(url, request -> request.visibilityTimeout(0)));
        assertThat(bodies)
                .isIn(
                        List.of("g3-m1", "g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1"),
                        List.of("g3-m1", "g2-m1", "g1-m1", "g1-m2", "g1-m3", "g1-m4"));
    }

    @Test
    void groupsThatWereServedGoBehindTheOthers() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g2-m1", "g2-m2", "g3-m1", "g1-m2");
        assertThat(bodies(receive(url, request -> request.maxNumberOfMessages(3).visibilityTimeout(0))))
                .containsExactly("g1-m1", "g1-m2", "g2-m1");
        awaitCount(url, 5);
        assertThat(bodies(receive(url, request -> request.visibilityTimeout(0))))
                .containsExactly("g3-m1", "g1-m1", "g1-m2", "g2-m1", "g2-m2");
    }

    @Test
    void aHeadThatComesBackIsReceivedWhileWhatFollowsItIsStillInFlight() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g1-m2", "g2-m1");
        List<Message> two = receive(url, request -> request.maxNumberOfMessages(2));
        assertThat(bodies(two)).containsExactly("g1-m1", "g1-m2");
        visibility(url, two.get(0), 0);
        assertThat(bodies(receive(url, request -> request.maxNumberOfMessages(3))))
                .containsExactly("g2-m1", "g1-m1");
    }

    @Test
    void theSameWhenItsTimeWasMadeShort() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g1-m2", "g2-m1");
        List<Message> two = receive(url, request -> request.maxNumberOfMessages(2));
        visibility(url, two.get(0), 1);
        awaitCount(url, 2);
        assertThat(bodies(receive(url, request -> request.maxNumberOfMessages(3))))
                .containsExactly("g2-m1", "g1-m1");
    }

    @Test
    void aGroupGoesOnOnceItsMessagesAreDeleted() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m3", "g1-m4", "g3-m1");
        List<Message> two = receive(url, request -> request.maxNumberOfMessages(2));
        assertThat(bodies(two)).containsExactly("g1-m1", "g1-m2");
        two.forEach(message -> delete(url, message));
        assertThat(bodies(url))
                .isIn(
                        List.of("g2-m1", "g2-m2", "g1-m3", "g1-m4", "g3-m1"),
                        List.of("g2-m1", "g2-m2", "g3-m1", "g1-m3", "g1-m4"));
    }

    @Test
    void aGroupStaysLockedWhileOnlySomeOfItsMessagesAreDeleted() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m3", "g1-m4", "g3-m1");
        List<Message> two = receive(url, request -> request.maxNumberOfMessages(2));
        delete(url, two.get(0));
        assertThat(bodies(url)).containsExactly("g2-m1", "g2-m2", "g3-m1");
    }

    @Test
    void aBatchKeepsTheOrderOfItsEntries() {
        String url = fifoByContent();
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, 10)
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id("e" + i)
                        .messageBody("m" + i)
                        .messageGroupId("g")
                        .build())
                .toList();
        SendMessageBatchResponse response =
                sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
        assertThat(response.successful())
                .extracting(SendMessageBatchResultEntry::sequenceNumber)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(bodies(url)).containsExactlyElementsOf(numbered("m", 10));
    }

    @Test
    void manyGroupsAreReceivedTogetherEachInOrder() {
        String url = fifoByContent();
        for (int m = 0; m < 5; m++) {
            for (int g = 0; g < 4; g++) {
                send(url, "g" + g, "g" + g + "-m" + m);
            }
        }
        List<String> all = drain(url, 0);
        assertThat(all).hasSize(20);
        for (int g = 0; g < 4; g++) {
            String group = "g" + g;
            assertThat(all.stream().filter(body -> body.startsWith(group)))
                    .containsExactlyElementsOf(numbered(group + "-m", 5));
        }
    }

    @Test
    void countsTellOfAllMessagesOfAGroup() {
        String url = fifoByContent();
        assertThat(count(url)).isZero();
        sendToGroups(url, "g1-m1", "g1-m2", "g1-m3", "g2-m1", "g3-m1");
        assertThat(count(url)).isEqualTo(5);
        List<Message> four = receive(url, request -> request.maxNumberOfMessages(4));
        assertThat(four).hasSize(4);
        assertThat(count(url)).isEqualTo(1);
        four.forEach(message -> delete(url, message));
        assertThat(count(url)).isEqualTo(1);
        assertThat(inFlight(url)).isZero();
    }

    @Test
    void aFifoQueueWantsAGroupAndAnId() {
        String url = fifo();
        SqsException noId = assertRefused("InvalidParameterValue", () -> send(url, "g", "body"));
        assertThat(message(noId))
                .isEqualTo("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
                        + " provided explicitly");
        SqsException noGroup = assertRefused(
                "MissingParameter",
                () -> sqs.sendMessage(
                        request -> request.queueUrl(url).messageBody("x").messageDeduplicationId("d")));
        assertThat(message(noGroup)).isEqualTo("The request must contain the parameter MessageGroupId.");
    }

    @Test
    void aBatchThatLacksOneGroupOrIdIsRefusedWhole() {
        String url = fifo();
        SendMessageBatchRequestEntry good =
                entry("good").messageGroupId("g").messageDeduplicationId("1").build();
        SqsException noId = assertRefused(
                "InvalidParameterValue",
                () -> sqs.sendMessageBatch(request -> request.queueUrl(url)
                        .entries(good, entry("bad").messageGroupId("g").build())));
        assertThat(message(noId)).startsWith("The queue should either have ContentBasedDeduplication enabled");
        SqsException noGroup = assertRefused(
                "InvalidParameterValue",
                () -> sqs.sendMessageBatch(request -> request.queueUrl(url)
                        .entries(good, entry("bad").messageDeduplicationId("2").build())));
        assertThat(message(noGroup)).isEqualTo("The request must contain the parameter MessageGroupId.");
        assertThat(receive(url)).isEmpty();
    }

    private static SendMessageBatchRequestEntry.Builder entry(String id) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody("body of " + id);
    }

    @Test
    void groupAndIdAreBoundedAndPrintable() {
        String url = fifo();
        String most = "x".repeat(128);
        send(url, most, most, "longest");
        assertRefused("InvalidParameterValue", () -> send(url, most + "x", "1", "body"));
        assertRefused("InvalidParameterValue", () -> send(url, "g", most + "x", "body"));
        assertRefused("InvalidParameterValue", () -> send(url, "g", "Invalid-\b", "body"));
        assertRefused("InvalidParameterValue", () -> send(url, "Invalid-\b", "1", "body"));
        assertRefused("InvalidParameterValue", () -> send(url, "with space", "1", "body"));
        assertThat(bodies(url)).containsExactly("longest");
    }

    @Test
    void aHandleWhoseTimeIsUpDeletesNothingOfAFifoQueue() {
        String url = fifoByContent("VisibilityTimeout", "1");
        sendToGroups(url, "g1-m1");
        Message message = receiveOne(url);
        awaitCount(url, 1);
        SqsException refusal = assertRefused("InvalidParameterValue", () -> delete(url, message));
        assertThat(message(refusal))
                .isEqualTo("Value " + message.receiptHandle()
                        + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
        assertThat(bodies(url)).containsExactly("g1-m1");
    }

    @Test
    void anAttemptThatIsRepeatedBringsTheSameMessages() {
        String url = fifoByContent();
        sendToGroups(url, "g1-m1", "g1-m2", "g2-m1");
        List<Message> first =
                receive(url, request -> request.maxNumberOfMessages(2).receiveRequestAttemptId("attempt-1"));
        List<Message> again =
                receive(url, request -> request.maxNumberOfMessages(2).receiveRequestAttemptId("attempt-1"));
        assertThat(again)
                .extracting(Message::messageId)
                .containsExactlyElementsOf(
                        first.stream().map(Message::messageId).toList());
        assertThat(bodies(receive(url, request -> request.receiveRequestAttemptId("attempt-2"))))
                .containsExactly("g2-m1");
        again.forEach(message -> delete(url, message));
        assertThat(receive(url, request -> request.receiveRequestAttemptId("attempt-3")))
                .isEmpty();
        assertThat(inFlight(url)).isEqualTo(1);
    }
}
