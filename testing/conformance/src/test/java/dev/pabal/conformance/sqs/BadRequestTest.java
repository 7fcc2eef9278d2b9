package dev.pabal.conformance.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no SDK would send, over a socket. Other clients must not feel it. */
class BadRequestTest extends SqsTest {
    private static final int PATIENCE_MS = 60_000;

    BadRequestTest(SqsUnderTest broker) {
        super(broker);
    }

    @AfterEach
    void othersAreServed() {
        String url = queue();
        send(url, "still here");
        assertThat(bodies(url)).containsExactly("still here");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(broker.host(), broker.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Reads until the broker closes. */
    private static String readAll(Socket socket) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                read.write(b);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open after: " + read, e);
        } catch (SocketException e) {
            // A reset ends it too.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** What is answered up to and with {@code end}. */
    private static String readTo(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(end) < 0) {
            int b = in.read();
            assertThat(b).as("the connection closed after: %s", read).isNotNegative();
            read.append((char) b);
        }
        return read.toString();
    }

    private String answerTo(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            return readAll(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            })
    void whatIsNoHttpEndsTheConnection(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            socket.shutdownOutput();
            String answer = readAll(socket);
            assertThat(answer)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).startsWith("HTTP/1.1 4"),
                            text -> assertThat(text).startsWith("HTTP/1.1 505"));
        }
    }

    @Test
    void aLengthAndChunksTogetherAreRefusedAndTheConnectionEnds() throws IOException {
        String answer = answerTo("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n"
                + "X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\n{}\r\n0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void twoLengthsAreRefused() throws IOException {
        String answer = answerTo("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ");
        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void chunksAreRead() throws IOException {
        try (Socket socket = connect()) {
            write(
                    socket,
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n"
                            + "X-Amz-Target: AmazonSQS.ListQueues\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n");
            assertThat(readTo(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void hugeHeadersAreRefused() throws IOException {
        String answer = answerTo("GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(64 << 10) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @Test
    void aHugeAddressIsRefused() throws IOException {
        assertThat(answerTo("GET /?" + "x".repeat(64 << 10) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
        String answer = answerTo("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n"
                + "X-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 2000000000\r\n\r\n{");
        assertThat(answer).startsWith("HTTP/1.1 413");
    }

    @Test
    void endlessChunksAreRefused() throws IOException {
        try (Socket socket = connect()) {
            write(
                    socket,
                    "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            try {
                for (int i = 0; i < 400; i++) {
                    write(socket, chunk);
                }
            } catch (SocketException closed) {
                return;
            }
            assertThat(readAll(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void requestsInAPipelineAreAnsweredInOrder() throws IOException {
        try (Socket socket = connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                requests.append("GET /?Action=ListQueues&QueueNamePrefix=none").append(i);
                requests.append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            requests.append("GET /?Action=Last HTTP/1.1\r\nHost: x\r\n\r\n");
            write(socket, requests.toString());
            String answers = readTo(socket, "The action Last");
            assertThat(answers.split("<ListQueuesResponse", -1)).hasSize(6);
        }
    }

    @Test
    void aConnectionIsKeptUnlessItIsToBeClosed() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                write(socket, "GET /?Action=ListQueues&QueueNamePrefix=none HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readTo(socket, "</ListQueuesResponse>")).startsWith("HTTP/1.1 200");
            }
            write(
                    socket,
                    "GET /?Action=ListQueues&QueueNamePrefix=none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(readAll(socket)).endsWith("</ListQueuesResponse>");
        }
        assertThat(answerTo("GET /?Action=ListQueues&QueueNamePrefix=none HTTP/1.0\r\n\r\n"))
                .endsWith("</ListQueuesResponse>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "FROB"})
    void otherMethodsAreRefused(String method) throws IOException {
        String answer = answerTo(method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Action=SendMessage&QueueUrl=%",
                "Action=SendMessage&QueueUrl=%zz&MessageBody=x",
                "Action=%ff%fe",
                "&&&=&=",
                "Action",
                "Action=SendMessageBatch&SendMessageBatchRequestEntry.99999999999.Id=x",
                "Action=SendMessageBatch&SendMessageBatchRequestEntry..Id=x",
                "Action=ReceiveMessage&QueueUrl=/000000000000/none&MaxNumberOfMessages=ten",
            })
    void malformedFormsAreRefused(String form) throws IOException {
        String answer = answerTo("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Connection: close\r\nContent-Length: " + form.length() + "\r\n\r\n" + form);
        assertThat(answer).startsWith("HTTP/1.1 4").containsAnyOf("<Error>", "<UnknownOperationException");
    }

    @Test
    void aClientThatStopsInTheMiddleHoldsNobodyUp() throws IOException {
        try (Socket slow = connect()) {
            write(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"Que");
            othersAreServed();
        }
    }
}
