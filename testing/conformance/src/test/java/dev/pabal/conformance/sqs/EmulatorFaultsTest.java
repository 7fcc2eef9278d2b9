package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * What other servers of this protocol get or got wrong, each named after what must hold; the issue is in the comment. What needs a broker of
 * its own, such as a restart, is in {@link RestartTest}.
 */
class EmulatorFaultsTest extends SqsTest {
    private final Wire wire;

    EmulatorFaultsTest(SqsUnderTest broker) {
        super(broker);
        this.wire = new Wire(broker);
    }

    // ElasticMQ #354
    @Test
    void aDuplicateIsKnownEvenWhenTheFirstHasBeenDeleted() {
        String url = fifo();
        SendMessageResponse first = send(url, "g", "id", "body");
        delete(url, receiveOne(url));
        assertThat(send(url, "g", "id", "body").messageId()).isEqualTo(first.messageId());
        assertThat(receive(url)).isEmpty();
    }

    // ElasticMQ #646
    @Test
    void aBacklogOfManyGroupsDoesNotSlowReceivesDown() {
        String url = fifoByContent();
        for (int from = 0; from < 4_000; from += 10) {
            sqs.sendMessageBatch(SendMessageBatchRequest.builder()
                    .queueUrl(url)
                    .entries(tenGroups(from))
                    .build());
        }
        long began = System.nanoTime();
        int received = 0;
        while (received < 500) {
            List<Message> messages = receive(url);
            deleteAll(url, messages);
            received += messages.size();
        }
        // A disk that takes half a second for each of the hundred requests is no reason to fail.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(100));
    }

    private void deleteAll(String url, List<Message> messages) {
        if (!messages.isEmpty()) {
            assertThat(deleteBatch(url, messages).failed()).isEmpty();
        }
    }

