package dev.pabal.sqs.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.sqs.realm.Realm;
import dev.pabal.sqs.wire.SqsError;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues of other regions and accounts than the broker's own. */
class RealmActionsTest {
    private static final Realm OWN = new Realm("us-east-1", "000000000000");
    private static final Realm EUROPE = new Realm("eu-west-1", "000000000000");
    private static final Realm NEIGHBOUR = new Realm("us-east-1", "000000000002");
    private static final List<Realm> ALL = List.of(OWN, EUROPE, NEIGHBOUR);
    private static final String HOST = "http://localhost:9324/";

    private SqsBroker sqs = new SqsBroker();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void eachRealmHasItsOwnQueueOfAName() {
        for (Realm realm : ALL) {
            assertThat(create(realm, "orders", Map.of())).isEqualTo(HOST + realm.account() + "/orders");
            send(realm, "orders", realm.toString());
        }

        for (Realm realm : ALL) {
            assertThat(attributes(realm, "orders")).containsEntry("QueueArn", realm.arn("orders"));
            assertThat(list(realm, "")).containsExactly(HOST + realm.account() + "/orders");
        }
        assertThat(sqs.bodies("orders")).containsExactly(OWN.toString());
        assertThat(sqs.bodies("000000000000.eu-west-1.orders")).containsExactly(EUROPE.toString());
        assertThat(sqs.bodies("000000000002.us-east-1.orders")).containsExactly(NEIGHBOUR.toString());

        sqs.call(EUROPE, "DeleteQueue", Map.of("QueueUrl", "orders"));
        assertThat(list(EUROPE, "")).isEmpty();
        assertThat(list(OWN, "")).hasSize(1);
        Refused.with(
                SqsError.QUEUE_DELETED_RECENTLY,
                "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
                () -> create(EUROPE, "orders", Map.of()));
        sqs.call(OWN, "DeleteQueue", Map.of("QueueUrl", "orders"));
        assertThat(list(NEIGHBOUR, "")).hasSize(1);
    }

    @Test
    void anAccountsQueueIsReachedByItsUrlAndByItsOwner() {
        String url = create(NEIGHBOUR, "orders", Map.of());

        assertThat(sqs.call(
                        OWN, "GetQueueUrl", Map.of("QueueName", "orders", "QueueOwnerAWSAccountId", "000000000002")))
                .containsEntry("QueueUrl", url);
        sqs.call(OWN, "SendMessage", Map.of("QueueUrl", url, "MessageBody", "over the fence"));
        assertThat(sqs.bodies("000000000002.us-east-1.orders")).containsExactly("over the fence");
        missing(() -> sqs.call(OWN, "GetQueueUrl", Map.of("QueueName", "orders")));
        missing(() ->
                sqs.call(OWN, "GetQueueUrl", Map.of("QueueName", "orders", "QueueOwnerAWSAccountId", "000000000003")));
        missing(() -> sqs.call(OWN, "GetQueueUrl", Map.of("QueueName", "orders", "QueueOwnerAWSAccountId", "me")));
        missing(() -> sqs.call(EUROPE, "SendMessage", Map.of("QueueUrl", url, "MessageBody", "another region")));
        sqs.call(OWN, "DeleteQueue", Map.of("QueueUrl", url));
        assertThat(list(NEIGHBOUR, "")).isEmpty();
    }

