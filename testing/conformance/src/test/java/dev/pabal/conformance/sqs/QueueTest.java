package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** CreateQueue, GetQueueUrl, ListQueues, DeleteQueue, and the attributes of queues. */
class QueueTest extends SqsTest {
    QueueTest(SqsUnderTest broker) {
        super(broker);
    }

    @Test
    void theUrlOfAQueueIsEndpointAccountAndName() {
        String name = unique("url");
        String url = create(name, Map.of());
        assertThat(url).isEqualTo(broker.endpoint() + "/" + SqsUnderTest.ACCOUNT + "/" + name);
        assertThat(sqs.getQueueUrl(request -> request.queueName(name)).queueUrl())
                .isEqualTo(url);
    }

    @Test
    void aNewQueueHasTheDefaults() {
        String name = unique("defaults");
        String url = create(name, Map.of());
        Map<String, String> all = attributes(url);
        assertThat(all)
                .containsEntry("QueueArn", "arn:aws:sqs:us-east-1:000000000000:" + name)
                .containsEntry("ApproximateNumberOfMessages", "0")
                .containsEntry("ApproximateNumberOfMessagesNotVisible", "0")
                .containsEntry("ApproximateNumberOfMessagesDelayed", "0")
                .containsEntry("VisibilityTimeout", "30")
                .containsEntry("MaximumMessageSize", "1048576")
                .containsEntry("MessageRetentionPeriod", "345600")
                .containsEntry("DelaySeconds", "0")
                .containsEntry("ReceiveMessageWaitTimeSeconds", "0")
                .containsEntry("SqsManagedSseEnabled", "true")
                .doesNotContainKeys("FifoQueue", "Policy", "RedrivePolicy", "ContentBasedDeduplication");
        long now = Instant.now().getEpochSecond();
        assertThat(Long.parseLong(all.get("CreatedTimestamp"))).isBetween(now - 60, now + 1);
        assertThat(all.get("LastModifiedTimestamp")).isEqualTo(all.get("CreatedTimestamp"));
    }

    @Test
    void aNewFifoQueueHasItsDefaultsToo() {
        assertThat(attributes(fifo()))
                .containsEntry("FifoQueue", "true")
                .containsEntry("ContentBasedDeduplication", "false")
                .containsEntry("DeduplicationScope", "queue")
                .containsEntry("FifoThroughputLimit", "perQueue");
    }

    @Test
    void onlyTheAttributesAskedForAreReturned() {
        String url = queue("VisibilityTimeout", "20");
        assertThat(attributes(url, "QueueArn", "CreatedTimestamp", "VisibilityTimeout"))
                .containsOnlyKeys("QueueArn", "CreatedTimestamp", "VisibilityTimeout")
                .containsEntry("VisibilityTimeout", "20");
        assertThat(attributes(url, "Policy", "RedrivePolicy")).isEmpty();
        assertThat(sqs.getQueueAttributes(request -> request.queueUrl(url)).attributesAsStrings())
                .as("without names there is nothing to return")
                .isEmpty();
    }

    @Test
    void anUnknownAttributeNameIsRefused() {
        String url = queue();
        SqsException refusal = assertRefused("InvalidAttributeName", () -> attributes(url, "Foobar"));
        assertThat(message(refusal)).isEqualTo("Unknown Attribute Foobar.");
        assertRefused("InvalidAttributeName", () -> set(url, "Foobar", "1"));
        assertRefused("InvalidAttributeName", () -> queue("Foobar", "1"));
        assertRefused("InvalidAttributeName", () -> set(url, "QueueArn", "arn:aws:sqs:us-east-1:000000000000:x"));
    }

    @ParameterizedTest
    @CsvSource({
        "VisibilityTimeout,43201",
        "VisibilityTimeout,-1",
        "VisibilityTimeout,soon",
        "MaximumMessageSize,1023",
        "MaximumMessageSize,1048577",
        "MessageRetentionPeriod,59",
        "MessageRetentionPeriod,1209601",
        "DelaySeconds,901",
        "ReceiveMessageWaitTimeSeconds,21",
        "KmsDataKeyReusePeriodSeconds,59",
        "SqsManagedSseEnabled,perhaps",
        "RedrivePolicy,no JSON",
        "RedriveAllowPolicy,{\"redrivePermission\":\"some\"}",
        "Policy,no JSON",
    })
    void aValueOutOfBoundsIsRefused(String name, String value) {
        String url = queue();
        assertThat(refused(() -> set(url, name, value)).awsErrorDetails().errorCode())
                .isIn("InvalidAttributeValue", "InvalidParameterValue");
        assertThat(refused(() -> queue(name, value)).awsErrorDetails().errorCode())
                .isIn("InvalidAttributeValue", "InvalidParameterValue");
    }