    private static List<SendMessageBatchRequestEntry> tenGroups(int from) {
        return IntStream.range(from, from + 10)
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id("" + i)
                        .messageBody("m" + i)
                        .messageGroupId("g" + i % 500)
                        .build())
                .toList();
    }

    // ElasticMQ #947
    @Test
    void theDigestOfAttributesIsRightForCustomTypesInJson() {
        String url = queue();
        SendMessageResponse sent = sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("x")
                .messageAttributes(Map.of(
                        "a", MessageAttributes.text("Number.java.lang.Long", "7"),
                        "b", MessageAttributes.binary("Binary.gif", (byte) 1))));
        assertThat(receiveOne(url).md5OfMessageAttributes()).isEqualTo(sent.md5OfMessageAttributes());
    }

    // ElasticMQ #1188, ministack #37
    @Test
    void everyJsonErrorNamesTheCodeOfTheOlderProtocol() {
        HttpResponse<String> response =
                wire.json("AmazonSQS.GetQueueUrl", "{\"QueueName\":\"" + unique("nowhere") + "\"}");
        assertThat(response.headers().firstValue("x-amzn-query-error"))
                .hasValue("AWS.SimpleQueueService.NonExistentQueue;Sender");
        assertThat(refused(() -> sqs.getQueueUrl(request -> request.queueName(unique("nowhere")))))
                .isInstanceOf(QueueDoesNotExistException.class);
    }

    // ElasticMQ #469, #738
    @Test
    void everyMessageIsReceivedOnceByManyReceivers() throws Exception {
        String url = queue("VisibilityTimeout", "600");
        int count = 400;
        ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                receivers.add(CompletableFuture.runAsync(
                        () -> {
                            while (received.size() < count) {
                                received.addAll(drain(url, 1));
                            }
                        },
                        threads));
            }
            sendMany(url, numbered("m", count));
            for (CompletableFuture<Void> receiver : receivers) {
                receiver.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(numbered("m", count));
    }

    // LocalStack #12457
    @Test
    void aHeadThatStaysHiddenLongerHoldsBackTheRestOfItsGroup() {
        String url = fifoByContent("VisibilityTimeout", "60");
        sendToGroups(url, "g-1", "g-2", "g-3");
        List<Message> three = receive(url);
        visibility(url, three.get(1), 1);
        visibility(url, three.get(2), 1);
        awaitCount(url, 2);
        assertThat(receive(url)).as("the head is still hidden").isEmpty();
        visibility(url, three.get(0), 1);
        assertThat(bodies(receive(url, request -> request.waitTimeSeconds(20)))).containsExactly("g-1", "g-2", "g-3");
    }

    // LocalStack #12457: up to the message that is still hidden
    @Test
    void whatIsBeforeAHiddenMessageOfItsGroupIsReceivedAndWhatIsBehindIsNot() {
        String url = fifoByContent();
        sendToGroups(url, "g-1", "g-2", "g-3", "g-4");
        List<Message> three = receive(url, request -> request.maxNumberOfMessages(3));
        visibility(url, three.get(2), 0);
        visibility(url, three.get(0), 0);
        assertThat(bodies(url)).containsExactly("g-1");
    }

    // LocalStack #6762, #8724
    @Test
    void whatIsSentToALockedGroupWaitsBehindIt() {
        String url = fifoByContent();
        sendToGroups(url, "g-1");
        Message first = receiveOne(url);
        sendToGroups(url, "g-2", "g-3");
        assertThat(receive(url)).isEmpty();
        delete(url, first);
        assertThat(bodies(url)).containsExactly("g-2", "g-3");
    }

    // LocalStack #6766
    @Test
    void receiversSideBySideNeverShareAGroup() throws Exception {
        String url = fifoByContent();
        for (int i = 0; i < 30; i++) {
            send(url, "g" + i % 3, "g" + i % 3 + "-" + i);
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<CompletableFuture<List<Message>>> receives = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                receives.add(CompletableFuture.supplyAsync(
                        () -> receive(url, request -> request.maxNumberOfMessages(4)), threads));
            }
            Set<String> taken = new HashSet<>();
            int all = 0;
            for (CompletableFuture<List<Message>> receive : receives) {
                Set<String> groups = new HashSet<>();
                bodies(receive.get(60, TimeUnit.SECONDS)).forEach(body -> groups.add(body.substring(0, 2)));
                taken.addAll(groups);
                all += groups.size();
            }
            assertThat(taken).hasSize(all).hasSize(3);
        } finally {
            threads.shutdownNow();
        }
    }

    // LocalStack #4287, #10098
    @Test
    void messagesThatComeBackComeInTheOrderInWhichTheyWereSent() {
        String url = fifoByContent();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add("g-" + i);
        }
        sendToGroups(url, all.toArray(String[]::new));
        for (int round = 0; round < 3; round++) {
            List<Message> messages = receive(url);
            assertThat(bodies(messages)).containsExactlyElementsOf(all);
            for (int i = messages.size() - 1; i >= 0; i--) {
                visibility(url, messages.get(i), 0);
            }
        }
    }

    // LocalStack #3615, #10460, #10274, #10324; floci #901
    @Test
    void idsAreOfTheQueueOrOfTheGroupAsTheQueueSays() {
        String ofQueue = fifo();
        String ofGroup = fifo("DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId");
        for (String url : List.of(ofQueue, ofGroup)) {
            send(url, "g1", "id", "one");
            send(url, "g2", "id", "two");
            send(url, "g1", "id", "three");
        }
        assertThat(bodies(ofQueue)).containsExactly("one");
        assertThat(bodies(ofGroup)).containsExactly("one", "two");
        set(ofGroup, "DeduplicationScope", "queue", "FifoThroughputLimit", "perQueue");
        assertThat(attributes(ofGroup)).containsEntry("DeduplicationScope", "queue");
    }

    // LocalStack #5690
    @Test
    void thirtyReceiversOnThousandsOfMessagesAreAnsweredQuickly() throws Exception {
        String url = queue("VisibilityTimeout", "600");
        sendMany(url, numbered("m", 3_000));
        AtomicInteger received = new AtomicInteger();
        ConcurrentLinkedQueue<Duration> slow = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(30);
        try {
            List<CompletableFuture<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                receivers.add(CompletableFuture.runAsync(
                        () -> {
                            while (received.get() < 3_000) {
                                long began = System.nanoTime();
                                received.addAndGet(receive(url).size());
                                Duration took = Duration.ofNanos(System.nanoTime() - began);
                                if (took.toSeconds() >= 20) {
                                    slow.add(took);
                                }
                            }
                        },
                        threads));
            }
            for (CompletableFuture<Void> receiver : receivers) {
                receiver.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(received).hasValue(3_000);
        assertThat(slow).isEmpty();
    }

    // LocalStack #2976, moto #918
    @Test
    void digestsAreComputedFromWhatWasSent() {
        String url = queue();
        assertThat(send(url, "foobar").md5OfMessageBody()).isEqualTo("3858f62230ac3c915f300c664312c63f");
        assertThat(send(url, "\u00fc").md5OfMessageBody()).isEqualTo("c03410a5204b21cd8229ff754688d743");
        assertThat(receive(url)).extracting(Message::md5OfBody).doesNotHaveDuplicates();
    }

    // moto #3346, #4599
    @Test
    void onlyTheAttributesAskedForAreReturned() {
        String url = queue("VisibilityTimeout", "0");
        sqs.sendMessage(request -> request.queueUrl(url)
                .messageBody("x")
                .messageAttributes(Map.of("one", MessageAttributes.string("1"), "two", MessageAttributes.string("2"))));
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url)
                                .messageAttributeNames("two")
                                .waitTimeSeconds(20))
                        .messages()
                        .get(0)
                        .messageAttributes())
                .containsOnlyKeys("two");
        assertThat(sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(20))
                        .messages()
                        .get(0)
                        .hasMessageAttributes())
                .isFalse();
    }

    // floci #168
    @Test
    void theVisibilityTimeoutOfTheQueueHolds() {
        String url = queue("VisibilityTimeout", "1");
        send(url, "back soon");
        long beganNs = System.nanoTime();
        receiveOne(url);
        assertThat(receiveOne(url).body()).isEqualTo("back soon");
        assertHiddenFor(1, beganNs);
        set(url, "VisibilityTimeout", "600");
        receiveOne(url);
        assertThat(receive(url, request -> request.waitTimeSeconds(2))).isEmpty();
    }

    // fakecloud #2237
    @Test
    void aStaleReceiptNeverDeletesWhatWasReceivedAgain() {
        for (String url : List.of(queue(), fifoByContent())) {
            sqs.sendMessage(request -> {
                request.queueUrl(url).messageBody("redelivered");
                if (url.endsWith(".fifo")) {
                    request.messageGroupId("g");
                }
            });
            Message stale = receiveOne(url);
            visibility(url, stale, 0);
            Message current = receiveOne(url);
            try {
                delete(url, stale);
            } catch (SqsException refused) {
                assertThat(refused.statusCode()).isEqualTo(400);
            }
            assertThat(inFlight(url)).isEqualTo(1);
            visibility(url, current, 0);
            assertThat(bodies(url)).containsExactly("redelivered");
        }
    }

    // fakecloud: a visibility timeout out of range broke the server
    @Test
    void numbersOutOfRangeBreakNothing() {
        String url = queue();
        for (String number : List.of("-1", "43201", "2147483648", "99999999999999999999", "1.5", "\"30\"", "true")) {
            HttpResponse<String> response = wire.json(
                    "AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"" + url + "\",\"VisibilityTimeout\":" + number + "}");
            assertThat(response.statusCode()).as(number).isIn(400, 200);
        }
        assertThat(wire.json(
                                "AmazonSQS.ReceiveMessage",
                                "{\"QueueUrl\":\"" + url + "\",\"VisibilityTimeout\":99999999999}")
                        .statusCode())
                .isEqualTo(400);
    }

    // gopherstack #1670
    @Test
    void bothWireProtocolsAreSpokenOfTheSameQueues() {
        String url = queue();
        assertThat(wire.post("Action", "SendMessage", "QueueUrl", url, "MessageBody", "by Query")
                        .statusCode())
                .isEqualTo(200);
        assertThat(receiveOne(url).body()).isEqualTo("by Query");
        send(url, "by JSON");
        assertThat(wire.post("Action", "ReceiveMessage", "QueueUrl", url).body())
                .contains("<Body>by JSON</Body>");
    }

    // floci #903
    @Test
    void theTraceHeaderIsKept() {
        String url = queue();
        wire.json(
                "AmazonSQS.SendMessage",
                "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"x\",\"MessageSystemAttributes\":{\"AWSTraceHeader\":"
                        + "{\"DataType\":\"String\",\"StringValue\":\"Root=1-abc-def\"}}}");
        assertThat(receiveOne(url).attributesAsStrings()).containsEntry("AWSTraceHeader", "Root=1-abc-def");
    }

    // smoothmq #37: no FIFO queues, and none could be deleted
    @Test
    void aFifoQueueOfHighThroughputKeepsTheOrderOfItsGroupsAndCanBeDeleted() {
        String url = fifo("DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId");
        for (int i = 0; i < 6; i++) {
            send(url, "g" + i % 2, "id" + i, "m" + i);
        }
        assertThat(bodies(url)).containsExactly("m0", "m2", "m4", "m1", "m3", "m5");
        sqs.deleteQueue(request -> request.queueUrl(url));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> receive(url));
    }

    // GoAWS, fake-sqs
    @Test
    void aDeadLetterTellsWhereItComesFromAndStartsAnewWhenMovedBack() {
        String dead = queue();
        String url = queue("RedrivePolicy", redrive(arn(dead), 1), "VisibilityTimeout", "0");
        String id = send(url, "poison").messageId();
        receiveOne(url);
        Message letter = receiveOne(dead);
        assertThat(letter.messageId()).isEqualTo(id);
        assertThat(letter.attributesAsStrings()).containsEntry("DeadLetterQueueSourceArn", arn(url));
        visibility(dead, letter, 0);
        set(url, "VisibilityTimeout", "30");
        sqs.startMessageMoveTask(request -> request.sourceArn(arn(dead)));
        Message back = receiveOne(url);
        assertThat(back.messageId()).isEqualTo(id);
        assertThat(receiveCount(back)).isEqualTo(1);
    }
}
