package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.pabal.conformance.BrokerUnderTest;
import dev.pabal.testkit.PabalProcess;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Queues of several regions and accounts: the signature says which region, an access key id of 12 digits which account. */
@ExtendWith(BrokerUnderTest.Started.class)
class RealmTest extends SqsTest {
    private static final String NEIGHBOUR = "000000000002";
    private static final String EUROPE = "eu-central-1";

    private final BrokerUnderTest shared;
    private final Realm own;
    private final Realm neighbour;
    private final Realm europe;

    @TempDir
    private Path data;

    RealmTest(SqsUnderTest broker, BrokerUnderTest shared) {
        super(broker);
        this.shared = shared;
        this.own = new Realm(broker.endpoint(), SqsUnderTest.REGION, "test", SqsUnderTest.ACCOUNT);
        this.neighbour = new Realm(broker.endpoint(), SqsUnderTest.REGION, NEIGHBOUR, NEIGHBOUR);
        this.europe = new Realm(broker.endpoint(), EUROPE, "test", SqsUnderTest.ACCOUNT);
    }

    @AfterEach
    void disconnect() {
        all().forEach(Realm::close);
    }

    private Stream<Realm> all() {
        return Stream.of(own, neighbour, europe);
    }

    /** The lines that all tests share, in a region and an account. */
    private static final class Realm extends SqsTest implements AutoCloseable {
        private final String region;
        private final String account;

        Realm(String endpoint, String region, String keyId, String account) {
            super(SqsUnderTest.at(endpoint, region, keyId));
            this.region = region;
            this.account = account;
        }

        String url(String name) {
            return broker.endpoint() + "/" + account + "/" + name;
        }

        String arnOf(String name) {
            return "arn:aws:sqs:" + region + ":" + account + ":" + name;
        }

        List<String> list(String prefix) {
            return sqs.listQueues(request -> request.queueNamePrefix(prefix)).queueUrls();
        }

        String find(String name, String owner) {
            return sqs.getQueueUrl(request -> request.queueName(name).queueOwnerAWSAccountId(owner))
                    .queueUrl();
        }

        void delete(String url) {
            sqs.deleteQueue(request -> request.queueUrl(url));
        }

        @Override
        public void close() {
            broker.close();
        }
    }

    private static void missing(Runnable action) {
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", action::run);
    }

    @Test
    void eachRegionAndEachAccountHasAQueueOfTheSameName() {
        String name = unique("same");
        all().forEach(realm -> {
            String url = realm.create(name, Map.of());
            assertThat(url).isEqualTo(realm.url(name));
            realm.send(url, realm.arnOf(name));
        });
        all().forEach(realm -> {
            String url = realm.url(name);
            assertThat(realm.arn(url)).isEqualTo(realm.arnOf(name));
            assertThat(realm.list(name)).containsExactly(url);
            assertThat(realm.find(name, null)).isEqualTo(url);
            Message message = realm.receiveOne(url);
            assertThat(message.body()).isEqualTo(realm.arnOf(name));
            realm.delete(url, message);
        });
        own.delete(own.url(name));
        assertThat(own.list(name)).isEmpty();
        assertThat(neighbour.list(name)).containsExactly(neighbour.url(name));
        assertThat(europe.list(name)).containsExactly(europe.url(name));
    }

    @Test
    void aQueueOfAnotherRegionIsNotThere() {
        String name = unique("far");
        String url = europe.create(name, Map.of());
        missing(() -> own.send(url, "lost"));
        missing(() -> own.find(name, null));
        missing(() -> own.find(name, SqsUnderTest.ACCOUNT));
        missing(() -> own.attributes(url));
        missing(() -> own.delete(url));
        missing(() -> own.attributes(own.url(SqsUnderTest.ACCOUNT + "." + EUROPE + "." + name)));
        assertThat(Wire.send(HttpRequest.newBuilder(broker.uri("/" + SqsUnderTest.ACCOUNT + "/" + name
                                + "?Action=GetQueueAttributes&AttributeName.1=All")))
                        .body())
                .as("without a signature")
                .contains("NonExistentQueue");
    }

    @Test
    void aQueueOfAnotherAccountIsReachedByItsUrl() {
        String name = unique("next-door");
        String url = neighbour.create(name, Map.of());
        missing(() -> own.find(name, null));
        missing(() -> own.send(own.url(name), "lost"));
        missing(() -> own.find(name, "000000000003"));
        assertThat(own.find(name, NEIGHBOUR)).isEqualTo(url);
        own.send(url, "over the fence");
        Message message = neighbour.receiveOne(url);
        assertThat(message.body()).isEqualTo("over the fence");
        assertThat(attribute(message, MessageSystemAttributeName.SENDER_ID)).isEqualTo("test");
        own.visibility(url, message, 0);
        Message again = own.receiveOne(url);
        neighbour.delete(url, again);
        assertThat(own.arn(url)).isEqualTo(neighbour.arnOf(name));
        assertThat(own.list(name)).isEmpty();
        own.delete(url);
        assertThat(neighbour.list(name)).isEmpty();
    }

