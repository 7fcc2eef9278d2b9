package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.testkit.PabalProcess;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** What is there after the broker was stopped, or killed, and started again. A broker of this test's own. */
@ExtendWith(SqsUnderTest.Resolver.class)
class RestartTest {
    private final SqsUnderTest shared;
    private PabalProcess process;
    private SqsUnderTest broker;
    private Client client;

    @TempDir
    private Path data;

    RestartTest(SqsUnderTest shared) {
        this.shared = shared;
    }

    /** The lines that all tests share, against the broker of this test. */
    private static final class Client extends SqsTest {
        Client(SqsUnderTest broker) {
            super(broker);
        }
    }

    @BeforeEach
    void start() {
        Assumptions.assumeFalse(shared.isOracle(), "restarts a broker of our own only");
        process = PabalProcess.builder(data).start();
        broker = SqsUnderTest.at(process.sqsEndpoint());
        client = new Client(broker);
    }

    @AfterEach
    void stop() {
        if (process != null) {
            broker.close();
            process.close();
        }
    }

    private void restart(boolean kill) {
        broker.close();
        if (kill) {
            process.kill();
        } else {
            process.stop();
        }
        process.restart();
        broker = SqsUnderTest.at(process.sqsEndpoint());
        client = new Client(broker);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasSentIsThereAndWhatWasDeletedIsNot(boolean kill) {
        String url = client.queue("VisibilityTimeout", "600");
        client.sendMany(url, SqsTest.numbered("m", 30));
        List<Message> deleted = client.receive(url);
        deleted.forEach(message -> client.delete(url, message));
        List<Message> inFlight = client.receive(url);
        SendMessageResponse last = client.send(url, "last");
        restart(kill);
        assertThat(client.count(url)).isEqualTo(11);
        assertThat(client.inFlight(url)).isEqualTo(10);
        inFlight.forEach(message -> client.delete(url, message));
        assertThat(client.inFlight(url)).as("receipt handles outlive a restart").isZero();
        List<Message> rest = client.receive(url);
        assertThat(SqsTest.bodies(rest))
                .containsExactlyElementsOf(
                        IntStream.range(20, 30).mapToObj(i -> "m" + i).toList());
        Message again = client.receiveOne(url);
        assertThat(again.body()).isEqualTo("last");
        assertThat(again.messageId()).isEqualTo(last.messageId());
    }

    @Test
    void whatWasInFlightComesBackAfterItsTime() {
        String url = client.queue("VisibilityTimeout", "8");
        client.send(url, "held");
        long beganNs = System.nanoTime();
        Message first = client.receiveOne(url);
        restart(true);
        List<Message> early = client.receive(url);
        assertThat(early.isEmpty() || secondsSince(beganNs) >= 8)
                .as("hidden for 8 s")
                .isTrue();
        client.set(url, "VisibilityTimeout", "600");
        Message second = early.isEmpty() ? client.receiveOne(url) : early.get(0);
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(SqsTest.receiveCount(second)).isEqualTo(2);
        for (MessageSystemAttributeName same : new MessageSystemAttributeName[] {
            MessageSystemAttributeName.SENT_TIMESTAMP, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP
        }) {
            assertThat(SqsTest.attribute(second, same)).isEqualTo(SqsTest.attribute(first, same));
        }
        try {
            client.delete(url, first);
        } finally {
            assertThat(client.inFlight(url))
                    .as("a stale handle deletes nothing")
                    .isEqualTo(1);
        }
    }

    private static double secondsSince(long beganNs) {
        return (System.nanoTime() - beganNs) / 1e9;
    }

    @Test
    void idsAreKnownAfterARestart() {
        String url = client.fifo();
        String ofGroups = client.fifo("DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId");
        String byContent = client.fifoByContent();
        SendMessageResponse first = client.send(url, "g", "id", "body");
        client.delete(url, client.receiveOne(url));
        client.send(ofGroups, "g1", "id", "one");
        client.send(byContent, "g", "content");
        restart(true);
        SendMessageResponse second = client.send(url, "g", "id", "body");
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.sequenceNumber()).isEqualTo(first.sequenceNumber());
        assertThat(client.receive(url)).isEmpty();
        client.send(ofGroups, "g1", "id", "again");
        client.send(ofGroups, "g2", "id", "two");
        assertThat(client.bodies(ofGroups)).containsExactly("one", "two");
        client.send(byContent, "g", "content");
        assertThat(client.bodies(byContent)).containsExactly("content");
    }

