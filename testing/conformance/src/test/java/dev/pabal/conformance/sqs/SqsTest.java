package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What the tests with AWS's Java SDK share: its client, and the lines that all would repeat. */
@ExtendWith(SqsUnderTest.Resolver.class)
abstract class SqsTest {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The longest wait that a receive may ask for. */
    private static final int WAIT_SECONDS = 20;

    protected final SqsUnderTest broker;
    protected final SqsClient sqs;

    SqsTest(SqsUnderTest broker) {
        this.broker = broker;
        this.sqs = broker.client();
    }

    /** The URL of a new standard queue with these attributes: names and values by turns. */
    final String queue(String... attributes) {
        return create(unique("queue"), table(attributes));
    }

    /** The URL of a new FIFO queue with these attributes beside {@code FifoQueue}. */
    final String fifo(String... attributes) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("FifoQueue", "true"));
        all.putAll(table(attributes));
        return create(unique("queue") + ".fifo", all);
    }

    /** The URL of a new FIFO queue that takes the same body once. */
    final String fifoByContent(String... attributes) {
        List<String> all = new ArrayList<>(List.of("ContentBasedDeduplication", "true"));
        all.addAll(List.of(attributes));
        return fifo(all.toArray(String[]::new));
    }

    final String create(String name, Map<String, String> attributes) {
        return sqs.createQueue(request -> request.queueName(name).attributesWithStrings(attributes))
                .queueUrl();
    }

    final void set(String url, String... attributes) {
        sqs.setQueueAttributes(request -> request.queueUrl(url).attributesWithStrings(table(attributes)));
    }

    final Map<String, String> attributes(String url, String... names) {
        return sqs.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNamesWithStrings(names.length == 0 ? all() : names))
                .attributesAsStrings();
    }

    private static String[] all() {
        return new String[] {"All"};
    }

    final String arn(String url) {
        return attributes(url, "QueueArn").get("QueueArn");
    }

    final int count(String url) {
        return number(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    }

    final int inFlight(String url) {
        return number(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    final int delayed(String url) {
        return number(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
    }

    private int number(String url, QueueAttributeName name) {
        return Integer.parseInt(attributes(url, name.toString()).get(name.toString()));
    }

    /** Waits until this many messages are ready to be received. */
    final void awaitCount(String url, int expected) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(
                        count(url))
                .isEqualTo(expected));
    }

    final SendMessageResponse send(String url, String body) {
        return sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
    }

    /** Sends to a group of a FIFO queue with deduplication by content. */
    final SendMessageResponse send(String url, String group, String body) {
        return sqs.sendMessage(
                request -> request.queueUrl(url).messageBody(body).messageGroupId(group));
    }

    /** Sends to a group of a FIFO queue under a deduplication id. */
    final SendMessageResponse send(String url, String group, String dedup, String body) {
        return sqs.sendMessage(request ->
                request.queueUrl(url).messageBody(body).messageGroupId(group).messageDeduplicationId(dedup));
    }

    /** Sends to a FIFO queue bodies of the form {@code group-rest}, each to its group, in this order. */
    final void sendToGroups(String url, String... bodies) {
        for (String body : bodies) {
            send(url, body.substring(0, body.indexOf('-')), body);
        }
    }

    /** Sends bodies in batches of ten. */
    final void sendMany(String url, List<String> bodies) {
        for (int from = 0; from < bodies.size(); from += 10) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (String body : bodies.subList(from, Math.min(from + 10, bodies.size()))) {
                entries.add(SendMessageBatchRequestEntry.builder()
                        .id("e" + entries.size())
                        .messageBody(body)
                        .build());
            }
            assertThat(sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries))
                            .failed())
                    .isEmpty();
        }
    }

    /** What is there now, ten at most, with all attributes. */
    final List<Message> receive(String url) {
        return receive(url, request -> {});
    }

    /** The same with other settings. */
    final List<Message> receive(String url, Consumer<ReceiveMessageRequest.Builder> settings) {
        return sqs.receiveMessage(request -> {
                    request.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(0)
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .messageAttributeNames("All");
                    settings.accept(request);
                })
                .messages();
    }

    /** Deletes them in one request, their entries named d0, d1 and so on. */
    final DeleteMessageBatchResponse deleteBatch(String url, List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id("d" + entries.size())
                    .receiptHandle(message.receiptHandle())
                    .build());
        }
        return sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
    }

    /** Waits for one message. */
    final Message receiveOne(String url) {
        return receiveOne(url, request -> {});
    }

    final Message receiveOne(String url, Consumer<ReceiveMessageRequest.Builder> settings) {
        List<Message> messages = receive(url, request -> {
            request.maxNumberOfMessages(1).waitTimeSeconds(WAIT_SECONDS);
            settings.accept(request);
        });
        assertThat(messages).as("a message in %s", url).hasSize(1);
        return messages.get(0);
    }

    /**
     * Asserts that what has just been received came no sooner than so many seconds after {@code beganNs}, which was before it was hidden:
     * unlike a look at what is not there yet, that says the same on a machine that is slow.
     */
    static void assertHiddenFor(int seconds, long beganNs) {
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs))
                .as("time for which it was hidden")
                .isGreaterThanOrEqualTo(
                        Duration.ofSeconds(seconds).minusMillis(50)); // the broker goes by another clock
    }

    final List<String> bodies(String url) {
        return bodies(receive(url));
    }

    static List<String> bodies(List<Message> messages) {
        return messages.stream().map(Message::body).toList();
    }

    /** Receives and deletes until nothing has come for {@code idleSeconds}; the bodies in the order they came. */
    final List<String> drain(String url, int idleSeconds) {
        List<String> bodies = new ArrayList<>();
        while (true) {
            List<Message> messages = receive(url, request -> request.waitTimeSeconds(idleSeconds));
            if (messages.isEmpty()) {
                return bodies;
            }
            messages.forEach(message -> delete(url, message));
            bodies.addAll(bodies(messages));
        }
    }

    final void delete(String url, Message message) {
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
    }

    final void visibility(String url, Message message, int seconds) {
        sqs.changeMessageVisibility(request ->
                request.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(seconds));
    }

    static String attribute(Message message, MessageSystemAttributeName name) {
        return message.attributes().get(name);
    }

    static int receiveCount(Message message) {
        return Integer.parseInt(attribute(message, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
    }

    static String redrive(String targetArn, int maxReceiveCount) {
        return "{\"deadLetterTargetArn\":\"" + targetArn + "\",\"maxReceiveCount\":" + maxReceiveCount + "}";
    }

    /** Runs what must be refused and returns how. */
    static SqsException refused(ThrowingCallable action) {
        SqsException refusal = catchThrowableOfType(SqsException.class, action);
        assertThat(refusal).as("the refusal").isNotNull();
        return refusal;
    }

    /** Asserts the code that SDKs know from the Query protocol. */
    static SqsException assertRefused(String code, ThrowingCallable action) {
        SqsException refusal = refused(action);
        assertThat(refusal.awsErrorDetails().errorCode())
                .as("code of: %s", refusal.getMessage())
                .isEqualTo(code);
        return refusal;
    }

    static String message(SqsException refusal) {
        return refusal.awsErrorDetails().errorMessage();
    }

    static Map<String, String> table(String... pairs) {
        Map<String, String> table = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            table.put(pairs[i], pairs[i + 1]);
        }
        return table;
    }

    static String nameOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    static List<String> numbered(String prefix, int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).map(i -> prefix + i).toList();
    }

    static String unique(String prefix) {
        return SqsUnderTest.unique(prefix);
    }
}
