package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.sqs.wire.SqsError;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueActionsTest {
    private static final String NAME_RULE =
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";

    private static final String FIFO_NAME_RULE =
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with"
                    + " .fifo suffix and be 1 to 80 in length";

    private static final Map<String, String> FIFO = Map.of("FifoQueue", "true");

    private SqsBroker sqs = new SqsBroker();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void aQueueIsMadeFoundListedAndDeleted() {
        String url = sqs.create("orders", Map.of());

        assertThat(url).isEqualTo("http://localhost:9324/000000000000/orders");
        assertThat(sqs.call("GetQueueUrl", Map.of("QueueName", "orders"))).isEqualTo(Map.of("QueueUrl", url));
        assertThat(sqs.call("ListQueues", Map.of())).isEqualTo(Map.of("QueueUrls", List.of(url)));

        sqs.call("DeleteQueue", Map.of("QueueUrl", url));
        assertThat(sqs.call("ListQueues", Map.of())).isEmpty();
        Refused.with(
                SqsError.QUEUE_DOES_NOT_EXIST,
                "The specified queue does not exist.",
                () -> sqs.call("GetQueueUrl", Map.of("QueueName", "orders")));
    }

    @Test
    void anyHostAndABareNameLeadToTheQueue() {
        sqs.create("orders", Map.of());

        for (String url : List.of(
                "orders",
                "https://sqs.eu-west-1.amazonaws.com/000000000000/orders",
                "/1/orders",
                "http://h/1/orders/")) {
            assertThat(sqs.call("ListQueueTags", Map.of("QueueUrl", url))).isEmpty();
        }
        for (String url : List.of("http://localhost:9324", "http://localhost:9324/", "//", "http://")) {
            Refused.with(
                    SqsError.INVALID_ADDRESS,
                    "The address " + url + " is not valid for this endpoint.",
                    () -> sqs.call("ListQueueTags", Map.of("QueueUrl", url)));
        }
        Refused.with(
                SqsError.MISSING_PARAMETER,
                "The request must contain the parameter QueueUrl.",
                () -> sqs.call("ListQueueTags", Map.of()));
    }

    @Test
    void theSameAttributesAgainAreNoErrorAndOthersAre() {
        String dead = SqsBroker.ARN + "dead";
        sqs.create("dead", Map.of());
        String policy = "{\"deadLetterTargetArn\":\"" + dead + "\",\"maxReceiveCount\":3}";
        sqs.create("orders", Map.of("DelaySeconds", "5", "RedrivePolicy", policy));

        String sameOtherwise = "{ \"maxReceiveCount\" : \"3\", \"deadLetterTargetArn\" : \"" + dead + "\" }";
        assertThat(sqs.create("orders", Map.of("RedrivePolicy", sameOtherwise, "VisibilityTimeout", "30")))
                .endsWith("/orders");
        assertThat(sqs.create("orders", Map.of())).endsWith("/orders");
        Refused.with(
                SqsError.QUEUE_NAME_EXISTS,
                "A queue already exists with the same name and a different value for attribute DelaySeconds",
                () -> sqs.create("orders", Map.of("DelaySeconds", "6")));
    }

    @Test
    void namesAreChecked() {
        for (String bad : List.of("", "a b", "a.b", "x".repeat(81), "standard.fifo")) {
            Refused.with(SqsError.INVALID_PARAMETER_VALUE, NAME_RULE, () -> sqs.create(bad, Map.of()));
        }
        for (String bad : List.of("orders", ".fifo", "x".repeat(76) + ".fifo")) {
            Refused.with(SqsError.INVALID_PARAMETER_VALUE, FIFO_NAME_RULE, () -> sqs.create(bad, FIFO));
        }
        assertThat(sqs.create("x".repeat(75) + ".fifo", FIFO)).endsWith(".fifo");
        assertThat(sqs.create("x".repeat(80), Map.of())).endsWith("xx");
    }

    @Test
    void queuesWhoseNamesAreAlikeToKafkaAreTwoQueues() {
        sqs.create("orders.fifo", FIFO);
        sqs.create("orders_fifo", Map.of());

        assertThat(sqs.attributes("orders.fifo", "FifoQueue")).containsEntry("FifoQueue", "true");
        assertThat(sqs.attributes("orders_fifo", "FifoQueue")).isEmpty();
    }

    @Test
    void aNameRestsForAMinuteAfterItsQueueWasDeleted() {
        sqs.create("orders", Map.of());
        sqs.call("DeleteQueue", Map.of("QueueUrl", "orders"));

        Refused.with(
                SqsError.QUEUE_DELETED_RECENTLY,
                "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
                () -> sqs.create("orders", Map.of()));
        restartOnceRemembered();
        sqs.leap(40_000);
        sqs.create("other", Map.of());
        Refused.with(
                SqsError.QUEUE_DELETED_RECENTLY,
                "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
                () -> sqs.create("orders", Map.of()));
        sqs.leap(20_000);
        assertThat(sqs.create("orders", Map.of())).endsWith("/orders");
        await().untilAsserted(
                        () -> assertThat(sqs.broker.catalog().parameters()).isEmpty());
    }

    private void restartOnceRemembered() {
        await().untilAsserted(
                        () -> assertThat(sqs.broker.catalog().parameters()).isNotEmpty());
        sqs = sqs.restarted();
    }

    @Test
    void withoutItsDeadLetterQueueAMessageStaysWhereItIs() {
        String policy = "{\"deadLetterTargetArn\":\"" + SqsBroker.ARN + "dead\",\"maxReceiveCount\":1}";
        sqs.create("dead", Map.of());
        sqs.create("orders", Map.of("RedrivePolicy", policy, "VisibilityTimeout", "0"));
        sqs.call("DeleteQueue", Map.of("QueueUrl", "dead"));
        sqs.call("SendMessage", Map.of("QueueUrl", "orders", "MessageBody", "1"));

        for (int i = 0; i < 3; i++) {
            assertThat(sqs.call("ReceiveMessage", Map.of("QueueUrl", "orders", "WaitTimeSeconds", 5)))
                    .containsKey("Messages");
        }
        assertThat(sqs.attributes("orders", "RedrivePolicy")).containsEntry("RedrivePolicy", policy);

        sqs.leap(60_000);
        sqs.create("dead", Map.of());
        sqs.call("ReceiveMessage", Map.of("QueueUrl", "orders", "WaitTimeSeconds", 1));
        await().untilAsserted(() -> assertThat(sqs.bodies("dead")).containsExactly("1"));
        assertThat(sqs.bodies("orders")).isEmpty();
    }

    @Test
    void aRedrivePolicyIsInForceAfterAStartThatFindsItsQueue() {
        String policy = "{\"deadLetterTargetArn\":\"" + SqsBroker.ARN + "dead\",\"maxReceiveCount\":1}";
        sqs.create("dead", Map.of());
        sqs.create("orders", Map.of("RedrivePolicy", policy));
        sqs.call("DeleteQueue", Map.of("QueueUrl", "dead"));
        sqs.declare("dead");
        assertThat(sqs.queue("orders").settings().deadLetterExchange()).isNull();

        try (SqsBroker again = sqs.restarted()) {
            await().untilAsserted(
                            () -> assertThat(again.queue("orders").settings().deadLetterRoutingKey())
                                    .isEqualTo("dead"));
        }
    }

    @Test
    void aMessageThatComesBackToWhereItDiedIsNotDropped() {
        String policy = "{\"deadLetterTargetArn\":\"" + SqsBroker.ARN + "%s\",\"maxReceiveCount\":1}";
        Map<String, String> hiddenForNoTime = Map.of("VisibilityTimeout", "0");
        sqs.create("orders", hiddenForNoTime);
        sqs.create("dead", hiddenForNoTime);
        sqs.set("orders", Map.of("RedrivePolicy", policy.formatted("dead")));
        sqs.set("dead", Map.of("RedrivePolicy", policy.formatted("orders")));
        sqs.call("SendMessage", Map.of("QueueUrl", "orders", "MessageBody", "1"));

        for (String queue : List.of("orders", "dead", "orders", "dead")) {
            assertThat(sqs.call("ReceiveMessage", Map.of("QueueUrl", queue, "WaitTimeSeconds", 5)))
                    .as(queue)
                    .containsKey("Messages");
        }
    }

    @Test
    void aPurgeEmptiesAQueueOnceAMinute() {
        sqs.create("orders", Map.of());
        sqs.publish("orders", Map.of(), "1", "2");

        sqs.call("PurgeQueue", Map.of("QueueUrl", "orders"));
        assertThat(sqs.bodies("orders")).isEmpty();
        Refused.with(
                SqsError.PURGE_QUEUE_IN_PROGRESS,
                "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
                () -> sqs.call("PurgeQueue", Map.of("QueueUrl", "orders")));
        restartOnceRemembered();
        Refused.with(
                SqsError.PURGE_QUEUE_IN_PROGRESS,
                "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
                () -> sqs.call("PurgeQueue", Map.of("QueueUrl", "orders")));
        sqs.leap(60_000);
        assertThat(sqs.call("PurgeQueue", Map.of("QueueUrl", "orders"))).isEmpty();
    }

    @Test
    void listsComeInPartsByPrefix() {
        for (String name : List.of("b3", "b1", "a", "b2", "c")) {
            sqs.create(name, Map.of());
        }
        Map<String, Object> first = sqs.call("ListQueues", Map.of("QueueNamePrefix", "b", "MaxResults", 2));
        assertThat(first).containsEntry("QueueUrls", List.of(SqsBroker.URL + "b1", SqsBroker.URL + "b2"));

        Map<String, Object> last = sqs.call(
                "ListQueues", Map.of("QueueNamePrefix", "b", "MaxResults", 2, "NextToken", first.get("NextToken")));
        assertThat(last).isEqualTo(Map.of("QueueUrls", List.of(SqsBroker.URL + "b3")));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value 1001 for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if provided.",
                () -> sqs.call("ListQueues", Map.of("MaxResults", 1001)));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Invalid or expired next token.",
                () -> sqs.call("ListQueues", Map.of("MaxResults", 1, "NextToken", "!")));
    }

    @Test
    void queuesOfAmqpAreSeenAndTopicsThatNobodyDeclaredAreNot() {
        SqsBroker.await(sqs.broker
                .topology()
                .declareQueue("/", "from.amqp", true, false, false, Map.of("x-message-ttl", 90_000), new UUID(1, 1)));
        SqsBroker.await(sqs.broker.topics().create("topic", 1, Map.of(), false));

        assertThat(sqs.call("ListQueues", Map.of()))
                .isEqualTo(Map.of("QueueUrls", List.of(SqsBroker.URL + "from.amqp")));
        assertThat(sqs.attributes("from.amqp", "All"))
                .containsEntry("MessageRetentionPeriod", "90")
                .containsEntry("QueueArn", SqsBroker.ARN + "from.amqp")
                .doesNotContainKey("CreatedTimestamp");
        sqs.set("from.amqp", Map.of("VisibilityTimeout", "7"));
        assertThat(sqs.attributes("from.amqp", "VisibilityTimeout")).containsEntry("VisibilityTimeout", "7");
        assertThat(sqs.queue("from.amqp").definition().arguments()).containsEntry("x-message-ttl", 90_000);

        sqs.create("topic", Map.of());
        assertThat(sqs.attributes("topic", "QueueArn")).containsEntry("QueueArn", SqsBroker.ARN + "topic");
    }

    @Test
    void tagsArePutOnAndTakenOff() {
        sqs.call("CreateQueue", Map.of("QueueName", "orders", "tags", Map.of("team", "a")));
        sqs.call("TagQueue", Map.of("QueueUrl", "orders", "Tags", Map.of("team", "b", "stage", "")));
        assertThat(sqs.call("ListQueueTags", Map.of("QueueUrl", "orders")))
                .isEqualTo(Map.of("Tags", Map.of("team", "b", "stage", "")));

        sqs.call("UntagQueue", Map.of("QueueUrl", "orders", "TagKeys", List.of("stage", "unknown")));
        assertThat(sqs.call("ListQueueTags", Map.of("QueueUrl", "orders")))
                .isEqualTo(Map.of("Tags", Map.of("team", "b")));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Tag keys must be between 1 and 128 characters in length.",
                () -> sqs.call("TagQueue", Map.of("QueueUrl", "orders", "Tags", Map.of("", "x"))));
    }

    @Test
    void aPermissionIsAStatementOfThePolicy() {
        sqs.create("orders", Map.of());
        Map<String, Object> permission = Map.of(
                "QueueUrl",
                "orders",
                "Label",
                "send",
                "AWSAccountIds",
                List.of("111111111111", "222222222222"),
                "Actions",
                List.of("SendMessage"));
        sqs.call("AddPermission", permission);

        assertThat(sqs.attributes("orders", "Policy"))
                .containsEntry(
                        "Policy",
                        "{\"Version\":\"2008-10-17\",\"Id\":\"" + SqsBroker.ARN
                                + "orders/SQSDefaultPolicy\",\"Statement\":[{\"Sid\":\"send\",\"Effect\":\"Allow\","
                                + "\"Principal\":{\"AWS\":[\"arn:aws:iam::111111111111:root\","
                                + "\"arn:aws:iam::222222222222:root\"]},\"Action\":\"SQS:SendMessage\",\"Resource\":\""
                                + SqsBroker.ARN + "orders\"}]}");
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value send for parameter Label is invalid. Reason: Already exists.",
                () -> sqs.call("AddPermission", permission));

        sqs.call("RemovePermission", Map.of("QueueUrl", "orders", "Label", "send"));
        assertThat(sqs.attributes("orders", "Policy")).isEmpty();
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value send for parameter Label is invalid. Reason: can't find label.",
                () -> sqs.call("RemovePermission", Map.of("QueueUrl", "orders", "Label", "send")));
    }
}