    @ParameterizedTest
    @CsvSource({
        "VisibilityTimeout,0,43200",
        "MaximumMessageSize,1024,1048576",
        "MessageRetentionPeriod,60,1209600",
        "DelaySeconds,0,900",
        "ReceiveMessageWaitTimeSeconds,0,20",
    })
    void theBoundsThemselvesAreTaken(String name, String least, String most) {
        String url = queue(name, most);
        assertThat(attributes(url, name)).containsEntry(name, most);
        set(url, name, least);
        assertThat(attributes(url, name)).containsEntry(name, least);
    }

    @Test
    void settingAttributesLeavesTheOthers() {
        String url = queue(
                "MessageRetentionPeriod", "604800", "ReceiveMessageWaitTimeSeconds", "10", "VisibilityTimeout", "20");
        set(url, "MaximumMessageSize", "2048", "VisibilityTimeout", "69", "DelaySeconds", "420");
        assertThat(attributes(url))
                .containsEntry("MessageRetentionPeriod", "604800")
                .containsEntry("ReceiveMessageWaitTimeSeconds", "10")
                .containsEntry("MaximumMessageSize", "2048")
                .containsEntry("VisibilityTimeout", "69")
                .containsEntry("DelaySeconds", "420");
    }

    @Test
    void creatingAQueueAgainGivesTheSameUnlessAnAttributeDiffers() {
        String name = unique("again");
        String url = create(name, table("ReceiveMessageWaitTimeSeconds", "1", "DelaySeconds", "1"));
        assertThat(create(name, Map.of())).isEqualTo(url);
        assertThat(create(name, table("DelaySeconds", "1"))).isEqualTo(url);
        SqsException refusal = assertRefused(
                "QueueAlreadyExists",
                () -> create(name, table("ReceiveMessageWaitTimeSeconds", "1", "DelaySeconds", "2")));
        assertThat(refusal).isInstanceOf(QueueNameExistsException.class);
        assertThat(message(refusal))
                .isEqualTo(
                        "A queue already exists with the same name and a different value for attribute DelaySeconds");
        set(url, "DelaySeconds", "2");
        assertThat(create(name, table("DelaySeconds", "2"))).isEqualTo(url);
        assertRefused("QueueAlreadyExists", () -> create(name, table("DelaySeconds", "1")));
    }

    @Test
    void whatAQueueHoldsDoesNotHinderCreatingItAgain() {
        String name = unique("again");
        String url = create(name, Map.of());
        sqs.sendMessage(request -> request.queueUrl(url).messageBody("later").delaySeconds(60));
        send(url, "now");
        assertThat(create(name, Map.of())).isEqualTo(url);
        assertThat(create(name, table("VisibilityTimeout", "30")))
                .as("with a default named")
                .isEqualTo(url);
    }

