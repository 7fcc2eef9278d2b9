package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** FIFO queues take a message once within five minutes. Restarts are {@link RestartTest}'s matter. */
class DeduplicationTest extends SqsTest {
    DeduplicationTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void theSameIdIsTakenOnceAndAnsweredAlike() {
        String url = fifo();
        SendMessageResponse first = send(url, "g", "id", "first");
        SendMessageResponse second = send(url, "g", "id", "second");
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.sequenceNumber()).isEqualTo(first.sequenceNumber());
        send(url, "g", "another-id", "third");
        assertThat(bodies(url)).containsExactly("first", "third");
    }

    @Test
    void theSameBodyIsTakenOnceWhereContentCounts() {
        String url = fifoByContent();
        send(url, "g", "{\"foo\": \"bar\"}");
        send(url, "g", "{\"foo\": \"bar\"}");
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("{\"foo\": \"bar\"}")
                .messageGroupId("g")
                .messageAttributes(Map.of("differs", MessageAttributes.string("here"))));
        assertThat(bodies(url)).containsExactly("{\"foo\": \"bar\"}");
    }

    @Test
    void anIdInTheRequestGoesBeforeTheBody() {
        String url = fifoByContent();
        send(url, "g", "1", "body");
        send(url, "g", "2", "body");
        send(url, "g", "1", "another body");
        assertThat(bodies(url)).containsExactly("body", "body");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageIsStillKnownAfterItWasDeleted(boolean byContent) {
        String url = byContent ? fifoByContent() : fifo();
        sendOnce(url, byContent);
        delete(url, receiveOne(url));
        sendOnce(url, byContent);
        assertThat(count(url)).isZero();
        assertThat(receive(url, request -> request.waitTimeSeconds(1))).isEmpty();
    }

    private void sendOnce(String url, boolean byContent) {
        if (byContent) {
            send(url, "group-1", "item");
        } else {
            send(url, "group-1", "dedup1", "item");
        }
    }

    @Test
    void theQueueIsTheScopeUnlessSaidOtherwise() {
        String url = fifo();
        send(url, "group-1", "id", "item");
        send(url, "group-2", "id", "item");
        assertThat(bodies(url)).containsExactly("item");
    }

    @Test
    void theGroupIsTheScopeWhereTheQueueSaysSo() {
        String url = fifo("DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId");
        send(url, "group-1", "id", "item 1");
        send(url, "group-2", "id", "item 2");
        send(url, "group-1", "id", "item 3");
        assertThat(bodies(url)).containsExactly("item 1", "item 2");
    }

    @Test
    void throughputPerGroupWantsTheScopeOfTheGroup() {
        assertThat(refused(() -> fifo("DeduplicationScope", "queue", "FifoThroughputLimit", "perMessageGroupId"))
                        .awsErrorDetails()
                        .errorCode())
                .isIn("InvalidAttributeValue", "InvalidParameterValue");
        assertThat(refused(() -> fifo("DeduplicationScope", "everything"))
                        .awsErrorDetails()
                        .errorCode())
                .isIn("InvalidAttributeValue", "InvalidParameterValue");
    }

    @Test
    void aDuplicateWithinABatchIsAnsweredAsItsFirst() {
        String url = fifo();
        SendMessageBatchResponse response = sqs.sendMessageBatch(
                request -> request.queueUrl(url).entries(List.of(entry("a", "1"), entry("b", "1"), entry("c", "2"))));
        assertThat(response.failed()).isEmpty();
        assertThat(response.successful()).extracting(entry -> entry.id()).containsExactly("a", "b", "c");
        assertThat(response.successful().get(1).messageId())
                .isEqualTo(response.successful().get(0).messageId());
        assertThat(bodies(url)).containsExactly("body a", "body c");
    }

    private static SendMessageBatchRequestEntry entry(String id, String dedup) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody("body " + id)
                .messageGroupId("g")
                .messageDeduplicationId(dedup)
                .build();
    }

    @Test
    void aDuplicateIsTakenForOneWhileTheFirstIsInFlightToo() {
        String url = fifo();
        send(url, "g", "id", "body");
        Message message = receiveOne(url);
        send(url, "g", "id", "body");
        visibility(url, message, 0);
        assertThat(drain(url, 0)).containsExactly("body");
    }

    @Test
    void aStandardQueueKnowsNoIds() {
        String url = queue();
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.sendMessage(
                        request -> request.queueUrl(url).messageBody("x").messageDeduplicationId("id")));
        send(url, "twice");
        send(url, "twice");
        assertThat(bodies(url)).containsExactly("twice", "twice");
    }
}
