package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.sqs.wire.SqsError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueAttributesTest {
    private static final Map<String, String> FIFO = Map.of("FifoQueue", "true");

    private SqsBroker sqs = new SqsBroker();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void aStandardQueueShowsItsAttributesInSqssOrder() {
        sqs.create("orders", Map.of());

        assertThat(sqs.attributes("orders", "All").keySet())
                .containsExactly(
                        "QueueArn",
                        "ApproximateNumberOfMessages",
                        "ApproximateNumberOfMessagesNotVisible",
                        "ApproximateNumberOfMessagesDelayed",
                        "CreatedTimestamp",
                        "LastModifiedTimestamp",
                        "VisibilityTimeout",
                        "MaximumMessageSize",
                        "MessageRetentionPeriod",
                        "DelaySeconds",
                        "ReceiveMessageWaitTimeSeconds",
                        "SqsManagedSseEnabled");
        assertThat(sqs.attributes("orders", "All"))
                .containsEntry("VisibilityTimeout", "30")
                .containsEntry("MaximumMessageSize", "1048576")
                .containsEntry("MessageRetentionPeriod", "345600")
                .containsEntry("SqsManagedSseEnabled", "true");
        assertThat(sqs.attributes("orders")).isEmpty();
    }

    @Test
    void aFifoQueueShowsWhatOnlyFifoQueuesHave() {
        sqs.create("orders.fifo", FIFO);

        assertThat(sqs.attributes("orders.fifo", "All"))
                .containsEntry("FifoQueue", "true")
                .containsEntry("ContentBasedDeduplication", "false")
                .containsEntry("DeduplicationScope", "queue")
                .containsEntry("FifoThroughputLimit", "perQueue");
    }

    @Test
    void messagesAreCounted() {
        sqs.create("orders", Map.of());
        sqs.publish("orders", Map.of(), "1", "2", "3");

        assertThat(sqs.attributes("orders", "ApproximateNumberOfMessages", "DelaySeconds"))
                .isEqualTo(Map.of("ApproximateNumberOfMessages", "3", "DelaySeconds", "0"));
    }

    @ParameterizedTest
    @CsvSource({
        "VisibilityTimeout, 43201",
        "VisibilityTimeout, -1",
        "VisibilityTimeout, x",
        "MaximumMessageSize, 1023",
        "MaximumMessageSize, 1048577",
        "MessageRetentionPeriod, 59",
        "MessageRetentionPeriod, 1209601",
        "DelaySeconds, 901",
        "ReceiveMessageWaitTimeSeconds, 21",
        "KmsDataKeyReusePeriodSeconds, 59",
        "SqsManagedSseEnabled, maybe",
        "Policy, [",
        "VisibilityTimeout, 99999999999999999999"
    })
    void valuesOutOfBoundsAreRefused(String name, String value) {
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter " + name + ".",
                () -> sqs.create("orders", Map.of(name, value)));
    }

    @ParameterizedTest
    @CsvSource({"QueueArn", "Unknown", "FifoQueue", "ContentBasedDeduplication", "CreatedTimestamp", "All"})
    void namesThatAStandardQueueDoesNotTakeAreRefused(String name) {
        sqs.create("orders", Map.of());
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_NAME,
                "Unknown Attribute " + name + ".",
                () -> sqs.set("orders", Map.of(name, "false")));
    }

    @Test
    void whatIsForFifoQueuesOnlyIsRefused() {
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_NAME,
                "You can specify the DeduplicationScope only when FifoQueue is set to true.",
                () -> sqs.create("orders", Map.of("DeduplicationScope", "queue")));
        Refused.with(SqsError.INVALID_ATTRIBUTE_NAME, "Unknown Attribute Nothing.", () -> {
            sqs.create("orders", Map.of());
            sqs.attributes("orders", "Nothing");
        });
    }

    @Test
    void aFifoQueueStaysOne() {
        sqs.create("orders.fifo", FIFO);

        sqs.set("orders.fifo", FIFO);
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
                () -> sqs.set("orders.fifo", Map.of("FifoQueue", "false")));
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_VALUE,
                "Invalid value for the parameter FifoThroughputLimit. Reason: The perMessageGroupId value is allowed only"
                        + " when the value for DeduplicationScope is messageGroup.",
                () -> sqs.set("orders.fifo", Map.of("FifoThroughputLimit", "perMessageGroupId")));
        sqs.set(
                "orders.fifo",
                Map.of("FifoThroughputLimit", "perMessageGroupId", "DeduplicationScope", "messageGroup"));
        assertThat(sqs.queue("orders.fifo").definition().arguments()).containsEntry("x-dedup-scope", "group");
    }

    @Test
    void attributesThatAreSetMeanSomethingToTheBroker() {
        sqs.create("orders.fifo", Map.of("FifoQueue", "true", "DelaySeconds", "3"));
        sqs.create("dead.fifo", FIFO);

        sqs.set("orders.fifo", Map.of("MessageRetentionPeriod", "60", "RedrivePolicy", policy("dead.fifo", "5")));
        assertThat(sqs.queue("orders.fifo").definition().arguments())
                .containsEntry("x-message-ttl", 60_000L)
                .containsEntry("x-delay-ms", 3_000L)
                .containsEntry("x-groups", "ordered")
                .containsEntry("x-dead-letter-exchange", "")
                .containsEntry("x-dead-letter-routing-key", "dead.fifo")
                .containsEntry("x-delivery-limit", 4L);

        sqs.set("orders.fifo", Map.of("RedrivePolicy", ""));
        assertThat(sqs.queue("orders.fifo").definition().arguments())
                .containsEntry("x-message-ttl", 60_000L)
                .doesNotContainKeys("x-dead-letter-exchange", "x-dead-letter-routing-key", "x-delivery-limit");
        assertThat(sqs.attributes("orders.fifo", "RedrivePolicy")).isEmpty();
    }

    @Test
    void attributesSurviveARestart() {
        sqs.create("orders", Map.of("VisibilityTimeout", "7"));
        sqs.set("orders", Map.of("DelaySeconds", "9"));
        Map<String, String> before = sqs.attributes("orders", "All");

        sqs = sqs.restarted();
        assertThat(sqs.attributes("orders", "All")).isEqualTo(before).containsEntry("VisibilityTimeout", "7");
    }

    @Test
    void aRedrivePolicyNamesAQueueOfTheSameKindThatAllowsIt() {
        sqs.create("dead", Map.of("RedriveAllowPolicy", "{\"redrivePermission\":\"denyAll\"}"));
        sqs.create("dead.fifo", FIFO);

        refusedPolicy(policy("dead", "1"), "Queue dead does not allow this queue as its source.");
        refusedPolicy(policy("dead.fifo", "1"), "Dead-letter queue must be same type of queue as the source.");
        refusedPolicy(policy("nowhere", "1"), "Dead letter target does not exist.");
        refusedPolicy(
                policy("dead", "0"),
                "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.");
        refusedPolicy(
                policy("dead", "1001"),
                "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.");
        refusedPolicy("nothing", "Redrive policy is not a valid JSON map.");
        refusedPolicy("{}", "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        refusedPolicy(
                "{\"deadLetterTargetArn\":\"dummy\"}",
                "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        refusedPolicy(
                "{\"deadLetterTargetArn\":\"dummy\",\"maxReceiveCount\":42}", "Invalid value for deadLetterTargetArn.");

        sqs.set(
                "dead",
                Map.of(
                        "RedriveAllowPolicy",
                        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\"" + SqsBroker.ARN + "orders\"]}"));
        sqs.create("orders", Map.of("RedrivePolicy", policy("dead", "1000")));
        assertThat(sqs.call("ListDeadLetterSourceQueues", Map.of("QueueUrl", "dead")))
                .isEqualTo(Map.of("queueUrls", List.of(SqsBroker.URL + "orders")));
    }

    @Test
    void theSourcesOfADeadLetterQueueAreKnownThroughEachChange() {
        sqs.create("dead", Map.of());
        sqs.create("other", Map.of());
        for (String name : List.of("c", "a", "b", "gone")) {
            sqs.create(name, Map.of("RedrivePolicy", policy("dead", "3")));
        }
        sqs.set("b", Map.of("RedrivePolicy", policy("other", "3")));
        sqs.call("DeleteQueue", Map.of("QueueUrl", "gone"));
        assertThat(sources("dead", Map.of())).isEqualTo(Map.of("queueUrls", urls("a", "c")));
        assertThat(sources("other", Map.of())).isEqualTo(Map.of("queueUrls", urls("b")));

        sqs = sqs.restarted();
        Map<String, Object> first = sources("dead", Map.of("MaxResults", 1));
        assertThat(first).containsEntry("queueUrls", urls("a"));
        assertThat(sources("dead", Map.of("MaxResults", 1, "NextToken", first.get("NextToken"))))
                .isEqualTo(Map.of("queueUrls", urls("c")));
        sqs.set("a", Map.of("RedrivePolicy", ""));
        assertThat(sources("dead", Map.of())).isEqualTo(Map.of("queueUrls", urls("c")));
    }

    private Map<String, Object> sources(String target, Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("QueueUrl", target);
        return sqs.call("ListDeadLetterSourceQueues", parameters);
    }

    private static List<String> urls(String... names) {
        return Stream.of(names).map(name -> SqsBroker.URL + name).toList();
    }

    @Test
    void oneEncryptionAtATime() {
        sqs.create("orders", Map.of("SqsManagedSseEnabled", "true"));
        sqs.set("orders", Map.of("KmsMasterKeyId", "key", "KmsDataKeyReusePeriodSeconds", "6000"));
        assertThat(sqs.attributes("orders", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"))
                .isEqualTo(Map.of(
                        "KmsMasterKeyId",
                        "key",
                        "KmsDataKeyReusePeriodSeconds",
                        "6000",
                        "SqsManagedSseEnabled",
                        "false"));

        sqs.set("orders", Map.of("SqsManagedSseEnabled", "true"));
        assertThat(sqs.attributes("orders", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"))
                .isEqualTo(Map.of("SqsManagedSseEnabled", "true"));
        Refused.with(
                SqsError.INVALID_ATTRIBUTE_NAME,
                "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
                () -> sqs.set("orders", Map.of("KmsMasterKeyId", "key", "SqsManagedSseEnabled", "true")));
    }

    private void refusedPolicy(String policy, String reason) {
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + policy + " for parameter RedrivePolicy is invalid. Reason: " + reason,
                () -> sqs.create("orders", Map.of("RedrivePolicy", policy)));
    }

    private static String policy(String target, String maxReceiveCount) {
        return "{\"deadLetterTargetArn\":\"" + SqsBroker.ARN + target + "\",\"maxReceiveCount\":" + maxReceiveCount
                + "}";
    }
}
