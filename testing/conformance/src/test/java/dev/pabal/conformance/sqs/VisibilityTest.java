package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** For how long a received message is hidden, and what its receipt handle is good for. */
class VisibilityTest extends SqsTest {
    VisibilityTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void aMessageComesBackWhenItsTimeIsUp() {
        String url = queue("VisibilityTimeout", "1");
        send(url, "again");
        long beganNs = System.nanoTime();
        Message first = receiveOne(url);
        Message second = receiveOne(url);
        assertHiddenFor(1, beganNs);
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(receiveCount(second)).isEqualTo(2);
        for (MessageSystemAttributeName same : new MessageSystemAttributeName[] {
            MessageSystemAttributeName.SENT_TIMESTAMP, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP
        }) {
            assertThat(attribute(second, same)).isEqualTo(attribute(first, same));
        }
    }

    @Test
    void aReceiveMayNameATimeOfItsOwn() {
        String url = queue();
        send(url, "test");
        receiveOne(url, request -> request.visibilityTimeout(0));
        long beganNs = System.nanoTime();
        receiveOne(url, request -> request.visibilityTimeout(1));
        assertThat(receiveCount(receiveOne(url))).isEqualTo(3);
        assertHiddenFor(1, beganNs);
        assertThat(receive(url)).as("the queue's own 30 s hold now").isEmpty();
    }

    @Test
    void aTimeOfZeroHidesNothing() {
        String url = queue("VisibilityTimeout", "0");
        send(url, "test");
        Message first = receiveOne(url);
        Message second = receiveOne(url);
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(receiveCount(second)).isEqualTo(2);
    }

    @Test
    void theTimeCanBeMadeLongerAgainAndAgain() {
        String url = queue("VisibilityTimeout", "6");
        send(url, "long work");
        Message message = receiveOne(url);
        long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        AtomicLong changedNs = new AtomicLong();
        Awaitility.await().pollInterval(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> {
            changedNs.set(System.nanoTime());
            visibility(url, message, 6);
            return System.nanoTime() > until;
        });
        assertThat(receiveOne(url).messageId()).isEqualTo(message.messageId());
        assertHiddenFor(6, changedNs.get());
    }

    @Test
    void aTimeChangedToZeroBringsItBackAtOnceAndOnlyOnce() {
        String url = queue();
        send(url, "test");
        Message first = receiveOne(url);
        visibility(url, first, 0);
        assertThat(receive(url)).extracting(Message::messageId).containsExactly(first.messageId());
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void theTimesOfManyAreChangedInABatch() {
        String url = queue();
        sendMany(url, numbered("m", 3));
        List<Message> messages = receive(url);
        ChangeMessageVisibilityBatchResponse response =
                sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url)
                        .entries(
                                entry("a", messages.get(0).receiptHandle(), 0),
                                entry("b", messages.get(1).receiptHandle(), 600),
                                entry("c", messages.get(2).receiptHandle(), 43_201),
                                entry("d", "garbage", 0)));
        assertThat(response.successful()).extracting(entry -> entry.id()).containsExactly("a", "b");
        assertThat(response.failed()).extracting(entry -> entry.id()).containsExactly("c", "d");
        assertThat(response.failed())
                .extracting(entry -> entry.code())
                .containsExactly("InvalidParameterValue", "ReceiptHandleIsInvalid");
        assertThat(bodies(url)).containsExactly("m0");
    }

    private static ChangeMessageVisibilityBatchRequestEntry entry(String id, String handle, int seconds) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(handle)
                .visibilityTimeout(seconds)
                .build();
    }

    @Test
    void aBatchOfElevenIsRefused() {
        String url = queue();
        sendMany(url, numbered("m", 11));
        List<Message> messages = new ArrayList<>(receive(url));
        messages.addAll(receive(url));
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
        messages.forEach(message -> entries.add(entry("e" + entries.size(), message.receiptHandle(), 5)));
        assertRefused(
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
                () -> sqs.changeMessageVisibilityBatch(
                        request -> request.queueUrl(url).entries(entries)));
    }

    @Test
    void badChangesAreRefused() {
        String url = queue();
        send(url, "test");
        Message message = receiveOne(url);
        assertRefused(
                "ReceiptHandleIsInvalid",
                () -> sqs.changeMessageVisibility(request ->
                        request.queueUrl(url).receiptHandle("INVALID").visibilityTimeout(60)));
        assertRefused("InvalidParameterValue", () -> visibility(url, message, 43_201));
        assertRefused("InvalidParameterValue", () -> visibility(url, message, -1));
        assertThat(refused(() -> sqs.changeMessageVisibility(
                                request -> request.queueUrl(url).receiptHandle(message.receiptHandle())))
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("MissingParameter");
    }

    @Test
    void twelveHoursFromTheReceiveAreTheMost() {
        String url = queue();
        send(url, "test");
        Message message = receiveOne(url);
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> secondsSince(message) > 1);
        SqsException refusal = assertRefused("InvalidParameterValue", () -> visibility(url, message, 43_200));
        assertThat(message(refusal)).contains("Total VisibilityTimeout for the message is beyond the limit");
        visibility(url, message, 43_100);
    }

    private static double secondsSince(Message message) {
        long first = Long.parseLong(attribute(message, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        return (System.currentTimeMillis() - first) / 1_000.0;
    }

    @Test
    void theTimeOfADeletedMessageCannotBeChanged() {
        String url = queue();
        send(url, "foo");
        Message message = receiveOne(url);
        visibility(url, message, 42);
        delete(url, message);
        SqsException refusal = assertRefused("InvalidParameterValue", () -> visibility(url, message, 42));
        assertThat(message(refusal))
                .isEqualTo("Value " + message.receiptHandle() + " for parameter ReceiptHandle is invalid. Reason:"
                        + " Message does not exist or is not available for visibility timeout change.");
    }

    @Test
    void aHandleWhoseTimeIsUpStillDeletesWhatNobodyReceivedSince() {
        String url = queue();
        send(url, "test");
        Message message = receiveOne(url, request -> request.visibilityTimeout(1));
        awaitCount(url, 1);
        delete(url, message);
        assertThat(count(url)).isZero();
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void aHandleWhoseTimeIsUpChangesNothingButIsNoError() {
        String url = queue();
        send(url, "test");
        Message first = receiveOne(url, request -> request.visibilityTimeout(0));
        Message second = receiveOne(url, request -> request.visibilityTimeout(3));
        visibility(url, second, 0);
        assertThat(receive(url)).hasSize(1);
        delete(url, first);
        assertThat(inFlight(url)).as("a stale handle deletes nothing").isEqualTo(1);
    }
}