    @Test
    void deadLettersStayInTheirRealm() {
        String name = unique("dead");
        all().forEach(realm -> realm.create(name, Map.of()));
        String url = europe.queue("RedrivePolicy", redrive(europe.arnOf(name), 1), "VisibilityTimeout", "0");
        europe.send(url, "poison");
        assertThat(bodies(europe.receive(url))).containsExactly("poison");
        europe.receive(url);
        Message letter = europe.receiveOne(europe.url(name));
        assertThat(attribute(letter, MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN))
                .isEqualTo(europe.arn(url));
        europe.visibility(europe.url(name), letter, 0);
        assertThat(own.count(own.url(name)) + neighbour.count(neighbour.url(name)))
                .isZero();
        assertThat(sources(europe, name)).containsExactly(url);
        assertThat(sources(own, name)).isEmpty();

        assertRefused(
                "ResourceNotFoundException",
                () -> own.sqs.startMessageMoveTask(request -> request.sourceArn(europe.arnOf(name))));
        europe.sqs.startMessageMoveTask(request -> request.sourceArn(europe.arnOf(name)));
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(europe.sqs
                        .listMessageMoveTasks(request -> request.sourceArn(europe.arnOf(name)))
                        .results())
                .singleElement()
                .satisfies(task -> assertThat(task.status()).isEqualTo("COMPLETED")));
        assertThat(europe.receiveOne(url).body()).isEqualTo("poison");
    }

    private static List<String> sources(Realm realm, String name) {
        return realm.sqs
                .listDeadLetterSourceQueues(request -> request.queueUrl(realm.url(name)))
                .queueUrls();
    }

    @Test
    void aDeadLetterQueueOfAnotherRealmIsRefused() {
        String name = unique("elsewhere");
        all().forEach(realm -> realm.create(name, Map.of()));
        String url = own.queue();
        for (Realm other : List.of(europe, neighbour)) {
            String policy = redrive(other.arnOf(name), 3);
            SqsException refusal = assertRefused("InvalidParameterValue", () -> own.set(url, "RedrivePolicy", policy));
            assertThat(message(refusal)).startsWith("Value " + policy + " for parameter RedrivePolicy is invalid.");
            assertRefused("InvalidParameterValue", () -> own.queue("RedrivePolicy", policy));
        }
        own.set(url, "RedrivePolicy", redrive(own.arnOf(name), 3));
    }

    @Test
    void amqpClientsSeeAccountAndRegionBeforeTheName() throws Exception {
        String name = unique("shared");
        String url = europe.create(name, Map.of());
        String stored = SqsUnderTest.ACCOUNT + "." + EUROPE + "." + name;
        europe.send(url, "to AMQP");
        Connection connection = shared.connectByAmqp();
        try {
            Channel channel = connection.createChannel();
            assertThat(channel.basicGet(stored, true).getBody()).asString().isEqualTo("to AMQP");
            channel.basicPublish("", stored, null, "to SQS".getBytes(StandardCharsets.UTF_8));
        } finally {
            connection.abort();
        }
        assertThat(europe.receiveOne(url).body()).isEqualTo("to SQS");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestartKeepsThem(boolean kill) {
        try (PabalProcess process = PabalProcess.builder(data).start()) {
            String account = "111122223333";
            String name = "kept";
            try (Realm realm = new Realm(process.sqsEndpoint(), EUROPE, account, account)) {
                realm.create("dead", Map.of());
                realm.create(name, table("RedrivePolicy", redrive(realm.arnOf("dead"), 1), "VisibilityTimeout", "0"));
                realm.send(realm.url(name), "kept, too");
            }
            if (kill) {
                process.kill();
            } else {
                process.stop();
            }
            process.restart();
            try (Realm realm = new Realm(process.sqsEndpoint(), EUROPE, account, account);
                    Realm first = new Realm(process.sqsEndpoint(), SqsUnderTest.REGION, "test", SqsUnderTest.ACCOUNT)) {
                assertThat(realm.list("")).containsExactly(realm.url("dead"), realm.url(name));
                assertThat(first.list("")).isEmpty();
                assertThat(sources(realm, "dead")).containsExactly(realm.url(name));
                assertThat(realm.receiveOne(realm.url(name)).body()).isEqualTo("kept, too");
                realm.receive(realm.url(name));
                assertThat(attribute(
                                realm.receiveOne(realm.url("dead")),
                                MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN))
                        .isEqualTo(realm.arnOf(name));
            }
        }
    }
}
