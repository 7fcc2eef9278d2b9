package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Message group ids on standard queues: who sends much does not hold up the others, and nothing is locked. */
class FairQueueTest extends SqsTest {
    FairQueueTest(SqsUnderTest broker) {
        super(broker);
    }

    private void sendOf(String url, String group, int count) {
        for (int from = 0; from < count; from += 10) {
            int first = from;
            List<SendMessageBatchRequestEntry> entries = IntStream.range(first, Math.min(first + 10, count))
                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                            .id("e" + i)
                            .messageBody(group + "-" + i)
                            .messageGroupId(group)
                            .build())
                    .toList();
            sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
        }
    }

    @Test
    void theOthersGoBeforeANoisyGroup() {
        String url = queue("VisibilityTimeout", "600");
        sendOf(url, "noisy", 100);
        for (int i = 0; i < 4; i++) {
            assertThat(receive(url)).hasSize(10);
        }
        sendOf(url, "quiet", 5);
        List<String> next = bodies(url);
        assertThat(next).contains("quiet-0", "quiet-1", "quiet-2", "quiet-3", "quiet-4");
    }

    @Test
    void nothingIsLockedAndAllIsReceived() {
        String url = queue("VisibilityTimeout", "600");
        sendOf(url, "a", 15);
        sendOf(url, "b", 15);
        List<Message> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.addAll(receive(url));
        }
        assertThat(all).hasSize(30);
        assertThat(all)
                .extracting(message -> attribute(message, MessageSystemAttributeName.MESSAGE_GROUP_ID))
                .containsOnly("a", "b");
    }
}