    @Test
    void theOrderOfGroupsAndTheirLocksOutliveAKill() {
        String url = client.fifoByContent("VisibilityTimeout", "600");
        client.sendToGroups(url, "a-1", "b-1", "a-2", "b-2", "a-3");
        Message held = client.receiveOne(url);
        assertThat(held.body()).isEqualTo("a-1");
        restart(true);
        assertThat(client.bodies(url)).containsExactly("b-1", "b-2");
        client.delete(url, held);
        assertThat(client.bodies(url)).containsExactly("a-2", "a-3");
        assertThat(new BigInteger(client.send(url, "a", "a-4").sequenceNumber()))
                .isGreaterThan(new BigInteger(SqsTest.attribute(held, MessageSystemAttributeName.SEQUENCE_NUMBER)));
    }

    @Test
    void queuesKeepAttributesTagsAndPolicies() {
        String dead = client.queue();
        String url = client.queue(
                "RedrivePolicy", SqsTest.redrive(client.arn(dead), 2), "DelaySeconds", "3", "VisibilityTimeout", "0");
        broker.client().tagQueue(request -> request.queueUrl(url).tags(Map.of("k", "v")));
        broker.client().addPermission(request -> request.queueUrl(url)
                .label("l")
                .awsAccountIds("111111111111")
                .actions("SendMessage"));
        Map<String, String> before = client.attributes(url);
        restart(false);
        assertThat(client.attributes(url)).isEqualTo(before);
        assertThat(broker.client()
                        .listQueueTags(request -> request.queueUrl(url))
                        .tags())
                .isEqualTo(Map.of("k", "v"));
        assertThat(broker.client().listQueues().queueUrls()).containsExactlyInAnyOrder(dead, url);
    }

    @Test
    void delaysGoOn() {
        String url = client.queue();
        long beganNs = System.nanoTime();
        broker.client()
                .sendMessage(
                        request -> request.queueUrl(url).messageBody("later").delaySeconds(5));
        broker.client()
                .sendMessage(request ->
                        request.queueUrl(url).messageBody("much later").delaySeconds(900));
        restart(true);
        int delayed = client.delayed(url);
        assertThat(delayed == 2 || secondsSince(beganNs) >= 4)
                .as("delayed for 5 s")
                .isTrue();
        assertThat(client.receiveOne(url).body()).isEqualTo("later");
        assertThat(client.delayed(url)).isEqualTo(1);
    }

    // ElasticMQ #618
    @Test
    void deletedDeadLettersDoNotComeBack() {
        String dead = client.queue();
        String url = client.queue("RedrivePolicy", SqsTest.redrive(client.arn(dead), 1), "VisibilityTimeout", "0");
        String id = client.send(url, "poison").messageId();
        client.send(url, "stays dead");
        client.receive(url);
        client.awaitCount(dead, 2);
        Message letter = client.receiveOne(dead);
        assertThat(letter.messageId()).isEqualTo(id);
        client.delete(dead, letter);
        // What the source does later is on disk, and with it that its dead letters have left it.
        client.send(url, "another");
        client.delete(url, client.receiveOne(url, request -> request.visibilityTimeout(600)));
        restart(true);
        assertThat(client.bodies(dead)).containsExactly("stays dead");
        assertThat(client.receive(url)).isEmpty();
    }

    @Test
    void aPurgedQueueStaysEmpty() {
        String url = client.queue();
        client.sendMany(url, SqsTest.numbered("m", 20));
        client.receive(url);
        broker.client().purgeQueue(request -> request.queueUrl(url));
        client.send(url, "after");
        restart(true);
        assertThat(client.bodies(url)).containsExactly("after");
        assertThat(client.inFlight(url)).isEqualTo(1);
    }
}
