package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Dead-letter queues: what becomes of messages that were received too often, and who may name which queue. */
class DeadLetterTest extends SqsTest {
    DeadLetterTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void whatIsReceivedTooOftenGoesToTheDeadLetterQueueAsItIs() {
        String dead = queue();
        String url = queue("RedrivePolicy", redrive(arn(dead), 2), "VisibilityTimeout", "0");
        SendMessageResponse sent = sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("poison")
                .messageAttributes(Map.of("a", MessageAttributes.text("Number.int", "1"))));
        Message first = receiveOne(url);
        receiveOne(url);
        assertThat(receive(url)).isEmpty();
        Message letter = receiveOne(dead);
        assertThat(letter.messageId()).isEqualTo(sent.messageId());
        assertThat(letter.body()).isEqualTo("poison");
        assertThat(letter.messageAttributes()).containsEntry("a", MessageAttributes.text("Number.int", "1"));
        assertThat(letter.md5OfMessageAttributes()).isEqualTo(sent.md5OfMessageAttributes());
        assertThat(letter.attributes())
                .containsEntry(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN, arn(url))
                .containsEntry(
                        MessageSystemAttributeName.SENT_TIMESTAMP,
                        attribute(first, MessageSystemAttributeName.SENT_TIMESTAMP));
        delete(dead, letter);
        assertThat(count(url) + inFlight(url) + count(dead) + inFlight(dead)).isZero();
    }

    @Test
    void aTimeThatIsUpCountsAsAReceive() {
        String dead = queue();
        String url = queue("RedrivePolicy", redrive(arn(dead), 1), "VisibilityTimeout", "1");
        send(url, "test");
        receiveOne(url);
        assertThat(receiveOne(dead).body()).isEqualTo("test");
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void deadLettersGoFromQueueToQueue() {
        String last = queue();
        String middle = queue("RedrivePolicy", redrive(arn(last), 1), "VisibilityTimeout", "0");
        String first = queue("RedrivePolicy", redrive(arn(middle), 1), "VisibilityTimeout", "0");
        String id = send(first, "test").messageId();
        for (String url : List.of(first, middle, last)) {
            assertThat(receiveOne(url).messageId()).isEqualTo(id);
        }
        assertThat(receive(first)).isEmpty();
    }

    @Test
    void aFifoQueueKeepsIdAndGroupOfItsDeadLetters() {
        String dead = fifoByContent("MessageRetentionPeriod", "1209600");
        String url = fifoByContent("VisibilityTimeout", "60", "RedrivePolicy", redrive(arn(dead), 2));
        String id = send(url, "1", "foobar").messageId();
        send(url, "1", "next");
        for (int i = 0; i < 2; i++) {
            assertThat(receiveOne(url, request -> request.visibilityTimeout(0)).body())
                    .isEqualTo("foobar");
        }
        Message letter = receiveOne(dead);
        assertThat(letter.messageId()).isEqualTo(id);
        assertThat(attribute(letter, MessageSystemAttributeName.MESSAGE_GROUP_ID))
                .isEqualTo("1");
        assertThat(receiveOne(url).body()).as("the group goes on").isEqualTo("next");
    }

    @Test
    void aPolicySetLaterHoldsForWhatIsThere() {
        String dead = queue();
        String url = queue("VisibilityTimeout", "0");
        send(url, "test");
        receiveOne(url);
        set(url, "RedrivePolicy", redrive(arn(dead), 2));
        receiveOne(url);
        assertThat(receiveOne(dead).body()).isEqualTo("test");
    }

    @Test
    void anEmptyPolicyEndsIt() {
        String dead = queue();
        String url = queue("RedrivePolicy", redrive(arn(dead), 1), "VisibilityTimeout", "0");
        set(url, "RedrivePolicy", "");
        assertThat(attributes(url)).doesNotContainKey("RedrivePolicy");
        send(url, "test");
        receiveOne(url);
        assertThat(receiveOne(url).body()).isEqualTo("test");
        assertThat(receive(dead)).isEmpty();
    }

    @Test
    void theSourcesOfADeadLetterQueueAreListed() {
        String dead = queue();
        String one = queue("RedrivePolicy", redrive(arn(dead), 50));
        String two = queue("RedrivePolicy", redrive(arn(dead), 50));
        queue();
        assertThat(sources(dead)).containsExactlyInAnyOrder(one, two);
        set(one, "RedrivePolicy", "");
        assertThat(sources(dead)).containsExactly(two);
        assertThat(sources(one)).isEmpty();
    }

    private List<String> sources(String url) {
        return sqs.listDeadLetterSourceQueues(request -> request.queueUrl(url)).queueUrls();
    }

    @Test
    void thePolicyIsReadBackAsSet() {
        String policy = redrive(arn(queue()), 10);
        String url = queue("RedrivePolicy", policy, "DelaySeconds", "10");
        assertThat(attributes(url, "RedrivePolicy")).containsEntry("RedrivePolicy", policy);
        String text = "{\"deadLetterTargetArn\":\"" + arn(queue()) + "\",\"maxReceiveCount\":\"42\"}";
        set(url, "RedrivePolicy", text);
        assertThat(attributes(url).get("RedrivePolicy")).contains("42");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"deadLetterTargetArn\":\"ARN\"}",
                "{\"maxReceiveCount\":\"42\"}",
                "{\"deadLetterTargetArn\":\"ARN\",\"maxReceiveCount\":\"invalid\"}",
                "{\"deadLetterTargetArn\":\"ARN\",\"maxReceiveCount\":0}",
                "{\"deadLetterTargetArn\":\"ARN\",\"maxReceiveCount\":1001}",
                "{\"deadLetterTargetArn\":\"ARN-nowhere\",\"maxReceiveCount\":1}",
                "[]",
            })
    void aBadPolicyIsRefused(String policy) {
        String text = policy.replace("ARN", arn(queue()));
        String url = queue();
        assertThat(refused(() -> set(url, "RedrivePolicy", text))
                        .awsErrorDetails()
                        .errorCode())
                .isIn("InvalidParameterValue", "AWS.SimpleQueueService.NonExistentQueue");
    }

    @Test
    void aTargetThatIsNoArnIsRefusedBeforeItIsLookedUp() {
        String policy = "{\"deadLetterTargetArn\": \"dummy\", \"maxReceiveCount\": 42}";
        SqsException refusal = assertRefused("InvalidParameterValue", () -> queue("RedrivePolicy", policy));
        assertThat(message(refusal))
                .isEqualTo("Value " + policy
                        + " for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.");
    }

    @Test
    void aFifoQueueHasAFifoDeadLetterQueueAndAStandardOneAStandardOne() {
        String standard = queue();
        String fifo = fifo();
        assertRefused("InvalidParameterValue", () -> fifo("RedrivePolicy", redrive(arn(standard), 1)));
        assertRefused("InvalidParameterValue", () -> queue("RedrivePolicy", redrive(arn(fifo), 1)));
    }

    @Test
    void aDeadLetterQueueSaysWhoMayUseIt() {
        String dead = queue("RedriveAllowPolicy", "{\"redrivePermission\":\"denyAll\"}");
        assertRefused("InvalidParameterValue", () -> queue("RedrivePolicy", redrive(arn(dead), 1)));
        String friend = queue();
        set(
                dead,
                "RedriveAllowPolicy",
                "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\"" + arn(friend) + "\"]}");
        set(friend, "RedrivePolicy", redrive(arn(dead), 1));
        assertRefused("InvalidParameterValue", () -> queue("RedrivePolicy", redrive(arn(dead), 1)));
        set(dead, "RedriveAllowPolicy", "{\"redrivePermission\":\"allowAll\"}");
        queue("RedrivePolicy", redrive(arn(dead), 1));
    }
}