    @Test
    void aFifoQueueIsCreatedAgainAlike() {
        String name = unique("again") + ".fifo";
        String url = create(name, table("FifoQueue", "true", "ContentBasedDeduplication", "true"));
        assertThat(create(name, table("FifoQueue", "true"))).isEqualTo(url);
        SqsException refusal = assertRefused(
                "QueueAlreadyExists",
                () -> create(name, table("FifoQueue", "true", "ContentBasedDeduplication", "false")));
        assertThat(message(refusal)).endsWith("a different value for attribute ContentBasedDeduplication");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "queue/slash", "umläut", "dot.ted", "star*"})
    void aBadNameIsRefused(String name) {
        assertRefused("InvalidParameterValue", () -> create(name, Map.of()));
    }

    @Test
    void aNameHasEightyCharactersAtMost() {
        String longest = unique("n") + "x".repeat(80 - 10);
        assertThat(longest).hasSize(80);
        assertThat(create(longest, Map.of())).endsWith(longest);
        assertRefused("InvalidParameterValue", () -> create(longest + "x", Map.of()));
    }

    @Test
    void theSuffixFifoAndTheAttributeGoTogether() {
        assertRefused("InvalidParameterValue", () -> create(unique("plain"), table("FifoQueue", "true")));
        assertRefused("InvalidParameterValue", () -> create(unique("q") + ".fifo", Map.of()));
        assertThat(refused(() -> queue("ContentBasedDeduplication", "true"))
                        .awsErrorDetails()
                        .errorCode())
                .isIn("InvalidAttributeName", "InvalidParameterValue");
    }

    @Test
    void theTypeOfAQueueCannotBeChanged() {
        String standard = queue();
        assertThat(message(assertRefused("InvalidAttributeName", () -> set(standard, "FifoQueue", "true"))))
                .isEqualTo("Unknown Attribute FifoQueue.");
        String fifo = fifo();
        set(fifo, "FifoQueue", "true");
        assertThat(message(assertRefused("InvalidAttributeValue", () -> set(fifo, "FifoQueue", "false"))))
                .isEqualTo("Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.");
    }

    @Test
    void contentBasedDeduplicationCanBeTurnedOff() {
        String url = fifoByContent();
        set(url, "ContentBasedDeduplication", "false");
        assertThat(attributes(url, "ContentBasedDeduplication")).containsEntry("ContentBasedDeduplication", "false");
        assertRefused("InvalidParameterValue", () -> send(url, "g", "no id"));
    }

    @Test
    void oneKindOfEncryptionAtATime() {
        String url = queue();
        set(
                url,
                "KmsMasterKeyId",
                "testKeyId",
                "KmsDataKeyReusePeriodSeconds",
                "6000",
                "SqsManagedSseEnabled",
                "false");
        assertThat(attributes(url, "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"))
                .isEqualTo(table(
                        "KmsMasterKeyId",
                        "testKeyId",
                        "KmsDataKeyReusePeriodSeconds",
                        "6000",
                        "SqsManagedSseEnabled",
                        "false"));
        String managed = queue("SqsManagedSseEnabled", "true");
        assertThat(attributes(managed, "KmsMasterKeyId", "SqsManagedSseEnabled"))
                .isEqualTo(table("SqsManagedSseEnabled", "true"));
        SqsException refusal = assertRefused(
                "InvalidAttributeName",
                () -> set(managed, "KmsMasterKeyId", "testKeyId", "SqsManagedSseEnabled", "true"));
        assertThat(message(refusal)).startsWith("You can use one type of server-side encryption (SSE) at one time.");
    }

    @Test
    void queuesAreListedByPrefix() {
        String prefix = unique("list");
        List<String> urls = new ArrayList<>();
        for (String name : List.of("a-1", "a-2", "b-1")) {
            urls.add(create(prefix + name, Map.of()));
        }
        assertThat(list(prefix)).containsExactlyInAnyOrderElementsOf(urls);
        assertThat(list(prefix + "a")).containsExactlyInAnyOrder(urls.get(0), urls.get(1));
        assertThat(list(prefix + "c")).isEmpty();
        assertThat(sqs.listQueuesPaginator(request -> request.maxResults(1000)).queueUrls())
                .containsAll(urls);
    }

    private List<String> list(String prefix) {
        return sqs.listQueues(request -> request.queueNamePrefix(prefix)).queueUrls();
    }

    @Test
    void listingGoesByPages() {
        String prefix = unique("pages");
        for (int i = 0; i < 5; i++) {
            create(prefix + i, Map.of());
        }
        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        sqs.listQueuesPaginator(request -> request.queueNamePrefix(prefix).maxResults(2))
                .forEach(page -> {
                    sizes.add(page.queueUrls().size());
                    seen.addAll(page.queueUrls());
                });
        assertThat(sizes).containsExactly(2, 2, 1);
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        assertThat(refused(() -> sqs.listQueues(request -> request.maxResults(1001)))
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void aQueueThatIsNotThereIsRefusedInEveryAction() {
        String url = broker.endpoint() + "/" + SqsUnderTest.ACCOUNT + "/" + unique("nowhere");
        List<SqsException> refusals = List.of(
                refused(() -> sqs.getQueueUrl(request -> request.queueName(nameOf(url)))),
                refused(() -> attributes(url)),
                refused(() -> set(url, "DelaySeconds", "1")),
                refused(() -> send(url, "lost")),
                refused(() -> receive(url)),
                refused(() -> sqs.purgeQueue(request -> request.queueUrl(url))),
                refused(() -> sqs.deleteQueue(request -> request.queueUrl(url))),
                refused(() -> sqs.listQueueTags(request -> request.queueUrl(url))));
        assertThat(refusals).allSatisfy(refusal -> {
            assertThat(refusal).isInstanceOf(QueueDoesNotExistException.class);
            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
            assertThat(message(refusal)).startsWith("The specified queue does not exist");
        });
    }

    @Test
    void onlyThePathOfAQueueUrlCounts() {
        String url = queue();
        String elsewhere = "http://sqs.us-east-1.localhost.example:1/" + SqsUnderTest.ACCOUNT + "/" + nameOf(url);
        send(elsewhere, "by another host");
        send(nameOf(url), "by the bare name");
        assertThat(bodies(url)).containsExactly("by another host", "by the bare name");
    }

    @Test
    void bodiesAreBoundedByTheQueuesMaximum() {
        String url = queue("MaximumMessageSize", "1024");
        send(url, "a".repeat(1024));
        SqsException refusal = assertRefused(
                "InvalidParameterValue",
                () -> sqs.sendMessage(request -> request.queueUrl(url)
                        .messageBody("a".repeat(1024 - 7))
                        .messageAttributes(Map.of("k", MessageAttributes.string("x")))));
        assertThat(message(refusal))
                .isEqualTo("One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.");
    }
}
