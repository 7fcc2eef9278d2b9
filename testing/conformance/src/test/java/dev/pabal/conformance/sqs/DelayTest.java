package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Messages that are to be received some seconds after they were sent. */
class DelayTest extends SqsTest {
    DelayTest(SqsUnderTest broker) {
        super(broker);
    }

    private void send(String url, String body, int delaySeconds) {
        sqs.sendMessage(request -> request.queueUrl(url).messageBody(body).delaySeconds(delaySeconds));
    }

    private static long sentAt(Message message) {
        return Long.parseLong(attribute(message, MessageSystemAttributeName.SENT_TIMESTAMP));
    }

    @Test
    void aMessageIsHiddenUntilItsDelayIsOver() {
        String url = queue();
        send(url, "much later", 900);
        send(url, "now");
        assertThat(count(url)).isEqualTo(1);
        assertThat(delayed(url)).isEqualTo(1);
        assertThat(inFlight(url)).isZero();
        assertThat(bodies(url)).containsExactly("now");
        send(url, "later", 1);
        Message later = receiveOne(url);
        assertThat(later.body()).isEqualTo("later");
        assertThat(System.currentTimeMillis() - sentAt(later)).isGreaterThanOrEqualTo(1_000);
        assertThat(delayed(url)).isEqualTo(1);
    }

    @Test
    void theDelayOfTheQueueHoldsUnlessTheMessageNamesItsOwn() {
        String url = queue("DelaySeconds", "900");
        send(url, "by the queue");
        send(url, "at once", 0);
        assertThat(bodies(url)).containsExactly("at once");
        assertThat(delayed(url)).isEqualTo(1);
        String soon = queue("DelaySeconds", "1");
        long beganNs = System.nanoTime();
        send(soon, "by the queue");
        assertThat(receiveOne(soon).body()).isEqualTo("by the queue");
        assertHiddenFor(1, beganNs);
    }

    @Test
    void aChangedDelayHoldsForWhatIsSentLater() {
        String url = queue("DelaySeconds", "900");
        send(url, "long");
        set(url, "DelaySeconds", "0");
        send(url, "short");
        assertThat(bodies(url)).containsExactly("short");
        assertThat(delayed(url)).isEqualTo(1);
    }

    @Test
    void entriesOfABatchHaveDelaysOfTheirOwn() {
        String url = queue();
        sqs.sendMessageBatch(request -> request.queueUrl(url)
                .entries(
                        SendMessageBatchRequestEntry.builder()
                                .id("a")
                                .messageBody("later")
                                .delaySeconds(900)
                                .build(),
                        SendMessageBatchRequestEntry.builder()
                                .id("b")
                                .messageBody("now")
                                .build()));
        assertThat(bodies(url)).containsExactly("now");
        assertThat(delayed(url)).isEqualTo(1);
    }

    @Test
    void delaysAreBounded() {
        String url = queue();
        send(url, "the longest", 900);
        assertRefused("InvalidParameterValue", () -> send(url, "longer", 901));
        assertRefused("InvalidParameterValue", () -> send(url, "negative", -1));
    }

    @Test
    void aFifoQueueDelaysAllItsMessagesAndKeepsTheirOrder() {
        String late = fifoByContent("DelaySeconds", "900");
        sendToGroups(late, "g-1", "g-2", "g-3");
        assertThat(receive(late)).isEmpty();
        assertThat(delayed(late)).isEqualTo(3);
        String url = fifoByContent("DelaySeconds", "1");
        long beganNs = System.nanoTime();
        sendToGroups(url, "g-1", "g-2", "g-3");
        awaitCount(url, 3);
        assertHiddenFor(1, beganNs);
        List<Message> messages = receive(url);
        assertThat(bodies(messages)).containsExactly("g-1", "g-2", "g-3");
    }

    @Test
    void aMessageOfAFifoQueueMayNotNameADelay() {
        String url = fifoByContent();
        assertThat(message(assertRefused(
                        "InvalidParameterValue",
                        () -> sqs.sendMessage(request -> request.queueUrl(url)
                                .messageBody("x")
                                .messageGroupId("g")
                                .delaySeconds(2)))))
                .isEqualTo(
                        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not"
                                + " valid for this queue type.");
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("zero is allowed")
                .messageGroupId("g")
                .delaySeconds(0));
        assertThat(bodies(url)).containsExactly("zero is allowed");
    }
}
