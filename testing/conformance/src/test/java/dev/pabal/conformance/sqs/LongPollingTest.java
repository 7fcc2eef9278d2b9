package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Receives that wait for messages. */
class LongPollingTest extends SqsTest {
    private static final int WAITERS = 50;
    /** Less than a wait of 20 s, and more than any machine takes otherwise. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    LongPollingTest(SqsUnderTest broker) {
        super(broker);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private CompletableFuture<List<Message>> waiting(String url, int seconds) {
        return CompletableFuture.supplyAsync(() -> receive(url, request -> request.waitTimeSeconds(seconds)), threads);
    }

    /** Sees for a while that none of them is answered; by then the broker has read them. */
    private static void assertStayWaiting(List<CompletableFuture<List<Message>>> receives) {
        Awaitility.await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> receives.stream()
                .noneMatch(CompletableFuture::isDone));
    }

    @Test
    void whatIsThereIsReturnedAtOnce() {
        String url = queue();
        sendMany(url, numbered("m", 2));
        long began = System.nanoTime();
        assertThat(receive(url, request -> request.maxNumberOfMessages(3).waitTimeSeconds(20)))
                .hasSize(2);
        assertThat(elapsed(began)).isLessThan(SOON);
    }

    private static Duration elapsed(long beganNs) {
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }

    @Test
    void aSendWakesAWaitingReceive() throws Exception {
        String url = queue();
        CompletableFuture<List<Message>> waiting = waiting(url, 20);
        assertStayWaiting(List.of(waiting));
        long began = System.nanoTime();
        send(url, "wake up");
        assertThat(bodies(waiting.get(SOON.toSeconds(), TimeUnit.SECONDS))).containsExactly("wake up");
        assertThat(elapsed(began)).isLessThan(SOON);
    }

    @Test
    void theWaitOfTheQueueHoldsWhereTheReceiveNamesNone() throws Exception {
        String url = queue("ReceiveMessageWaitTimeSeconds", "20");
        CompletableFuture<List<Message>> waiting = CompletableFuture.supplyAsync(
                () -> sqs.receiveMessage(request -> request.queueUrl(url)).messages(), threads);
        assertStayWaiting(List.of(waiting));
        send(url, "here");
        assertThat(bodies(waiting.get(SOON.toSeconds(), TimeUnit.SECONDS))).containsExactly("here");
        long began = System.nanoTime();
        assertThat(receive(url)).as("a wait of zero in the request").isEmpty();
        assertThat(elapsed(began)).isLessThan(SOON);
    }

    @Test
    void aWaitThatBringsNothingEndsInTime() {
        String url = queue();
        long began = System.nanoTime();
        assertThat(receive(url, request -> request.waitTimeSeconds(1))).isEmpty();
        assertThat(elapsed(began)).isBetween(Duration.ofMillis(900), SOON);
    }

    @Test
    void eachMessageWakesOneOfMany() throws Exception {
        String url = queue();
        List<CompletableFuture<List<Message>>> waiting = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            waiting.add(waiting(url, 20));
        }
        assertStayWaiting(waiting);
        // Side by side, so that all are sent before a wait is over where each takes a while.
        List<CompletableFuture<?>> sends = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            String body = "m" + i;
            sends.add(CompletableFuture.runAsync(() -> send(url, body), threads));
        }
        for (CompletableFuture<?> sent : sends) {
            sent.get(60, TimeUnit.SECONDS);
        }
        List<String> received = new ArrayList<>();
        for (CompletableFuture<List<Message>> one : waiting) {
            // Whoever is awake takes what is there; then the others wait on.
            if (received.size() < WAITERS) {
                received.addAll(bodies(one.get(60, TimeUnit.SECONDS)));
            }
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(numbered("m", WAITERS));
    }

    @Test
    void aMessageWhoseTimeIsUpWakesAReceive() throws Exception {
        String url = queue("VisibilityTimeout", "1");
        send(url, "back");
        receiveOne(url);
        assertThat(bodies(waiting(url, 20).get(SOON.toSeconds(), TimeUnit.SECONDS)))
                .containsExactly("back");
    }

    @Test
    void aMessageWhoseDelayIsOverWakesAReceive() throws Exception {
        String url = queue();
        sqs.sendMessage(request -> request.queueUrl(url).messageBody("later").delaySeconds(1));
        assertThat(bodies(waiting(url, 20).get(SOON.toSeconds(), TimeUnit.SECONDS)))
                .containsExactly("later");
    }

    @Test
    void deletingTheQueueEndsTheWait() throws Exception {
        String url = queue();
        CompletableFuture<List<Message>> waiting = waiting(url, 20);
        assertStayWaiting(List.of(waiting));
        sqs.deleteQueue(request -> request.queueUrl(url));
        assertThat(waiting.handle((messages, failure) -> failure != null || messages.isEmpty())
                        .get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aClientThatIsGoneTakesNoMessageWithIt() throws Exception {
        String url = queue();
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket socket = new Socket(broker.host(), broker.port());
            clients.add(socket);
            socket.getOutputStream().write(longPoll(url));
            socket.getOutputStream().flush();
        }
        clients.get(9).setSoTimeout(300);
        assertThatThrownBy(() -> clients.get(9).getInputStream().read())
                .as("no answer yet")
                .isInstanceOf(SocketTimeoutException.class);
        for (Socket socket : clients) {
            leave(socket);
        }
        askEveryLoop();
        send(url, "nobody waits");
        assertThat(receiveOne(url).body()).isEqualTo("nobody waits");
    }

    /** Ends the connection and waits until the broker has seen that; before, it may answer whoever is gone. */
    private static void leave(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        socket.shutdownOutput();
        assertThat(socket.getInputStream().read())
                .as("the broker closes its side")
                .isEqualTo(-1);
        socket.close();
    }

    /** An event loop that has closed a connection has done what follows from that when it serves the next. */
    private void askEveryLoop() throws IOException {
        for (int i = 0; i < 8; i++) {
            try (Socket other = new Socket(broker.host(), broker.port())) {
                other.setSoTimeout(60_000);
                other.getOutputStream().write("GET /?Action=None HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(other.getInputStream().read()).isEqualTo('H');
            }
        }
    }

    private byte[] longPoll(String url) {
        String body = "{\"QueueUrl\":\"" + url + "\",\"WaitTimeSeconds\":20,\"VisibilityTimeout\":600}";
        return ("POST / HTTP/1.1\r\nHost: " + broker.host() + ":" + broker.port()
                        + "\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\nContent-Type: application/x-amz-json-1.0"
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
