package dev.pabal.sqs.http;

import static dev.pabal.sqs.action.ActionsForTests.action;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pabal.broker.BrokerException;
import dev.pabal.broker.Refusal;
import dev.pabal.sqs.SqsLimits;
import dev.pabal.sqs.action.ActionsForTests;
import dev.pabal.sqs.action.Call;
import dev.pabal.sqs.action.Reply;
import dev.pabal.sqs.wire.ReplyWriter;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SqsListenerTest {
    private static final BlockingQueue<CompletableFuture<Reply>> HELD = new LinkedBlockingQueue<>();
    private static final BlockingQueue<Call> CALLS = new LinkedBlockingQueue<>();
    private static final AtomicInteger GONE = new AtomicInteger();
    private static final AtomicInteger CLOSED = new AtomicInteger();

    private static RunningListener listener;

    @BeforeAll
    static void start() {
        SqsLimits limits = new SqsLimits(64 << 10, 4 << 10, 1 << 20, 1_000, 60_000, 60_000);
        listener = new RunningListener(
                ActionsForTests.of(
                        action(
                                "Echo",
                                call -> CompletableFuture.completedFuture(out ->
                                        out.text("Text", call.parameters().required("Text")))),
                        action("Show", call -> {
                            CALLS.add(call);
                            return CompletableFuture.completedFuture(Reply.EMPTY);
                        }),
                        action("Hold", call -> {
                            CompletableFuture<Reply> reply = new CompletableFuture<>();
                            call.connection().onGone(GONE::incrementAndGet);
                            HELD.add(reply);
                            return reply;
                        }),
                        action(
                                "Large",
                                call -> CompletableFuture.completedFuture(out -> out.text(
                                        "Text", "x".repeat(call.parameters().integer("Size"))))),
                        action("CreateQueue", call -> CompletableFuture.completedFuture(Reply.EMPTY)),
                        action(
                                "Refuse",
                                call -> CompletableFuture.failedFuture(
                                        new SqsException(SqsError.OVER_LIMIT, "too many"))),
                        action(
                                "Absent",
                                call -> CompletableFuture.failedFuture(
                                        new BrokerException(Refusal.NOT_FOUND, "no queue 'q'"))),
                        action("Disk", call -> {
                            throw new BrokerException(Refusal.STORAGE, "the disk is full");
                        }),
                        action("Fail", call -> {
                            throw new IllegalStateException("a test of what nobody expects");
                        }),
                        action(
                                "FailLate",
                                call -> CompletableFuture.completedFuture(new Reply() {
                                    @Override
                                    public void write(ReplyWriter out) {
                                        out.text("Half", "written");
                                        throw new IllegalStateException("a test of what nobody expects");
                                    }

                                    @Override
                                    public void close() {
                                        CLOSED.incrementAndGet();
                                    }
                                }))),
                limits);
    }

    @AfterAll
    static void stop() {
        listener.close();
    }

    @AfterEach
    void nothingIsKept() {
        await().untilAsserted(() -> assertThat(listener.memoryInUse()).isZero());
    }

    @Test
    void answersInJson() {
        try (RawClient client = listener.connect()) {
            String response =
                    client.json("Echo", "{\"Text\":\"\\u00e9\\n\\\"\"}").response();
            assertThat(response)
                    .startsWith("HTTP/1.1 200 OK\r\nx-amzn-RequestId: ")
                    .endsWith("\r\n\r\n{\"Text\":\"é\\n\\\"\"}");
            assertThat(response).contains("\r\nContent-Type: application/x-amz-json-1.0\r\n", " GMT\r\n");
            assertThat(client.json("Show", "").response()).contains("Content-Length: 0\r\n");
            assertThat(CALLS.remove().queueUrl()).isEmpty();
        }
    }

    @Test
    void answersQueriesInXml() {
        try (RawClient client = listener.connect()) {
            client.send("POST /000000000000/q?Version=2012-11-05 HTTP/1.1\r\nHost: here.example:99\r\nContent-Type:"
                    + " application/x-www-form-urlencoded\r\nContent-Length: 18\r\n\r\nAction=Show&a=b%20");
            assertThat(client.response())
                    .contains("Content-Type: text/xml\r\n", "<ShowResponse xmlns=", "<ResponseMetadata><RequestId>");
            Call call = CALLS.remove();
            assertThat(call.queueUrl()).isEqualTo("/000000000000/q");
            assertThat(call.baseUrl()).isEqualTo("http://here.example:99");
            assertThat(call.caller().accessKeyId()).isEqualTo("unsigned");
            assertThat(call.parameters().text("a")).isEqualTo("b ");
            assertThat(call.parameters().text("Version")).isEqualTo("2012-11-05");
            client.send("GET /?Action=Echo&Text=%3Cx%3E HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.response()).contains("<EchoResult><Text>&lt;x&gt;</Text></EchoResult>");
        }
    }

    @Test
    void errorsAreToldInTheRequestsForm() {
        try (RawClient client = listener.connect()) {
            assertThat(client.json("Refuse", "{}").response())
                    .startsWith("HTTP/1.1 403 Forbidden\r\n")
                    .contains("\r\nx-amzn-query-error: OverLimit;Sender\r\n")
                    .endsWith("{\"__type\":\"com.amazonaws.sqs#OverLimit\",\"message\":\"too many\"}");
            assertThat(client.json("Absent", "{}").response())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nx-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\r\n")
                    .endsWith("#QueueDoesNotExist\",\"message\":\"The specified queue does not exist.\"}");
            assertThat(client.send("GET /?Action=Absent HTTP/1.1\r\nHost: h\r\n\r\n")
                            .response())
                    .contains(
                            "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>",
                            "does not exist for this wsdl version.");
            assertThat(client.json("Disk", "{}").response())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("ServiceUnavailable;Receiver", "the disk is full");
            assertThat(client.json("Fail", "{}").response())
                    .startsWith("HTTP/1.1 500 ")
                    .contains("#InternalFailure")
                    .doesNotContain("nobody expects");
            int closed = CLOSED.get();
            assertThat(client.json("FailLate", "{}").response())
                    .startsWith("HTTP/1.1 500 ")
                    .doesNotContain("Half");
            assertThat(CLOSED).hasValue(closed + 1);
            assertThat(client.json("Echo", "{}").response()).contains("MissingParameter;Sender");
            assertThat(client.json("Echo", "{\"Text\":1}").response()).contains("SerializationException;Sender");
        }
    }

    @Test
    void unknownActions() {
        try (RawClient client = listener.connect()) {
            assertThat(client.json("Nothing", "{}").response())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("UnknownOperationException", "The action Nothing is not valid for this endpoint.");
            client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: DynamoDB.Echo\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.response()).contains("UnknownOperationException;Sender");
            assertThat(client.send("GET /?Action=Nothing HTTP/1.1\r\nHost: h\r\n\r\n")
                            .response())
                    .contains("<Code>InvalidAction</Code>", "The action Nothing is not valid for this endpoint.");
            assertThat(client.send("GET /1/q?Action=CreateQueue HTTP/1.1\r\nHost: h\r\n\r\n")
                            .response())
                    .contains("<Code>InvalidAction</Code>");
            assertThat(client.send("GET /?Action=CreateQueue HTTP/1.1\r\nHost: h\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 200 ");
            assertThat(client.send("GET /1/q HTTP/1.1\r\nHost: h\r\n\r\n").response())
                    .startsWith("HTTP/1.1 404 ")
                    .contains("<UnknownOperationException/>");
            assertThat(client.send("DELETE /1/q HTTP/1.1\r\nHost: h\r\n\r\n").response())
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: GET, POST\r\n");
            assertThat(client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").response())
                    .contains("Content-Length: 0\r\n");
        }
    }

    @Test
    void requestsSentAtOnceAreAnsweredInOrder() throws Exception {
        try (RawClient client = listener.connect()) {
            client.json("Hold", "{}")
                    .json("Echo", "{\"Text\":\"2\"}")
                    .json("Hold", "{}")
                    .json("Echo", "{\"Text\":\"4\"}");
            HELD.take().complete(out -> out.text("Text", "1"));
            assertThat(client.response()).endsWith("{\"Text\":\"1\"}");
            assertThat(client.response()).endsWith("{\"Text\":\"2\"}");
            HELD.take().complete(out -> out.text("Text", "3"));
            assertThat(client.response()).endsWith("{\"Text\":\"3\"}");
            assertThat(client.response()).endsWith("{\"Text\":\"4\"}");
        }
    }

    @Test
    void manyRequestsSentAtOnceWaitWithoutBeingLost() throws Exception {
        try (RawClient client = listener.connect()) {
            int requests = 500;
            client.json("Hold", "{}");
            Thread sender = new Thread(() -> {
                for (int i = 0; i < requests; i++) {
                    client.json("Echo", "{\"Text\":\"" + i + "x".repeat(2_000) + "\"}");
                }
            });
            sender.start();
            HELD.take().complete(Reply.EMPTY);
            assertThat(client.response()).contains("Content-Length: 0");
            for (int i = 0; i < requests; i++) {
                assertThat(client.response()).contains("{\"Text\":\"" + i + "x");
            }
            sender.join();
        }
    }

    @Test
    void whoHasGoneWaitsForNothing() throws Exception {
        int gone = GONE.get();
        CompletableFuture<Reply> held;
        try (RawClient client = listener.connect()) {
            client.json("Hold", "{}");
            held = HELD.take();
        }
        await().untilAsserted(() -> assertThat(GONE).hasValue(gone + 1));
        int closed = CLOSED.get();
        held.complete(new Reply() {
            @Override
            public void write(ReplyWriter out) {
                throw new AssertionError("there is nobody to write to");
            }

            @Override
            public void close() {
                CLOSED.incrementAndGet();
            }
        });
        await().untilAsserted(() -> assertThat(CLOSED).hasValue(closed + 1));
    }

    @Test
    void anActionThatGoesOnElsewhereHearsOfItToo() throws Exception {
        int gone = GONE.get();
        try (RawClient client = listener.connect()) {
            client.json("Show", "");
            client.json("Hold", "{}");
            HELD.take();
            CALLS.take().connection().onGone(() -> GONE.addAndGet(10));
        }
        await().untilAsserted(() -> assertThat(GONE).hasValue(gone + 10));
        CALLS.clear();
    }

    @Test
    void errorsQuoteNoMoreThanAPersonReads() {
        try (RawClient client = listener.connect()) {
            String quoted = "x".repeat(60_000);
            String response = client.json("Nothing" + "\\".repeat(3_000), "").response();
            assertThat(response).contains("The action Nothing").hasSizeLessThan(5_000);
            assertThat(new SqsException(SqsError.OVER_LIMIT, quoted)).hasMessageEndingWith("xx...");
        }
    }

    @Test
    void whoWasAnsweredIsNotGone() throws Exception {
        int gone = GONE.get();
        try (RawClient client = listener.connect()) {
            client.json("Hold", "{}");
            HELD.take().complete(Reply.EMPTY);
            client.response();
        }
        try (RawClient other = listener.connect()) {
            other.json("Hold", "{}");
            HELD.take();
        }
        await().untilAsserted(() -> assertThat(GONE).hasValue(gone + 1));
    }

    @Test
    void bodiesInChunksAndInPieces() {
        try (RawClient client = listener.connect()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.Echo\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "8\r\n{\"Text\":\r\n5\r\n\"abc\"\r\n1\r\n}\r\n0\r\n\r\n");
            assertThat(client.response()).endsWith("{\"Text\":\"abc\"}");
            String body = "{\"Text\":\"" + "x".repeat(50_000) + "\"}";
            client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.Echo\r\nContent-Length: " + body.length()
                    + "\r\n\r\n");
            for (int at = 0; at < body.length(); at += 10_000) {
                client.send(body.substring(at, Math.min(body.length(), at + 10_000)));
            }
            assertThat(client.response()).endsWith(body);
        }
    }

    @Test
    void whoAsksBeforeTheBodyIsTold() {
        try (RawClient client = listener.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.Echo\r\nContent-Length: 12\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            assertThat(client.response()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("{\"Text\":\"a\"}").response()).endsWith("{\"Text\":\"a\"}");
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 413 ");
            assertThat(client.ended()).isTrue();
        }
        try (RawClient client = listener.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: the-unexpected\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 417 ");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void connectionsEndAsTheClientSays() {
        try (RawClient client = listener.connect()) {
            client.send("GET /?Action=Echo&Text=a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.response()).contains("\r\nConnection: close\r\n");
            assertThat(client.ended()).isTrue();
        }
        try (RawClient client = listener.connect()) {
            client.send("GET /?Action=Echo&Text=a HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200 ");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void requestsThatAreNone() {
        refused("400", "nonsense\r\n\r\n");
        refused(
                "400",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        refused("400", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc");
        refused("501", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
        refused("501", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        refused("400", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -3\r\n\r\n");
        refused("400", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n");
        refused("400", "POST / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n");
        refused("400", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        refused(
                "400",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;" + "x".repeat(5_000) + "\r\n");
        refused("505", "POST / HTTP/2.0\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        refused("505", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        refused("414", "GET /?Action=" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        refused("431", "GET / HTTP/1.1\r\nHost: h\r\nA: " + "x".repeat(5_000) + "\r\n\r\n");
        refused("431", "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(2_000) + "\r\n");
        refused("413", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n");
        refused("413", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");
        refused(
                "413",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" + "x".repeat(70_000)
                        + "\r\n");
    }

    private static void refused(String status, String request) {
        try (RawClient client = listener.connect()) {
            assertThat(client.send(request).response()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(client.ended()).as(request).isTrue();
        }
    }

    @Test
    void aHostThatIsNoneIsRefused() {
        try (RawClient client = listener.connect()) {
            assertThat(client.send("GET /?Action=Show HTTP/1.1\r\n\r\n").response())
                    .contains("<Code>InvalidParameterValue");
            assertThat(client.send("GET /?Action=Show HTTP/1.1\r\nHost: a b\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 400 ");
            assertThat(client.send("GET /?Action=Show HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 400 ");
            assertThat(client.send("GET /?Action=Show HTTP/1.1\r\nHost: <x>\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 400 ");
            assertThat(CALLS).isEmpty();
        }
    }

    @Test
    void aReplyThatIsReadSlowlyIsWhole() {
        try (RawClient client = listener.connect()) {
            int size = 16 << 20;
            assertThat(client.json("Large", "{\"Size\":" + size + "}").response())
                    .hasSizeGreaterThan(size);
            assertThat(client.json("Echo", "{\"Text\":\"after\"}").response()).endsWith("{\"Text\":\"after\"}");
        }
    }

    @Test
    void memoryIsBoundedForAllTogether() {
        RawClient[] clients = new RawClient[20];
        try {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = listener.connect();
                clients[i]
                        .send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65000\r\n\r\n")
                        .send("x".repeat(64_000));
            }
            await().untilAsserted(() -> assertThat(listener.memoryInUse()).isGreaterThan(800_000));
            assertThat(listener.memoryInUse()).isLessThanOrEqualTo((1 << 20) + 64_000);
            // Which of them came too late is not said: the loop reads them in an order of its own.
            RawClient refused = await().until(
                            () -> Stream.of(clients)
                                    .filter(RawClient::isAnswered)
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(refused.response()).startsWith("HTTP/1.1 503 ");
            try (RawClient small = listener.connect()) {
                assertThat(small.json("Echo", "{\"Text\":\"a\"}").response())
                        .as("a small request while many large ones are slow")
                        .startsWith("HTTP/1.1 200 ");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void slowAndSilentClientsAreGivenUp() {
        SqsLimits limits = new SqsLimits(64 << 10, 4 << 10, 1 << 20, 2, 400, 200);
        try (RunningListener hasty = new RunningListener(ActionsForTests.of(), limits)) {
            try (RawClient silent = hasty.connect()) {
                assertThat(silent.ended()).isTrue();
            }
            try (RawClient slow = hasty.connect()) {
                slow.send("POST / HTTP/1.1\r\nHo");
                assertThat(slow.ended()).isTrue();
            }
            try (RawClient slow = hasty.connect()) {
                slow.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
                assertThat(slow.ended()).isTrue();
            }
            await().untilAsserted(() -> assertThat(hasty.memoryInUse()).isZero());
        }
    }

    @Test
    void garbageHarmsNobodyElse() {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        String good =
                "POST /1/q?a=b HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.Echo\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "d\r\n{\"Text\":\"abc\"}\r\n0\r\n\r\n";
        try (RawClient other = listener.connect()) {
            for (int round = 0; round < 300; round++) {
                byte[] bytes = good.getBytes(StandardCharsets.US_ASCII);
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                try (RawClient client = listener.connect()) {
                    client.send(bytes);
                    assertThat(other.json("Echo", "{\"Text\":\"" + round + "\"}")
                                    .response())
                            .as("seed %d", seed)
                            .endsWith("{\"Text\":\"" + round + "\"}");
                }
            }
        }
    }

    @Test
    void oneConnectionTooManyIsRefused() {
        SqsLimits limits = new SqsLimits(64 << 10, 4 << 10, 1 << 20, 2, 60_000, 60_000);
        try (RunningListener small = new RunningListener(ActionsForTests.of(), limits);
                RawClient one = small.connect();
                RawClient two = small.connect();
                RawClient three = small.connect()) {
            assertThat(three.ended()).isTrue();
            assertThat(one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").response()).startsWith("HTTP/1.1 404 ");
            assertThat(two.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").response()).startsWith("HTTP/1.1 404 ");
        }
    }
}