    @Test
    void theNameInTheCatalogIsNoNameInTheBrokersOwnRealm() {
        create(EUROPE, "orders", Map.of());
        String stored = "000000000000.eu-west-1.orders";

        missing(() -> sqs.call("GetQueueUrl", Map.of("QueueName", stored)));
        missing(() -> attributes(OWN, stored));
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
                () -> create(OWN, stored, Map.of()));
    }

    @Test
    void whatAmqpClientsDeclareIsTheBrokersOwnUnlessItsNameSaysAnother() {
        for (String name :
                List.of("a.b.c", "000000000000.us-east-1.mine", "12345.eu-west-1.q", "000000000002.us-east-1.theirs")) {
            sqs.declare(name);
        }

        assertThat(list(OWN, ""))
                .containsExactly(
                        HOST + "000000000000/000000000000.us-east-1.mine",
                        HOST + "000000000000/12345.eu-west-1.q",
                        HOST + "000000000000/a.b.c");
        assertThat(list(OWN, "a.")).hasSize(1);
        assertThat(list(NEIGHBOUR, "")).containsExactly(HOST + "000000000002/theirs");
        send(NEIGHBOUR, "theirs", "found");
        assertThat(sqs.bodies("000000000002.us-east-1.theirs")).containsExactly("found");
    }

    @Test
    void listsGoByPagesWithinARealm() {
        for (String name : List.of("a", "b", "c", "d.fifo", "x")) {
            create(EUROPE, name, name.endsWith(".fifo") ? Map.of("FifoQueue", "true") : Map.of());
        }
        create(OWN, "e", Map.of());

        Map<String, Object> first = sqs.call(EUROPE, "ListQueues", Map.of("MaxResults", 3));
        assertThat(first).containsEntry("QueueUrls", urls("a", "b", "c"));
        assertThat(sqs.call(EUROPE, "ListQueues", Map.of("MaxResults", 3, "NextToken", first.get("NextToken"))))
                .isEqualTo(Map.of("QueueUrls", urls("d.fifo", "x")));
        assertThat(list(EUROPE, "d")).containsExactly(HOST + "000000000000/d.fifo");
        assertThat(sqs.call(OWN, "ListQueues", Map.of("NextToken", first.get("NextToken"))))
                .as("a token of another realm")
                .isEqualTo(Map.of("QueueUrls", urls("e")));
    }

    private static List<String> urls(String... names) {
        return List.of(names).stream()
                .map(name -> HOST + "000000000000/" + name)
                .toList();
    }

    @Test
    void aDeadLetterQueueIsOfTheSameRealm() {
        for (Realm realm : ALL) {
            create(realm, "dead", Map.of());
        }
        create(EUROPE, "orders", Map.of("RedrivePolicy", redrive(EUROPE), "VisibilityTimeout", "0"));

        assertThat(sqs.call(EUROPE, "ListDeadLetterSourceQueues", Map.of("QueueUrl", "dead")))
                .containsEntry("queueUrls", List.of(HOST + "000000000000/orders"));
        assertThat(sqs.call(OWN, "ListDeadLetterSourceQueues", Map.of("QueueUrl", "dead")))
                .containsEntry("queueUrls", List.of());
        refusedRedrive(OWN, "Dead letter target does not exist.");
        refusedRedrive(new Realm("eu-west-1", "000000000009"), "Dead letter target does not exist."); // there is none
        create(new Realm("eu-west-1", "000000000009"), "dead", Map.of());
        refusedRedrive(
                new Realm("eu-west-1", "000000000009"), "Dead-letter target owner should be same as the source.");
    }

    private void refusedRedrive(Realm target, String reason) {
        Refused.with(
                SqsError.INVALID_PARAMETER_VALUE,
                "Value " + redrive(target) + " for parameter RedrivePolicy is invalid. Reason: " + reason,
                () -> sqs.call(
                        EUROPE,
                        "SetQueueAttributes",
                        Map.of("QueueUrl", "orders", "Attributes", Map.of("RedrivePolicy", redrive(target)))));
    }

    private static String redrive(Realm realm) {
        return "{\"deadLetterTargetArn\":\"" + realm.arn("dead") + "\",\"maxReceiveCount\":1}";
    }

    @Test
    void deadLettersTellTheirSourceAndGoBackToIt() {
        create(EUROPE, "dead", Map.of());
        create(OWN, "orders", Map.of());
        create(EUROPE, "orders", Map.of("RedrivePolicy", redrive(EUROPE), "VisibilityTimeout", "0"));
        send(EUROPE, "orders", "poison");
        assertThat(receive(EUROPE, "orders")).hasSize(1);

        await().untilAsserted(() -> {
            receive(EUROPE, "orders");
            assertThat(sqs.bodies("000000000000.eu-west-1.dead")).containsExactly("poison");
        });
        sqs = sqs.restarted();
        Map<String, Object> letter = receive(EUROPE, "dead").get(0);
        assertThat(letter)
                .extractingByKey("Attributes", InstanceOfAssertFactories.map(String.class, String.class))
                .containsEntry("DeadLetterQueueSourceArn", EUROPE.arn("orders"));

        String source = EUROPE.arn("dead");
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "The resource that you specified for the SourceArn parameter doesn't exist.",
                () -> sqs.call(OWN, "StartMessageMoveTask", Map.of("SourceArn", source)));
        Refused.with(
                SqsError.RESOURCE_NOT_FOUND,
                "The resource that you specified for the DestinationArn parameter doesn't exist.",
                () -> sqs.call(
                        EUROPE,
                        "StartMessageMoveTask",
                        Map.of("SourceArn", source, "DestinationArn", OWN.arn("orders"))));
        sqs.leap(31_000);
        await().untilAsserted(() ->
                assertThat(sqs.bodies("000000000000.eu-west-1.dead")).containsExactly("poison"));
        sqs.call(EUROPE, "StartMessageMoveTask", Map.of("SourceArn", source));
        await().untilAsserted(() ->
                assertThat(sqs.bodies("000000000000.eu-west-1.orders")).containsExactly("poison"));
        assertThat(sqs.bodies("orders")).isEmpty();
        assertThat(sqs.call(EUROPE, "ListMessageMoveTasks", Map.of("SourceArn", source)))
                .containsKey("Results");
    }

    @Test
    void permissionsNameThePartition() {
        Realm china = new Realm("cn-north-1", "000000000002");
        create(china, "q", Map.of());
        sqs.call(
                china,
                "AddPermission",
                Map.of(
                        "QueueUrl",
                        "q",
                        "Label",
                        "l",
                        "AWSAccountIds",
                        List.of("123456789012"),
                        "Actions",
                        List.of("*")));

        assertThat(attributes(china, "q").get("Policy"))
                .contains(
                        "arn:aws-cn:sqs:cn-north-1:000000000002:q/SQSDefaultPolicy",
                        "arn:aws-cn:iam::123456789012:root");
    }

    private String create(Realm realm, String name, Map<String, String> attributes) {
        return (String) sqs.call(realm, "CreateQueue", Map.of("QueueName", name, "Attributes", attributes))
                .get("QueueUrl");
    }

    private void send(Realm realm, String name, String body) {
        sqs.call(realm, "SendMessage", Map.of("QueueUrl", name, "MessageBody", body));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> receive(Realm realm, String name) {
        return (List<Map<String, Object>>)
                sqs.call(realm, "ReceiveMessage", Map.of("QueueUrl", name, "AttributeNames", List.of("All")))
                        .getOrDefault("Messages", List.of());
    }

    @SuppressWarnings("unchecked")
    private Map<String, String> attributes(Realm realm, String name) {
        return (Map<String, String>)
                sqs.call(realm, "GetQueueAttributes", Map.of("QueueUrl", name, "AttributeNames", List.of("All")))
                        .get("Attributes");
    }

    @SuppressWarnings("unchecked")
    private List<String> list(Realm realm, String prefix) {
        return (List<String>)
                sqs.call(realm, "ListQueues", Map.of("QueueNamePrefix", prefix)).getOrDefault("QueueUrls", List.of());
    }

    private static void missing(ThrowingCallable call) {
        Refused.with(SqsError.QUEUE_DOES_NOT_EXIST, "The specified queue does not exist.", call);
    }
}
